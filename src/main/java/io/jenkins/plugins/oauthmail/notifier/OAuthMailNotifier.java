package io.jenkins.plugins.oauthmail.notifier;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.AbortException;
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
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.jobs.AccountChoice;
import io.jenkins.plugins.oauthmail.jobs.AddressBook;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jenkins.tasks.SimpleBuildStep;
import net.sf.json.JSONArray;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.jenkinsci.plugins.structs.describable.CustomDescribableModel;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.DoNotUse;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/**
 * Sends the result of a build by mail. It runs after the recorders of a freestyle job, even if the agent is gone.
 * Failures are reported in the build log and change the build's result only if the job is configured so.
 */
@Restricted(NoExternalUse.class)
public final class OAuthMailNotifier extends Notifier implements SimpleBuildStep {
    static final String SYMBOL = "oauthMailNotify";

    private final String account;
    private String to;
    private String cc;
    private String bcc;
    private String from;
    private String replyTo;
    private boolean requestor;
    private boolean culprits;
    private boolean committers;
    private String when;
    private Integer everyFailures;
    private String subject;
    private String body;
    private String html;
    private String attachments;
    private String attachLog;
    private boolean failBuild;

    /** Null in jobs that were saved before there were any. */
    @CheckForNull
    private List<NotificationVariant> variants;

    /** @param account ID of the mail account to send with */
    @DataBoundConstructor
    public OAuthMailNotifier(String account) {
        this.account = Util.fixEmptyAndTrim(account);
    }

    @CheckForNull
    public String getAccount() {
        return account;
    }

    /** Addresses separated by commas, semicolons or line breaks, with build variables; null for none. */
    @CheckForNull
    public String getTo() {
        return to;
    }

    @DataBoundSetter
    public void setTo(@CheckForNull String to) {
        this.to = Util.fixEmptyAndTrim(to);
    }

    /** Recipients of a copy, in the format of {@link #getTo}; null for none. */
    @CheckForNull
    public String getCc() {
        return cc;
    }

    @DataBoundSetter
    public void setCc(@CheckForNull String cc) {
        this.cc = Util.fixEmptyAndTrim(cc);
    }

    /** Recipients that others do not see, in the format of {@link #getTo}; null for none. */
    @CheckForNull
    public String getBcc() {
        return bcc;
    }

    @DataBoundSetter
    public void setBcc(@CheckForNull String bcc) {
        this.bcc = Util.fixEmptyAndTrim(bcc);
    }

    /** The sender, one that the account lists; null for the account's address. */
    @CheckForNull
    public String getFrom() {
        return from;
    }

    @DataBoundSetter
    public void setFrom(@CheckForNull String from) {
        this.from = Util.fixEmptyAndTrim(from);
    }

    /** Where replies go, in the format of {@link #getTo}; null for the sender. */
    @CheckForNull
    public String getReplyTo() {
        return replyTo;
    }

    @DataBoundSetter
    public void setReplyTo(@CheckForNull String replyTo) {
        this.replyTo = Util.fixEmptyAndTrim(replyTo);
    }

    /** Whether to notify the user who started the build. */
    public boolean isRequestor() {
        return requestor;
    }

    @DataBoundSetter
    public void setRequestor(boolean requestor) {
        this.requestor = requestor;
    }

    /** Whether to notify those whom Jenkins considers culprits. */
    public boolean isCulprits() {
        return culprits;
    }

    @DataBoundSetter
    public void setCulprits(boolean culprits) {
        this.culprits = culprits;
    }

    /** Whether to notify everybody with a change since the last successful build. */
    public boolean isCommitters() {
        return committers;
    }

    @DataBoundSetter
    public void setCommitters(boolean committers) {
        this.committers = committers;
    }

    /** Whether users are notified in addition to fixed addresses. */
    boolean isForPeople() {
        return requestor || culprits || committers;
    }

    /** Names of {@link NotifyWhen}, separated by commas. */
    @NonNull
    public String getWhen() {
        return when == null ? NotifyWhen.ALWAYS.name() : when;
    }

    /**
     * @param when null or blank for {@link NotifyWhen#ALWAYS}
     * @throws IllegalArgumentException with a message for the author of the job, if a name is unknown
     */
    @DataBoundSetter
    public void setWhen(@CheckForNull String when) {
        Set<NotifyWhen> occasions = NotifyWhen.parse(when);
        this.when = occasions.contains(NotifyWhen.ALWAYS) ? null : NotifyWhen.join(occasions);
    }

