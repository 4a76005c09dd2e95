package io.jenkins.plugins.oauthmail.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.Extension;
import hudson.FilePath;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.jobs.AccountChoice;
import io.jenkins.plugins.oauthmail.jobs.JobAccess;
import io.jenkins.plugins.oauthmail.jobs.MailDraft;
import io.jenkins.plugins.oauthmail.mail.SentMail;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.jenkinsci.plugins.workflow.steps.SynchronousNonBlockingStepExecution;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.DoNotUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * {@code oauthMailSend account: 'build-mail', to: 'team@contoso.com', subject: 'Done', body: 'All green.'}
 *
 * <p>Returns a map with {@code messageId}, {@code requestedMessageId}, {@code accepted} and {@code refused}.
 */
public final class OAuthMailSendStep extends Step implements Serializable {
    private static final long serialVersionUID = 1;

    private final String account;
    private String to;
    private String cc;
    private String bcc;
    private String replyTo;
    private String from;
    private String subject;
    private String body;
    private String html;
    private String attachments;

    /** @param account id of the mail account to send with */
    @DataBoundConstructor
    public OAuthMailSendStep(String account) {
        this.account = Util.fixEmptyAndTrim(account);
    }

    @CheckForNull
    public String getAccount() {
        return account;
    }

    @CheckForNull
    public String getTo() {
        return to;
    }

    @DataBoundSetter
    public void setTo(@CheckForNull String to) {
        this.to = Util.fixEmptyAndTrim(to);
    }

    @CheckForNull
    public String getCc() {
        return cc;
    }

    @DataBoundSetter
    public void setCc(@CheckForNull String cc) {
        this.cc = Util.fixEmptyAndTrim(cc);
    }

    @CheckForNull
    public String getBcc() {
        return bcc;
    }

    @DataBoundSetter
    public void setBcc(@CheckForNull String bcc) {
        this.bcc = Util.fixEmptyAndTrim(bcc);
    }

    @CheckForNull
    public String getReplyTo() {
        return replyTo;
    }

    @DataBoundSetter
    public void setReplyTo(@CheckForNull String replyTo) {
        this.replyTo = Util.fixEmptyAndTrim(replyTo);
    }

    @CheckForNull
    public String getFrom() {
        return from;
    }

    @DataBoundSetter
    public void setFrom(@CheckForNull String from) {
        this.from = Util.fixEmptyAndTrim(from);
    }

    @CheckForNull
    public String getSubject() {
        return subject;
    }

    @DataBoundSetter
    public void setSubject(@CheckForNull String subject) {
        this.subject = Util.fixEmpty(subject);
    }

    @CheckForNull
    public String getBody() {
        return body;
    }

    @DataBoundSetter
    public void setBody(@CheckForNull String body) {
        this.body = Util.fixEmpty(body);
    }

    @CheckForNull
    public String getHtml() {
        return html;
    }

    @DataBoundSetter
    public void setHtml(@CheckForNull String html) {
        this.html = Util.fixEmpty(html);
    }

    @CheckForNull
    public String getAttachments() {
        return attachments;
    }

    @DataBoundSetter
    public void setAttachments(@CheckForNull String attachments) {
        this.attachments = Util.fixEmptyAndTrim(attachments);
    }

    @Override
    public StepExecution start(StepContext context) {
        return new Execution(this, context);
    }

    private MailDraft draft() {
        return new MailDraft(to, cc, bcc, replyTo, from, Util.fixNull(subject), body, html, attachments);
    }

    private static final class Execution extends SynchronousNonBlockingStepExecution<Map<String, Object>> {
        private static final long serialVersionUID = 1;

        // A send that a restart interrupts is not taken up again: whether the mail has left cannot be known.
        @SuppressFBWarnings(value = "SE_TRANSIENT_FIELD_NOT_RESTORED", justification = "needed until run() only")
        private final transient OAuthMailSendStep step;

        Execution(OAuthMailSendStep step, StepContext context) {
            super(context);
            this.step = step;
        }

        @Override
        protected Map<String, Object> run() throws Exception {
            StepContext context = getContext();
            MailAccount account = JobAccess.account(step.account, MailUse.SEND, context.get(Run.class));
            return asMap(step.draft().send(account, context.get(FilePath.class), context.get(TaskListener.class)));
        }

        private static Map<String, Object> asMap(SentMail sent) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("messageId", sent.messageId());
            map.put("requestedMessageId", sent.requestedMessageId());
            map.put("accepted", new ArrayList<>(sent.accepted()));
            map.put("refused", new ArrayList<>(sent.refused()));
            return map;
        }
    }

    /** Offers the step and its form. */
    @Extension
    public static final class DescriptorImpl extends StepDescriptor {
        @Override
        public String getFunctionName() {
            return "oauthMailSend";
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.OAuthMailSendStep_displayName();
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class, TaskListener.class);
        }

        @Override
        public String argumentsToString(@NonNull Map<String, Object> namedArgs) {
            Object subject = namedArgs.get("subject");
            return subject instanceof String text ? text : null;
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
