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
import io.jenkins.plugins.oauthmail.jobs.AccountChoice;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import jenkins.tasks.SimpleBuildStep;
import net.sf.json.JSONArray;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
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
 * Mails the result of a build. It runs after the recorders of a freestyle job, also when the agent is gone, and changes the result only if
 * the job asks for that: what goes wrong is a sentence in the build log.
 */
public final class OAuthMailNotifier extends Notifier implements SimpleBuildStep {
    static final String SYMBOL = "oauthMailNotify";

    private final String account;
    private String to;
    private boolean requestor;
    private boolean culprits;
    private boolean committers;
    private String when;
    private String subject;
    private String body;
    private String html;
    private String attachments;
    private String attachLog;
    private boolean failBuild;

    /** @param account id of the mail account to send with */
    @DataBoundConstructor
    public OAuthMailNotifier(String account) {
        this.account = Util.fixEmptyAndTrim(account);
    }

    @CheckForNull
    public String getAccount() {
        return account;
    }

    /** Addresses with commas, semicolons or line breaks between them, and with build variables; null for none. */
    @CheckForNull
    public String getTo() {
        return to;
    }

    @DataBoundSetter
    public void setTo(@CheckForNull String to) {
        this.to = Util.fixEmptyAndTrim(to);
    }

    /** Whether who asked for the build gets it too. */
    public boolean isRequestor() {
        return requestor;
    }

    @DataBoundSetter
    public void setRequestor(boolean requestor) {
        this.requestor = requestor;
    }

    /** Whether those get it too whom Jenkins counts as culprits. */
    public boolean isCulprits() {
        return culprits;
    }

    @DataBoundSetter
    public void setCulprits(boolean culprits) {
        this.culprits = culprits;
    }

    /** Whether everybody with a change since the last good build gets it too. */
    public boolean isCommitters() {
        return committers;
    }

    @DataBoundSetter
    public void setCommitters(boolean committers) {
        this.committers = committers;
    }

    /** Whether it is meant for more than fixed addresses. */
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
     * @throws IllegalArgumentException with a sentence for whoever wrote the job, if a name is unknown
     */
    @DataBoundSetter
    public void setWhen(@CheckForNull String when) {
        Set<NotifyWhen> occasions = NotifyWhen.parse(when);
        this.when = occasions.contains(NotifyWhen.ALWAYS) ? null : NotifyWhen.join(occasions);
    }

    /** For the form: whether one is ticked. */
    @Restricted(NoExternalUse.class) // Jelly
    public boolean isTicked(@NonNull NotifyWhen occasion) {
        return Arrays.asList(getWhen().split("\\W+")).contains(occasion.name());
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

    /** Plain text with build variables. Null for none, and for the report if there is no {@link #getHtml} either. */
    @CheckForNull
    public String getBody() {
        return body;
    }

    @DataBoundSetter
    public void setBody(@CheckForNull String body) {
        this.body = Util.fixEmptyAndTrim(body);
    }

    /** HTML with build variables, whose values are escaped. Null for none, as with {@link #getBody}. */
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

    /** As {@link io.jenkins.plugins.oauthmail.jobs.BuildLog#of} reads it; null for no log. */
    @CheckForNull
    public String getAttachLog() {
        return attachLog;
    }

    @DataBoundSetter
    public void setAttachLog(@CheckForNull String attachLog) {
        this.attachLog = Util.fixEmptyAndTrim(attachLog);
    }

    /** Whether a notification that cannot be sent fails the build. */
    public boolean isFailBuild() {
        return failBuild;
    }

    @DataBoundSetter
    public void setFailBuild(boolean failBuild) {
        this.failBuild = failBuild;
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

        /** The check boxes of the form; none of them ticked means always. */
        @NonNull
        @Restricted(DoNotUse.class) // Jelly only
        public List<NotifyWhen> getOccasions() {
            return List.copyOf(EnumSet.complementOf(EnumSet.of(NotifyWhen.ALWAYS)));
        }

        /** Whether addresses of people are known. */
        @Restricted(DoNotUse.class) // Jelly only
        public boolean isAddressBookInstalled() {
            return AddressBook.isInstalled();
        }

        /** The form has a check box for each occasion, so that several come as a list. */
        static JSONObject withOneText(JSONObject formData) {
            if (formData.opt("when") instanceof JSONArray several) {
                formData.put("when", several.join(",", true));
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

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckTo(
                @AncestorInPath Item item,
                @QueryParameter String value,
                @QueryParameter boolean requestor,
                @QueryParameter boolean culprits,
                @QueryParameter boolean committers) {
            return Recipients.check(item, value, requestor || culprits || committers);
        }
    }
}
