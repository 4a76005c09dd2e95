package io.jenkins.plugins.oauthmail.notifier;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.Extension;
import hudson.FilePath;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.oauthmail.jobs.BoundSecrets;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jenkins.model.Jenkins;
import net.sf.json.JSONObject;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.jenkinsci.plugins.workflow.steps.SynchronousNonBlockingStepExecution;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.DoNotUse;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.StaplerRequest2;

/**
 * {@link OAuthMailNotifier} in a pipeline: {@code oauthMailNotify account: 'build-mail', to: 'team@contoso.com'}. The
 * {@code step} step could run it as a {@code SimpleBuildStep}, too, but not in a {@code node} whose agent is lost,
 * because it fails without a workspace.
 */
@Restricted(NoExternalUse.class)
public final class OAuthMailNotifyStep extends Step {
    private final OAuthMailNotifier notifier;

    /** The error message for the value that {@link #setWhen} rejected. */
    private String mistyped;

    /** @param account ID of the mail account to send with */
    @DataBoundConstructor
    public OAuthMailNotifyStep(String account) {
        this.notifier = new OAuthMailNotifier(account);
    }

    public String getAccount() {
        return notifier.getAccount();
    }

    public String getTo() {
        return notifier.getTo();
    }

    @DataBoundSetter
    public void setTo(String to) {
        notifier.setTo(to);
    }

    public String getCc() {
        return notifier.getCc();
    }

    @DataBoundSetter
    public void setCc(String cc) {
        notifier.setCc(cc);
    }

    public String getBcc() {
        return notifier.getBcc();
    }

    @DataBoundSetter
    public void setBcc(String bcc) {
        notifier.setBcc(bcc);
    }

    public String getFrom() {
        return notifier.getFrom();
    }

    @DataBoundSetter
    public void setFrom(String from) {
        notifier.setFrom(from);
    }

    public String getReplyTo() {
        return notifier.getReplyTo();
    }

    @DataBoundSetter
    public void setReplyTo(String replyTo) {
        notifier.setReplyTo(replyTo);
    }

    public boolean isRequestor() {
        return notifier.isRequestor();
    }

    @DataBoundSetter
    public void setRequestor(boolean requestor) {
        notifier.setRequestor(requestor);
    }

    public boolean isCulprits() {
        return notifier.isCulprits();
    }

    @DataBoundSetter
    public void setCulprits(boolean culprits) {
        notifier.setCulprits(culprits);
    }

    public boolean isCommitters() {
        return notifier.isCommitters();
    }

    @DataBoundSetter
    public void setCommitters(boolean committers) {
        notifier.setCommitters(committers);
    }

    public String getWhen() {
        return notifier.getWhen();
    }

    /**
     * An unknown name is reported when the step starts, since an exception here would be a stack trace in the build
     * log.
     */
    @DataBoundSetter
    public void setWhen(String when) {
        mistyped = null;
        try {
            notifier.setWhen(when);
        } catch (IllegalArgumentException unknown) {
            mistyped = when;
        }
    }

    public Integer getEveryFailures() {
        return notifier.getEveryFailures();
    }

    @DataBoundSetter
    public void setEveryFailures(Integer everyFailures) {
        notifier.setEveryFailures(everyFailures);
    }

    public String getSubject() {
        return notifier.getSubject();
    }

    @DataBoundSetter
    public void setSubject(String subject) {
        notifier.setSubject(subject);
    }

    public String getBody() {
        return notifier.getBody();
    }

    @DataBoundSetter
    public void setBody(String body) {
        notifier.setBody(body);
    }

    public String getHtml() {
        return notifier.getHtml();
    }

    @DataBoundSetter
    public void setHtml(String html) {
        notifier.setHtml(html);
    }

    public String getAttachments() {
        return notifier.getAttachments();
    }

    @DataBoundSetter
    public void setAttachments(String attachments) {
        notifier.setAttachments(attachments);
    }

    public String getAttachLog() {
        return notifier.getAttachLog();
    }

    /** @param attachLog any type, because Declarative rejects a number or a boolean where it sees a text */
    @DataBoundSetter
    public void setAttachLog(Object attachLog) {
        notifier.setAttachLog(attachLog == null ? null : attachLog.toString());
    }

    public boolean isFailBuild() {
        return notifier.isFailBuild();
    }

