package io.jenkins.plugins.oauthmail.notifier;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.Extension;
import hudson.FilePath;
import hudson.Launcher;
import hudson.Util;
import hudson.model.AbstractProject;
import hudson.model.Item;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.tasks.BuildStepDescriptor;
import hudson.tasks.BuildStepMonitor;
import hudson.tasks.Notifier;
import hudson.tasks.Publisher;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.jobs.AccountChoice;
import io.jenkins.plugins.oauthmail.jobs.JobAccess;
import io.jenkins.plugins.oauthmail.jobs.MailDraft;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.tasks.SimpleBuildStep;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.DoNotUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * Mails the result of a build. It runs after the recorders, also when the agent is gone, and never changes the result:
 * what goes wrong is a sentence in the build log.
 */
public final class OAuthMailNotifier extends Notifier implements SimpleBuildStep {
    private static final Logger LOGGER = Logger.getLogger(OAuthMailNotifier.class.getName());

    private final String account;
    private final String to;
    private NotifyWhen when;
    private String subject;
    private String body;
    private String attachments;

    /**
     * @param account id of the mail account to send with
     * @param to recipients, separated by commas; build variables are filled in
     */
    @DataBoundConstructor
    public OAuthMailNotifier(String account, String to) {
        this.account = Util.fixEmptyAndTrim(account);
        this.to = Util.fixEmptyAndTrim(to);
    }

    @CheckForNull
    public String getAccount() {
        return account;
    }

    @CheckForNull
    public String getTo() {
        return to;
    }

    @NonNull
    public NotifyWhen getWhen() {
        return when == null ? NotifyWhen.ALWAYS : when;
    }

    @DataBoundSetter
    public void setWhen(NotifyWhen when) {
        this.when = when == NotifyWhen.ALWAYS ? null : when;
    }

    /** With build variables; null for job, build and result. */
    @CheckForNull
    public String getSubject() {
        return subject;
    }

    @DataBoundSetter
    public void setSubject(@CheckForNull String subject) {
        this.subject = Util.fixEmptyAndTrim(subject);
    }

    /** With build variables; null for a short report with a link to the build. */
    @CheckForNull
    public String getBody() {
        return body;
    }

    @DataBoundSetter
    public void setBody(@CheckForNull String body) {
        this.body = Util.fixEmptyAndTrim(body);
    }

    /** Ant patterns relative to the workspace; null for none. */
    @CheckForNull
    public String getAttachments() {
        return attachments;
    }

    @DataBoundSetter
    public void setAttachments(@CheckForNull String attachments) {
        this.attachments = Util.fixEmptyAndTrim(attachments);
    }

    @Override
    public boolean requiresWorkspace() {
        return false;
    }

    @Override
    public void perform(
            @NonNull Run<?, ?> run,
            @NonNull FilePath workspace,
            @NonNull EnvVars env,
            @NonNull Launcher launcher,
            @NonNull TaskListener listener)
            throws InterruptedException {
        notify(run, workspace, env, listener);
    }

    @Override
    public void perform(@NonNull Run<?, ?> run, @NonNull EnvVars env, @NonNull TaskListener listener)
            throws InterruptedException {
        notify(run, null, env, listener);
    }

    private void notify(Run<?, ?> run, @CheckForNull FilePath workspace, EnvVars env, TaskListener listener)
            throws InterruptedException {
        if (!getWhen().matches(run)) {
            listener.getLogger().println("OAuth Mail: no notification, as it is sent " + getWhen() + " only.");
            return;
        }
        try {
            draft(run, env).send(JobAccess.account(account, MailUse.SEND, run), workspace, listener);
        } catch (IOException failure) {
            listener.getLogger().println("OAuth Mail: " + failure.getMessage());
        } catch (RuntimeException unforeseen) {
            // Whatever it is, a build must not fail because its notification did.
            LOGGER.log(Level.WARNING, unforeseen, () -> "Notification of " + run.getExternalizableId() + " failed");
            listener.getLogger()
                    .println("OAuth Mail: the notification could not be sent; an administrator finds the reason in the"
                            + " system log.");
        }
    }

    private MailDraft draft(Run<?, ?> run, EnvVars env) {
        return new MailDraft(
                env.expand(to),
                null,
                null,
                null,
                null,
                subject == null ? BuildReport.subject(run) : env.expand(subject),
                body == null ? BuildReport.body(run) : env.expand(body),
                null,
                env.expand(attachments));
    }

    @Override
    public BuildStepMonitor getRequiredMonitorService() {
        return BuildStepMonitor.NONE;
    }

    /** Offers the notifier and its form. */
    @Extension
    @Symbol("oauthMailNotify")
    public static final class DescriptorImpl extends BuildStepDescriptor<Publisher> {
        @Override
        public boolean isApplicable(Class<? extends AbstractProject> jobType) {
            return true;
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.OAuthMailNotifier_displayName();
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public ListBoxModel doFillAccountItems(@AncestorInPath Item item, @QueryParameter String account) {
            return AccountChoice.options(MailUse.SEND, item, account);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckAccount(@AncestorInPath Item item, @QueryParameter String value) {
            return AccountChoice.check(item, value);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckTo(@AncestorInPath Item item, @QueryParameter String value) {
            return AccountChoice.checkAddresses(item, "to", value);
        }
    }
}
