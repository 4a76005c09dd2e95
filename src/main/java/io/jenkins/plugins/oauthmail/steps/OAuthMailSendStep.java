package io.jenkins.plugins.oauthmail.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.oauthmail.account.ActivitySource;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.jobs.AccountChoice;
import io.jenkins.plugins.oauthmail.jobs.BuildLog;
import io.jenkins.plugins.oauthmail.jobs.DraftHeaders;
import io.jenkins.plugins.oauthmail.jobs.MailDraft;
import io.jenkins.plugins.oauthmail.jobs.MailOrigin;
import io.jenkins.plugins.oauthmail.jobs.TextArguments;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.DoNotUse;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * {@code oauthMailSend account: 'build-mail', to: 'team@contoso.com', subject: 'Done', body: 'All green.'}
 *
 * <p>Returns a map with {@code messageId}, {@code requestedMessageId}, {@code otherMessageIds}, {@code accepted},
 * {@code refused} and {@code uncertain}.
 */
@Restricted(NoExternalUse.class)
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
    private String attachLog;
    private String inReplyTo;
    private String headers;
    private String importance;

    /** @param account ID of the mail account to send with */
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

    /** See {@link BuildLog#of}. */
    @CheckForNull
    public String getAttachLog() {
        return attachLog;
    }

    /** @param attachLog any type, because Declarative rejects a number or a boolean where it sees a text */
    @DataBoundSetter
    public void setAttachLog(@CheckForNull Object attachLog) {
        this.attachLog = attachLog == null ? null : Util.fixEmptyAndTrim(attachLog.toString());
    }

    /** Message IDs of the conversation, ending with the message to reply to. */
    @CheckForNull
    public String getInReplyTo() {
        return inReplyTo;
    }

    @DataBoundSetter
    public void setInReplyTo(@CheckForNull String inReplyTo) {
        this.inReplyTo = Util.fixEmptyAndTrim(inReplyTo);
    }

    /** One {@code Name: value} per line. */
    @CheckForNull
    public String getHeaders() {
        return headers;
    }

    @DataBoundSetter
    public void setHeaders(@CheckForNull String headers) {
        this.headers = Util.fixEmptyAndTrim(headers);
    }

    /** {@code high}, {@code normal} or {@code low}; null for none. */
    @CheckForNull
    public String getImportance() {
        return importance;
    }

    @DataBoundSetter
    public void setImportance(@CheckForNull String importance) {
        this.importance = Util.fixEmptyAndTrim(importance);
    }

    @Override
    public StepExecution start(StepContext context) {
        return new SendExecution(this, context);
    }

    /** @param secrets see {@link MailOrigin#secrets} */
    MailDraft draft(Run<?, ?> build, List<String> secrets) throws AbortException {
        return MailDraft.about(Util.fixNull(subject))
                .to(to)
                .cc(cc)
                .bcc(bcc)
                .replyTo(replyTo)
                .from(from)
                .text(body)
                .html(html)
                .attachments(attachments)
                .headers(new DraftHeaders(inReplyTo, importance, headers))
                .log(BuildLog.of(attachLog, build))
                .by(MailOrigin.of(ActivitySource.SEND_STEP, build).hiding(secrets))
                .build();
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

        /**
         * Accepts lists, arrays, numbers and booleans, and a map of headers, as well as the text that a form gives.
         */
        @Override
        public Step newInstance(Map<String, Object> arguments) throws Exception {
            return super.newInstance(TextArguments.asText(arguments));
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class, TaskListener.class);
        }

        @Override
        public String argumentsToString(@NonNull Map<String, Object> namedArgs) {
            Object subject = namedArgs.get("subject");
            return subject instanceof CharSequence text ? text.toString() : null;
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public ListBoxModel doFillAccountItems(@AncestorInPath Item item, @QueryParameter String account) {
            return AccountChoice.options(MailUse.SEND, item, account);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckAccount(@AncestorInPath Item item, @QueryParameter String value) {
            return AccountChoice.check(MailUse.SEND, item, value);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckTo(@AncestorInPath Item item, @QueryParameter String value) {
            return AccountChoice.checkAddresses(item, "to", value);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckCc(@AncestorInPath Item item, @QueryParameter String value) {
            return AccountChoice.checkAddresses(item, "cc", value);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckBcc(@AncestorInPath Item item, @QueryParameter String value) {
            return AccountChoice.checkAddresses(item, "bcc", value);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckReplyTo(@AncestorInPath Item item, @QueryParameter String value) {
            return AccountChoice.checkAddresses(item, "replyTo", value);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckFrom(@AncestorInPath Item item, @QueryParameter String value) {
            return AccountChoice.checkAddresses(item, "from", value);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public ListBoxModel doFillImportanceItems(@AncestorInPath Item item) {
            if (!AccountChoice.mayConfigure(item)) {
                return new ListBoxModel();
            }
            return new ListBoxModel(
                    new ListBoxModel.Option(Messages.OAuthMailSendStep_importance_none(), ""),
                    new ListBoxModel.Option(Messages.OAuthMailSendStep_importance_high(), "high"),
                    new ListBoxModel.Option(Messages.OAuthMailSendStep_importance_normal(), "normal"),
                    new ListBoxModel.Option(Messages.OAuthMailSendStep_importance_low(), "low"));
        }
    }
}