    /** After how many failures in a row to send, and after each multiple of it; null for never. */
    @CheckForNull
    public Integer getEveryFailures() {
        return everyFailures;
    }

    /** @param everyFailures 1 or more; null or less for never */
    @DataBoundSetter
    public void setEveryFailures(@CheckForNull Integer everyFailures) {
        this.everyFailures = everyFailures == null || everyFailures < 1 ? null : everyFailures;
    }

    /** Whether no other occasion than {@link #getEveryFailures} was chosen. */
    boolean isForEveryFailuresOnly() {
        return everyFailures != null && when == null;
    }

    /** Whether the form's check box is selected. */
    @Restricted(NoExternalUse.class) // Jelly
    public boolean isTicked(@NonNull NotifyWhen occasion) {
        return occasion.isIn(getWhen());
    }

    /** The subject, with build variables; null for the default of job, build and result. */
    @CheckForNull
    public String getSubject() {
        return subject;
    }

    @DataBoundSetter
    public void setSubject(@CheckForNull String subject) {
        this.subject = Util.fixEmptyAndTrim(subject);
    }

    /** Plain text with build variables. Null for none, or for the report if {@link #getHtml} is null, too. */
    @CheckForNull
    public String getBody() {
        return body;
    }

    @DataBoundSetter
    public void setBody(@CheckForNull String body) {
        this.body = Util.fixEmptyAndTrim(body);
    }

    /** HTML with build variables, whose values are escaped. Null for none; see {@link #getBody}. */
    @CheckForNull
    public String getHtml() {
        return html;
    }

