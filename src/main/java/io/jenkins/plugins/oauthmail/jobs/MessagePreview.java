package io.jenkins.plugins.oauthmail.jobs;

import static io.jenkins.plugins.oauthmail.jobs.HtmlEscape.escape;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.User;
import hudson.util.FormValidation;
import io.jenkins.plugins.oauthmail.account.ActivitySource;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Shows the message that a form describes, or sends it to the user, who must be allowed to configure the job. */
@Restricted(NoExternalUse.class)
public final class MessagePreview {
    private static final Logger LOGGER = Logger.getLogger(MessagePreview.class.getName());

    private MessagePreview() {}

    /**
     * The content of a message.
     *
     * @param about what it is about, as a sentence above it
     * @param html null for none
     * @param text null if mail programs get one that is made of the HTML
     */
    public record Content(
            @NonNull String about,
            @NonNull String subject,
            @CheckForNull String html,
            @CheckForNull String text) {}

    /** Makes the content. */
    @FunctionalInterface
    public interface Renderer {
        /**
         * @return null if there is nothing to show yet
         * @throws IOException with a sentence for the user, for example because a field is not valid
         */
        @CheckForNull
        Content render(@NonNull Job<?, ?> job) throws IOException, InterruptedException;
    }

    /**
     * Shows the message.
     *
     * @param item the form's job; null if there is none
     * @param nothing the sentence if there is nothing to show yet
     */
    @NonNull
    public static FormValidation show(@CheckForNull Item item, @NonNull String nothing, @NonNull Renderer renderer) {
        return with(item, nothing, renderer, (job, content) -> shown(content));
    }

    /** Sends the message to the user, without attachments. */
    @NonNull
    public static FormValidation send(
            @CheckForNull Item item,
            @CheckForNull String account,
            @NonNull String nothing,
            @NonNull Renderer renderer) {
        return with(item, nothing, renderer, (job, content) -> sent(account, job, content));
    }

    private static FormValidation with(@CheckForNull Item item, String nothing, Renderer renderer, Answer answer) {
        if (!(item instanceof Job<?, ?> job)) {
            return Jenkins.get().hasPermission(Jenkins.READ)
                    ? FormValidation.warning(Messages.MessagePreview_noJob())
                    : FormValidation.ok();
        }
        job.checkPermission(Item.CONFIGURE);
        try {
            Content content = renderer.render(job);
            return content == null ? FormValidation.warning(nothing) : answer.of(job, content);
        } catch (IOException e) {
            return FormValidation.error(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FormValidation.error(Messages.MessagePreview_failed());
        } catch (RuntimeException | LinkageError unforeseen) {
            LOGGER.log(Level.WARNING, unforeseen, () -> "Cannot preview a message of " + job.getFullName());
            return FormValidation.error(Messages.MessagePreview_failed());
        }
    }

    @FunctionalInterface
    private interface Answer {
        FormValidation of(Job<?, ?> job, Content content) throws IOException, InterruptedException;
    }

    private static FormValidation shown(Content content) {
        StringBuilder page = new StringBuilder();
        // Form validation would have it in the color of success, which is too pale for that much text.
        page.append("<div style=\"color:var(--text-color)\"><p>")
                .append(escape(content.about()))
                .append("</p><p><strong>")
                .append(escape(Messages.MessagePreview_subject(content.subject())))
                .append("</strong></p>");
        String html = content.html();
        if (html != null) {
            // Without scripts, forms, and an origin of its own: the HTML may contain what strangers wrote.
            page.append("<iframe sandbox=\"\" referrerpolicy=\"no-referrer\" title=\"")
                    .append(escape(Messages.MessagePreview_html()))
                    .append(
                            "\" style=\"width:100%;height:28rem;border:1px solid #d0d7de;background:#ffffff\" srcdoc=\"")
                    .append(escape(html))
                    .append("\"></iframe>");
        }
        String text = content.text();
        page.append("<details><summary>")
                .append(escape(Messages.MessagePreview_text()))
                .append("</summary><pre style=\"white-space:pre-wrap\">")
                .append(escape(text == null ? Messages.MessagePreview_textOfHtml() : text))
                .append("</pre></details></div>");
        return FormValidation.okWithMarkup(page.toString());
    }

    private static FormValidation sent(@CheckForNull String accountId, Job<?, ?> job, Content content)
            throws IOException, InterruptedException {
        User user = User.current();
        String address = user == null ? null : AddressBook.find(user);
        if (address == null) {
            return FormValidation.warning(Messages.MessagePreview_noAddress());
        }
        MailAccount account = JobAccess.account(accountId, MailUse.SEND, job.getFullName());
        MailDraft draft = MailDraft.about(content.subject())
                .to(address)
                .text(content.text())
                .html(content.html())
                .by(MailOrigin.of(ActivitySource.PREVIEW, job))
                .build();
        return draft.sendWhileAPageWaits(account)
                ? FormValidation.ok(Messages.MessagePreview_sent(address))
                : FormValidation.ok(Messages.MessagePreview_sending(address));
    }
}
