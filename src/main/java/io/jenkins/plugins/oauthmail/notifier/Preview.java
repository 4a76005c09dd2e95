package io.jenkins.plugins.oauthmail.notifier;

import static io.jenkins.plugins.oauthmail.jobs.HtmlEscape.escape;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.Run;
import hudson.model.User;
import hudson.util.FormValidation;
import io.jenkins.plugins.oauthmail.account.ActivitySource;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.jobs.AddressBook;
import io.jenkins.plugins.oauthmail.jobs.JobAccess;
import io.jenkins.plugins.oauthmail.jobs.MailDraft;
import io.jenkins.plugins.oauthmail.jobs.MailOrigin;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/**
 * What a notifier would send about the last build of its job. Only variables that are the same for everybody are filled
 * in: parameters of others, and macros that read them, may contain what the user of the form must not see.
 */
final class Preview {
    private static final Logger LOGGER = Logger.getLogger(Preview.class.getName());

    private final OAuthMailNotifier notifier;
    private final Run<?, ?> build;

    private Preview(OAuthMailNotifier notifier, Run<?, ?> build) {
        this.notifier = notifier;
        this.build = build;
    }

    /**
     * Shows the message.
     *
     * @param item the form's job; null if there is none
     * @param notifier what the form holds
     */
    @NonNull
    static FormValidation show(@CheckForNull Item item, @NonNull OAuthMailNotifier notifier) {
        return with(item, notifier, Preview::shown);
    }

    /** Sends the message to the user. */
    @NonNull
    static FormValidation send(@CheckForNull Item item, @NonNull OAuthMailNotifier notifier) {
        return with(item, notifier, Preview::sent);
    }

    private static FormValidation with(@CheckForNull Item item, OAuthMailNotifier notifier, Answer answer) {
        if (!(item instanceof Job<?, ?> job)) {
            return Jenkins.get().hasPermission(Jenkins.READ)
                    ? FormValidation.warning(Messages.Preview_noJob())
                    : FormValidation.ok();
        }
        job.checkPermission(Item.CONFIGURE);
        Run<?, ?> build = job.getLastBuild();
        if (build == null) {
            return FormValidation.warning(Messages.Preview_noBuild());
        }
        try {
            return answer.of(new Preview(notifier, build));
        } catch (IOException e) {
            return FormValidation.error(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FormValidation.error(Messages.Preview_failed());
        } catch (RuntimeException | LinkageError unforeseen) {
            LOGGER.log(Level.WARNING, unforeseen, () -> "Cannot preview a notification about " + build);
            return FormValidation.error(Messages.Preview_failed());
        }
    }

    @FunctionalInterface
    private interface Answer {
        FormValidation of(Preview preview) throws IOException, InterruptedException;
    }

    private MailDraft draft() throws IOException, InterruptedException {
        return Notification.preview(notifier, build, variables())
                .by(MailOrigin.plugin(ActivitySource.PREVIEW))
                .build();
    }

    private EnvVars variables() {
        Job<?, ?> job = build.getParent();
        EnvVars variables = new EnvVars(
                "JOB_NAME",
                job.getFullName(),
                "JOB_BASE_NAME",
                job.getName(),
                "BUILD_NUMBER",
                Integer.toString(build.getNumber()),
                "BUILD_ID",
                Integer.toString(build.getNumber()),
                "BUILD_DISPLAY_NAME",
                build.getDisplayName(),
                "BUILD_TAG",
                "jenkins-" + job.getFullName().replace('/', '-') + "-" + build.getNumber());
        String root = Jenkins.get().getRootUrl();
        if (root != null) {
            variables.put("JENKINS_URL", root);
            variables.put("JOB_URL", root + job.getUrl());
            variables.put("BUILD_URL", root + build.getUrl());
        }
        return variables;
    }

    private FormValidation shown() throws IOException, InterruptedException {
        MailDraft draft = draft();
        StringBuilder page = new StringBuilder();
        page.append("<p>")
                .append(escape(Messages.Preview_about(build.getDisplayName())))
                .append("</p><p><strong>")
                .append(escape(Messages.Preview_subject(draft.subject())))
                .append("</strong></p>");
        String html = draft.html();
        if (html != null) {
            // Without scripts, forms, and an origin of its own: the HTML may contain what strangers wrote.
            page.append("<iframe sandbox=\"\" referrerpolicy=\"no-referrer\" title=\"")
                    .append(escape(Messages.Preview_html()))
                    .append(
                            "\" style=\"width:100%;height:28rem;border:1px solid #d0d7de;background:#ffffff\" srcdoc=\"")
                    .append(escape(html))
                    .append("\"></iframe>");
        }
        String text = draft.text();
        page.append("<details><summary>")
                .append(escape(Messages.Preview_text()))
                .append("</summary><pre style=\"white-space:pre-wrap\">")
                .append(escape(text == null ? Messages.Preview_textOfHtml() : text))
                .append("</pre></details>");
        return FormValidation.okWithMarkup(page.toString());
    }

    private FormValidation sent() throws IOException, InterruptedException {
        User user = User.current();
        String address = user == null ? null : AddressBook.find(user);
        if (address == null) {
            return FormValidation.warning(Messages.Preview_noAddress());
        }
        MailAccount account = JobAccess.account(
                notifier.getAccount(), MailUse.SEND, build.getParent().getFullName());
        MailDraft rendered = draft();
        MailDraft draft = MailDraft.about(rendered.subject())
                .to(address)
                .text(rendered.text())
                .html(rendered.html())
                .by(rendered.origin())
                .build();
        return draft.sendWhileAPageWaits(account)
                ? FormValidation.ok(Messages.Preview_sent(address))
                : FormValidation.ok(Messages.Preview_sending(address));
    }
}