    @DataBoundSetter
    public void setFailBuild(boolean failBuild) {
        notifier.setFailBuild(failBuild);
    }

    public List<NotificationVariant> getVariants() {
        return notifier.getVariants();
    }

    @DataBoundSetter
    public void setVariants(List<NotificationVariant> variants) {
        notifier.setVariants(variants);
    }

    /** Whether the form's check box is selected. */
    @Restricted(DoNotUse.class) // Jelly only
    public boolean isTicked(@NonNull NotifyWhen occasion) {
        return notifier.isTicked(occasion);
    }

    @Override
    public StepExecution start(StepContext context) throws AbortException {
        try {
            NotifyWhen.parse(mistyped);
            notifier.getVariants().forEach(NotificationVariant::occasions);
        } catch (IllegalArgumentException unknown) {
            throw new AbortException(unknown.getMessage());
        }
        return new Execution(notifier, context);
    }

    private static final class Execution extends SynchronousNonBlockingStepExecution<Void> {
        private static final long serialVersionUID = 1;

        // Not resumed after a restart, because it is unknown whether the message was sent.
        @SuppressFBWarnings(value = "SE_TRANSIENT_FIELD_NOT_RESTORED", justification = "needed until run() only")
        private final transient OAuthMailNotifier notifier;

        Execution(OAuthMailNotifier notifier, StepContext context) {
            super(context);
            this.notifier = notifier;
        }

        @Override
        protected Void run() throws Exception {
            Run<?, ?> build = getContext().get(Run.class);
            TaskListener listener = getContext().get(TaskListener.class);
            EnvVars variables = unlessAgentIsGone(EnvVars.class);
            Notification notification = new Notification(
                            notifier,
                            build,
                            unlessAgentIsGone(FilePath.class),
                            variables == null ? variables(build, listener) : variables,
                            listener)
                    .hiding(BoundSecrets.of(getContext()));
            try {
                notification.sendIfDue();
            } catch (AbortException failure) {
                if (Thread.currentThread().isInterrupted()) {
                    // The step has failed with the interruption, and nothing but the log can tell what became of it.
                    listener.getLogger().println(failure.getMessage());
                }
                throw failure;
            }
            return null;
        }

        /** Other plugins contribute to them, and their failures must not prevent the message. */
        private static EnvVars variables(Run<?, ?> build, TaskListener listener) throws InterruptedException {
            try {
                return build.getEnvironment(listener);
            } catch (IOException | RuntimeException | LinkageError e) {
                listener.getLogger().println(Messages.OAuthMailNotifyStep_noVariables(OptionalPart.reason(e)));
                return new EnvVars();
            }
        }

        @CheckForNull
        private <T> T unlessAgentIsGone(Class<T> type) throws InterruptedException {
            try {
                return getContext().get(type);
            } catch (IOException | RuntimeException gone) {
                return null;
            }
        }
    }

    /**
     * Offers the step; form, checks and help are those of the notifier. The snippet generator keeps the first of
     * several entries with the same name, so this one must come before the {@code step} step, through which it finds the
     * notifier.
     */
    @Extension(ordinal = 1)
    public static final class DescriptorImpl extends StepDescriptor {
        @Override
        public String getFunctionName() {
            return OAuthMailNotifier.SYMBOL;
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.OAuthMailNotifier_displayName();
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class, TaskListener.class);
        }

        @Override
        public String argumentsToString(@NonNull Map<String, Object> namedArgs) {
            return namedArgs.get("subject") instanceof CharSequence subject ? subject.toString() : null;
        }

        /** The descriptor whose form is shown. */
        @Restricted(DoNotUse.class) // Jelly only
        public OAuthMailNotifier.DescriptorImpl getNotifier() {
            return (OAuthMailNotifier.DescriptorImpl) Jenkins.get().getDescriptorOrDie(OAuthMailNotifier.class);
        }

        /** Accepts lists, arrays, numbers and booleans as well as the text that a form gives. */
        @Override
        public Step newInstance(Map<String, Object> arguments) throws Exception {
            return super.newInstance(NotificationVariant.asText(arguments));
        }

        @Override
        public Step newInstance(@Nullable StaplerRequest2 req, @NonNull JSONObject formData) throws FormException {
            return super.newInstance(req, OAuthMailNotifier.DescriptorImpl.withOneText(formData));
        }
    }
}