    @DataBoundSetter
    public void setHtml(@CheckForNull String html) {
        this.html = Util.fixEmptyAndTrim(html);
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

    /** In the format of {@link io.jenkins.plugins.oauthmail.jobs.BuildLog#of}; null for no log. */
    @CheckForNull
    public String getAttachLog() {
        return attachLog;
    }

    @DataBoundSetter
    public void setAttachLog(@CheckForNull String attachLog) {
        this.attachLog = Util.fixEmptyAndTrim(attachLog);
    }

    /** Whether the build fails if the notification cannot be sent. */
    public boolean isFailBuild() {
        return failBuild;
    }

    @DataBoundSetter
    public void setFailBuild(boolean failBuild) {
        this.failBuild = failBuild;
    }

    /** What is different after certain builds; the first one that matches is used. */
    @NonNull
    public List<NotificationVariant> getVariants() {
        return variants == null ? List.of() : List.copyOf(variants);
    }

    @DataBoundSetter
    public void setVariants(@CheckForNull List<NotificationVariant> variants) {
        this.variants = variants == null || variants.isEmpty() ? null : new ArrayList<>(variants);
    }

    /** This with the values of a variant, and without variants. */
    @NonNull
    OAuthMailNotifier with(@NonNull NotificationVariant variant) {
        OAuthMailNotifier changed = copy();
        changed.when = variant.getWhen();
        changed.everyFailures = null;
        if (variant.getTo() != null) {
            changed.to = variant.getTo();
        }
        if (variant.getSubject() != null) {
            changed.subject = variant.getSubject();
        }
        if (variant.getBody() != null || variant.getHtml() != null) {
            // Together, or a mail program would show the one or the other.
            changed.body = variant.getBody();
            changed.html = variant.getHtml();
        }
        return changed;
    }

    /** What a form holds that matters for the content. */
    @NonNull
    static OAuthMailNotifier typed(
            @CheckForNull String account,
            @CheckForNull String subject,
            @CheckForNull String body,
            @CheckForNull String html) {
        OAuthMailNotifier typed = new OAuthMailNotifier(account);
        typed.setSubject(subject);
        typed.setBody(body);
        typed.setHtml(html);
        return typed;
    }

    /** This with the defaults for all jobs in place of what is empty, and without variants. */
    @NonNull
    OAuthMailNotifier withDefaults(@NonNull OAuthMailConfiguration defaults) {
        OAuthMailNotifier complete = copy();
        if (to == null && cc == null && bcc == null && !isForPeople()) {
            complete.to = defaults.getDefaultRecipients();
        }
        if (subject == null) {
            complete.subject = defaults.getDefaultSubject();
        }
        if (body == null && html == null) {
            complete.body = defaults.getDefaultBody();
            complete.html = defaults.getDefaultHtml();
        }
        return complete;
    }

    private OAuthMailNotifier copy() {
        OAuthMailNotifier copy = new OAuthMailNotifier(account);
        copy.to = to;
        copy.cc = cc;
        copy.bcc = bcc;
        copy.from = from;
        copy.replyTo = replyTo;
        copy.requestor = requestor;
        copy.culprits = culprits;
        copy.committers = committers;
        copy.when = when;
        copy.everyFailures = everyFailures;
        copy.subject = subject;
        copy.body = body;
        copy.html = html;
        copy.attachments = attachments;
        copy.attachLog = attachLog;
        copy.failBuild = failBuild;
        return copy;
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
            throws InterruptedException, AbortException {
        new Notification(this, run, workspace, env, listener).sendIfDue();
    }

    @Override
    public void perform(@NonNull Run<?, ?> run, @NonNull EnvVars env, @NonNull TaskListener listener)
            throws InterruptedException, AbortException {
        new Notification(this, run, null, env, listener).sendIfDue();
    }

    @Override
    public BuildStepMonitor getRequiredMonitorService() {
        return BuildStepMonitor.NONE;
    }

    /** Offers the notifier and its form. */
    @Extension
    @Symbol(OAuthMailNotifier.SYMBOL)
    public static final class DescriptorImpl extends BuildStepDescriptor<Publisher> implements CustomDescribableModel {
        /** For the {@code step} step: accepts what {@link OAuthMailNotifyStep} accepts. */
        @NonNull
        @Override
        public Map<String, Object> customInstantiate(@NonNull Map<String, Object> arguments) {
            return NotificationVariant.asText(arguments);
        }

        @Override
        public boolean isApplicable(Class<? extends AbstractProject> jobType) {
            return true;
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.OAuthMailNotifier_displayName();
        }

        /** The check boxes of the form; always if none is selected. */
        @NonNull
        @Restricted(DoNotUse.class) // Jelly only
        public List<NotifyWhen> getOccasions() {
            return List.copyOf(EnumSet.complementOf(EnumSet.of(NotifyWhen.ALWAYS)));
        }

        /** Whether email addresses of users are available. */
        @Restricted(DoNotUse.class) // Jelly only
        public boolean isAddressBookInstalled() {
            return AddressBook.isInstalled();
        }

        /** Joins the occasions selected in the form: with a check box for each, several arrive as a list. */
        static JSONObject withOneText(JSONObject formData) {
            if (formData.opt("when") instanceof JSONArray several) {
                formData.put("when", several.join(",", true));
            }
            Object variants = formData.opt("variants");
            if (variants instanceof JSONObject one) {
                withOneText(one);
            } else if (variants instanceof JSONArray several) {
                several.forEach(each -> withOneText((JSONObject) each));
            }
            return formData;
        }

        @Override
        public Publisher newInstance(@Nullable StaplerRequest2 req, @NonNull JSONObject formData) throws FormException {
            return super.newInstance(req, withOneText(formData));
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

        /** Shows what would be sent about the last build. */
        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doPreview(
                @AncestorInPath Item item,
                @QueryParameter String subject,
                @QueryParameter String body,
                @QueryParameter String html) {
            return Preview.show(item, typed(null, subject, body, html), null);
        }

        /** Sends that to the user. */
        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doSendToMe(
                @AncestorInPath Item item,
                @QueryParameter String account,
                @QueryParameter String subject,
                @QueryParameter String body,
                @QueryParameter String html) {
            return Preview.send(item, typed(account, subject, body, html), null);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckCc(@AncestorInPath Item item, @QueryParameter String value) {
            return Recipients.checkOptional(item, value);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckBcc(@AncestorInPath Item item, @QueryParameter String value) {
            return Recipients.checkOptional(item, value);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckReplyTo(@AncestorInPath Item item, @QueryParameter String value) {
            return Recipients.checkOptional(item, value);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckTo(
                @AncestorInPath Item item,
                @QueryParameter String value,
                @QueryParameter String cc,
                @QueryParameter String bcc,
                @QueryParameter boolean requestor,
                @QueryParameter boolean culprits,
                @QueryParameter boolean committers) {
            boolean others = Util.fixEmptyAndTrim(cc) != null || Util.fixEmptyAndTrim(bcc) != null;
            boolean someone = OAuthMailConfiguration.get().getDefaultRecipients() != null;
            return requestor || culprits || committers || others || someone
                    ? Recipients.checkOptional(item, value)
                    : Recipients.check(item, value);
        }
    }
}
