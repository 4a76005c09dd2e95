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
import io.jenkins.plugins.oauthmail.jobs.ListArgument;
import io.jenkins.plugins.oauthmail.jobs.TimeSpan;
import io.jenkins.plugins.oauthmail.mail.model.AddressPattern;
import io.jenkins.plugins.oauthmail.mail.model.MailChange;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * {@code def mails = oauthMailRead account: 'build-mail', unseen: true, subject: 'Approve'}
 *
 * <p>Returns a list of maps, newest message first; see {@link io.jenkins.plugins.oauthmail.mail.model.ReceivedMail}.
 */
@Restricted(NoExternalUse.class)
public final class OAuthMailReadStep extends MailFilterStep {
    private static final long serialVersionUID = 1;
    private static final String FAIL = "fail";
    private static final String EMPTY = "empty";

    private final String account;
    private Object headers;
    /** Null for true, also in pipelines that were started before there was a choice. */
    private Boolean bodies;

    private Boolean html;
    private String saveAttachments;
    private boolean markSeen;
    private String moveTo;
    private boolean delete;
    private String waitFor;
    private Integer count;
    private String onTimeout;

    /** @param account ID of the mail account to read */
    @DataBoundConstructor
    public OAuthMailReadStep(String account) {
        this.account = Util.fixEmptyAndTrim(account);
    }

    @CheckForNull
    public String getAccount() {
        return account;
    }

    /** Names of header fields or a list of them; null for none. */
    @CheckForNull
    public Object getHeaders() {
        return headers;
    }

    @DataBoundSetter
    public void setHeaders(@CheckForNull Object headers) {
        this.headers = ListArgument.kept(headers);
    }

    /** Whether to return bodies. */
    public boolean isBodies() {
        return bodies == null;
    }

    @DataBoundSetter
    public void setBodies(boolean bodies) {
        this.bodies = bodies ? null : Boolean.FALSE;
    }

    /** Whether to return the HTML body of messages that have a plain text body as well. */
    public boolean isHtml() {
        return html == null;
    }

    @DataBoundSetter
    public void setHtml(boolean html) {
        this.html = html ? null : Boolean.FALSE;
    }

    /** The directory of the workspace to save attachments in; null to save none. */
    @CheckForNull
    public String getSaveAttachments() {
        return saveAttachments;
    }

    @DataBoundSetter
    public void setSaveAttachments(@CheckForNull String saveAttachments) {
        this.saveAttachments = Util.fixEmptyAndTrim(saveAttachments);
    }

    public boolean isMarkSeen() {
        return markSeen;
    }

    @DataBoundSetter
    public void setMarkSeen(boolean markSeen) {
        this.markSeen = markSeen;
    }

    @CheckForNull
    public String getMoveTo() {
        return moveTo;
    }

    @DataBoundSetter
    public void setMoveTo(@CheckForNull String moveTo) {
        this.moveTo = Util.fixEmptyAndTrim(moveTo);
    }

    public boolean isDelete() {
        return delete;
    }

    @DataBoundSetter
    public void setDelete(boolean delete) {
        this.delete = delete;
    }

    /** How long to wait for messages, such as {@code 2h}; null not to wait. */
    @CheckForNull
    public String getWaitFor() {
        return waitFor;
    }

    @DataBoundSetter
    public void setWaitFor(@CheckForNull String waitFor) {
        this.waitFor = Util.fixEmptyAndTrim(waitFor);
    }

    /** The number of messages to wait for. */
    public int getCount() {
        return count == null ? 1 : count;
    }

    @DataBoundSetter
    public void setCount(int count) {
        this.count = count == 1 ? null : count;
    }

    /** {@code fail}, or {@code empty} to return an empty list. */
    @NonNull
    public String getOnTimeout() {
        return onTimeout == null ? FAIL : onTimeout;
    }

    @DataBoundSetter
    public void setOnTimeout(@CheckForNull String onTimeout) {
        String chosen = Util.fixEmptyAndTrim(onTimeout);
        this.onTimeout = FAIL.equals(chosen) ? null : chosen;
    }

    boolean isEmptyOnTimeout() {
        return EMPTY.equals(onTimeout);
    }

    @Override
    public StepExecution start(StepContext context) throws AbortException {
        if (waitFor == null || account == null) {
            // Without an account the step fails at once, as any read does.
            return new ReadMailExecution(this, context);
        }
        if (saveAttachments != null) {
            throw new AbortException(Messages.OAuthMailReadStep_saveLater());
        }
        if (count != null && (count < 1 || count > getLimit())) {
            throw new AbortException(Messages.OAuthMailReadStep_count(getLimit()));
        }
        if (onTimeout != null && !EMPTY.equals(onTimeout)) {
            throw new AbortException(Messages.OAuthMailReadStep_onTimeout(onTimeout));
        }
        query();
        change();
        return new WaitForMailExecution(this, account, waitFor, context);
    }

    /** Builds and validates the query, including the headers to return. */
    MailQuery query() throws AbortException {
        List<String> wanted = ListArgument.words("headers", headers);
        return filter().query(query -> query.headers(wanted).bodies(isBodies()).html(isHtml()));
    }

    /** Builds and validates the change to make to the messages that were read. */
    MailChange change() throws AbortException {
        try {
            return new MailChange(markSeen, moveTo, delete);
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
            Object folder = namedArgs.get("folder");
            return account instanceof String id ? folder instanceof String name ? id + ": " + name : id : null;
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public ListBoxModel doFillAccountItems(@AncestorInPath Item item, @QueryParameter String account) {
            return AccountChoice.options(MailUse.READ, item, account);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckLimit(@AncestorInPath Item item, @QueryParameter String value) {
            if (!AccountChoice.mayConfigure(item)) {
                return FormValidation.ok();
            }
            return FormValidation.validateIntegerInRange(value, 1, MailQuery.MAX_LIMIT);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckAccount(@AncestorInPath Item item, @QueryParameter String value) {
            return AccountChoice.check(MailUse.READ, item, value);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckFrom(
                @AncestorInPath Item item, @QueryParameter String value, @QueryParameter boolean requireAuthenticated) {
            String text = Util.fixEmptyAndTrim(value);
            return !AccountChoice.mayConfigure(item)
                            || !requireAuthenticated
                            || text == null
                            || AddressPattern.isExact(new AddressPattern(text).text())
                    ? FormValidation.ok()
                    : FormValidation.warning(Messages.OAuthMailReadStep_fromNotExact(text));
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckWaitFor(@AncestorInPath Item item, @QueryParameter String value) {
            if (!AccountChoice.mayConfigure(item)) {
                return FormValidation.ok();
            }
            String time = Util.fixEmptyAndTrim(value);
            try {
                return time == null
                        ? FormValidation.ok()
                        : FormValidation.ok(Messages.OAuthMailReadStep_waitsUntil(Instant.now()
                                .plus(TimeSpan.parse("waitFor", time))
                                .truncatedTo(ChronoUnit.SECONDS)));
            } catch (AbortException e) {
                return FormValidation.error(e.getMessage());
            }
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public ListBoxModel doFillOnTimeoutItems(@AncestorInPath Item item) {
            ListBoxModel items = new ListBoxModel();
            if (AccountChoice.mayConfigure(item)) {
                items.add(Messages.OAuthMailReadStep_onTimeout_fail(), FAIL);
                items.add(Messages.OAuthMailReadStep_onTimeout_empty(), EMPTY);
            }
            return items;
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckSince(@AncestorInPath Item item, @QueryParameter String value) {
            if (!AccountChoice.mayConfigure(item)) {
                return FormValidation.ok();
            }
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
