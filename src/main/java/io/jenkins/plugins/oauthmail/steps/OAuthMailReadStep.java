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
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.jobs.AccountChoice;
import io.jenkins.plugins.oauthmail.mail.MailQuery;
import java.io.Serializable;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.DoNotUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * {@code def mails = oauthMailRead account: 'build-mail', unseen: true, subject: 'Approve'}
 *
 * <p>Returns a list of maps, newest mail first; see {@link io.jenkins.plugins.oauthmail.mail.ReceivedMail}.
 */
public final class OAuthMailReadStep extends Step implements Serializable {
    private static final long serialVersionUID = 1;

    private final String account;
    private String folder;
    private boolean unseen;
    private String from;
    private String subject;
    private String since;
    private Integer limit;
    private String saveAttachments;

    /** @param account id of the mail account to read */
    @DataBoundConstructor
    public OAuthMailReadStep(String account) {
        this.account = Util.fixEmptyAndTrim(account);
    }

    @CheckForNull
    public String getAccount() {
        return account;
    }

    /** The folder's full name; INBOX unless set. */
    @NonNull
    public String getFolder() {
        return folder == null ? MailQuery.INBOX : folder;
    }

    @DataBoundSetter
    public void setFolder(@CheckForNull String folder) {
        String name = Util.fixEmptyAndTrim(folder);
        this.folder = MailQuery.INBOX.equals(name) ? null : name;
    }

    public boolean isUnseen() {
        return unseen;
    }

    @DataBoundSetter
    public void setUnseen(boolean unseen) {
        this.unseen = unseen;
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
        this.subject = Util.fixEmptyAndTrim(subject);
    }

    /** ISO-8601 date or time; null for any. */
    @CheckForNull
    public String getSince() {
        return since;
    }

    @DataBoundSetter
    public void setSince(@CheckForNull String since) {
        this.since = Util.fixEmptyAndTrim(since);
    }

    public int getLimit() {
        return limit == null ? MailQuery.DEFAULT_LIMIT : limit;
    }

    @DataBoundSetter
    public void setLimit(int limit) {
        this.limit = limit == MailQuery.DEFAULT_LIMIT ? null : limit;
    }

    /** The folder of the workspace to save attachments in; null if they are not to be saved. */
    @CheckForNull
    public String getSaveAttachments() {
        return saveAttachments;
    }

    @DataBoundSetter
    public void setSaveAttachments(@CheckForNull String saveAttachments) {
        this.saveAttachments = Util.fixEmptyAndTrim(saveAttachments);
    }

    @Override
    public StepExecution start(StepContext context) {
        return new MailReading(this, context);
    }

    /** What to look for, checked. */
    MailQuery query() throws AbortException {
        Instant earliest = since == null ? null : Since.parse(since);
        try {
            return new MailQuery(getFolder(), unseen, from, subject, earliest, getLimit());
        } catch (IllegalArgumentException e) {
            throw new AbortException(e.getMessage());
        }
    }

    /** Offers the step and its form. */
    @Extension
    public static final class DescriptorImpl extends StepDescriptor {
        @Override
        public String getFunctionName() {
            return "oauthMailRead";
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.OAuthMailReadStep_displayName();
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class, TaskListener.class);
        }

        @Override
        public String argumentsToString(@NonNull Map<String, Object> namedArgs) {
            Object account = namedArgs.get("account");
            return account instanceof String id ? id : null;
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public ListBoxModel doFillAccountItems(@AncestorInPath Item item, @QueryParameter String account) {
            return AccountChoice.options(MailUse.READ, item, account);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckLimit(@QueryParameter String value) {
            return FormValidation.validateIntegerInRange(value, 1, MailQuery.MAX_LIMIT);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckAccount(@AncestorInPath Item item, @QueryParameter String value) {
            return AccountChoice.check(item, value);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckSince(@QueryParameter String value) {
            OAuthMailReadStep step = new OAuthMailReadStep(null);
            step.setSince(value);
            try {
                step.query();
                return FormValidation.ok();
            } catch (AbortException e) {
                return FormValidation.error(e.getMessage());
            }
        }
    }
}
