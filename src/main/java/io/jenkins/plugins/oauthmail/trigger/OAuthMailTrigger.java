package io.jenkins.plugins.oauthmail.trigger;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.Util;
import hudson.init.InitMilestone;
import hudson.model.Action;
import hudson.model.Item;
import hudson.model.Job;
import hudson.triggers.Trigger;
import hudson.triggers.TriggerDescriptor;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.jobs.AccountChoice;
import io.jenkins.plugins.oauthmail.jobs.ListArgument;
import io.jenkins.plugins.oauthmail.jobs.MailFilter;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import java.io.ObjectStreamException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;
import jenkins.model.ParameterizedJobMixIn;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.DoNotUse;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * Starts a build for each matching message that arrives in a folder. The fields are those of {@link MailFilter}, except
 * that {@code from} requires complete addresses, since nobody checks the sender again before the build starts.
 */
@Restricted(NoExternalUse.class)
public final class OAuthMailTrigger extends Trigger<Job<?, ?>> {
    /** How often to check whether the account can and may be watched. */
    private static final String EVERY_MINUTE = "* * * * *";

    private final String account;
    private MailFilter filter = new MailFilter();
    private boolean automatic;

    private transient ArrivalWatch watch;

    // Only read, from jobs that were saved before the filter was introduced.
    private transient String folder;
    private transient String from;
    private transient String to;
    private transient String subject;
    private transient String repliesTo;
    private transient String text;
    private transient boolean unseen;
    private transient boolean hasAttachment;
    private transient boolean requireAuthenticated;

    /** @param account ID of the mail account to watch */
    @DataBoundConstructor
    public OAuthMailTrigger(String account) {
        super(EVERY_MINUTE);
        this.account = Util.fixNull(account).strip();
    }

    @Override
    protected Object readResolve() throws ObjectStreamException {
        if (filter == null) {
            filter = new MailFilter();
            setFolder(folder);
            setFrom(from);
            setTo(to);
            setSubject(subject);
            setRepliesTo(repliesTo);
            setText(text);
            setUnseen(unseen);
            setHasAttachment(hasAttachment);
            setRequireAuthenticated(requireAuthenticated);
        }
        if (account == null || !EVERY_MINUTE.equals(spec)) {
            // Written by somebody who left out, or changed, what Jenkins needs for triggers that look at a clock.
            OAuthMailTrigger whole = new OAuthMailTrigger(account);
            whole.filter = filter;
            whole.automatic = automatic;
            return whole;
        }
        return super.readResolve();
    }

    @NonNull
    public String getAccount() {
        return account;
    }

    /** The folder's full name; defaults to INBOX. */
    @NonNull
    public String getFolder() {
        return filter.getFolder();
    }

    @DataBoundSetter
    public void setFolder(@CheckForNull String folder) {
        filter.setFolder(folder);
    }

    /** The senders that may start builds, see {@link SenderFilter}; null for any. */
    @CheckForNull
    public String getFrom() {
        return ListArgument.joined(filter.getFrom());
    }

    /** @param from a text or a list of texts */
    @DataBoundSetter
    public void setFrom(@CheckForNull Object from) {
        filter.setFrom(ListArgument.joined(from));
    }

    /** Addresses, one of which must be in To or Cc, separated by commas; null for any. */
    @CheckForNull
    public String getTo() {
        return ListArgument.joined(filter.getTo());
    }

    /** @param to a text or a list of texts */
    @DataBoundSetter
    public void setTo(@CheckForNull Object to) {
        filter.setTo(ListArgument.joined(to));
    }

    @CheckForNull
    public String getSubject() {
        return filter.getSubject();
    }

    @DataBoundSetter
    public void setSubject(@CheckForNull String subject) {
        filter.setSubject(subject);
    }

    /** Message IDs, separated by commas; null for any message. */
    @CheckForNull
    public String getRepliesTo() {
        return ListArgument.joined(filter.getRepliesTo());
    }

    /** @param repliesTo a text or a list of texts */
    @DataBoundSetter
    public void setRepliesTo(@CheckForNull Object repliesTo) {
        filter.setRepliesTo(ListArgument.joined(repliesTo));
    }

    @CheckForNull
    public String getText() {
        return filter.getText();
    }

    @DataBoundSetter
    public void setText(@CheckForNull String text) {
        filter.setText(text);
    }

    public boolean isUnseen() {
        return filter.isUnseen();
    }

    @DataBoundSetter
    public void setUnseen(boolean unseen) {
        filter.setUnseen(unseen);
    }

    public boolean isHasAttachment() {
        return filter.isHasAttachment();
    }

    @DataBoundSetter
    public void setHasAttachment(boolean hasAttachment) {
        filter.setHasAttachment(hasAttachment);
    }

    public boolean isRequireAuthenticated() {
        return filter.isRequireAuthenticated();
    }

    @DataBoundSetter
    public void setRequireAuthenticated(boolean requireAuthenticated) {
        filter.setRequireAuthenticated(requireAuthenticated);
    }

    /** Whether automatic messages start builds, too. */
    public boolean isAutomatic() {
        return automatic;
    }

    @DataBoundSetter
    public void setAutomatic(boolean automatic) {
        this.automatic = automatic;
    }

    /**
     * Builds and validates the query.
     *
     * @throws AbortException if required conditions are missing or a value is invalid
     */
    @NonNull
    MailQuery query(int limit) throws AbortException {
        SenderFilter senders = SenderFilter.of(getFrom());
        if (senders.isAnybody() && !filter.isRequireAuthenticated()) {
            throw new AbortException(Messages.OAuthMailTrigger_sendersRequired());
        }
        List<String> recipients = ListArgument.words("to", filter.getTo());
        return filter.query(query -> query.from(senders.texts()).to(recipients).limit(limit));
    }

    /** Which messages start builds, in words. */
    @NonNull
    String conditions() {
        return filter.inWords();
    }

    /** Applies the conditions that a query cannot express; null if the message meets them. */
    @CheckForNull
    LastMail.Verdict refusal(@NonNull ReceivedMail mail) throws AbortException {
        if (!SenderFilter.of(getFrom()).include(mail)) {
            return LastMail.Verdict.OTHER_SENDER;
        }
        return automatic || !mail.automatic() ? null : LastMail.Verdict.AUTOMATIC;
    }

    /** The trigger's job; null until it is started. */
    @CheckForNull
    Job<?, ?> job() {
        return job;
    }

    /** The running part; empty until the trigger is started. */
    @NonNull
    Optional<ArrivalWatch> watch() {
        return Optional.ofNullable(watch);
    }

    @Override
    public void start(Job<?, ?> project, boolean newInstance) {
        super.start(project, newInstance);
        watch = new ArrivalWatch(this, project);
        if (newInstance || Jenkins.get().getInitLevel() == InitMilestone.COMPLETED) {
            watch.check();
        }
    }

    /** Called every minute; after the controller has started, for the first time when jobs and queue are loaded. */
    @Override
    public void run() {
        watch().ifPresent(ArrivalWatch::checkAll);
    }

    @Override
    public void stop() {
        watch().ifPresent(ArrivalWatch::stop);
    }

    @Override
    public Collection<? extends Action> getProjectActions() {
        // Jenkins also calls this before the trigger is started, and keeps the result.
        return List.of(new MailTriggerAction(this));
    }

    /** The trigger of a job, if it has one. */
    @NonNull
    static Optional<OAuthMailTrigger> find(@NonNull Job<?, ?> job) {
        return job instanceof ParameterizedJobMixIn.ParameterizedJob<?, ?> triggered
                ? triggered.getTriggers().values().stream()
                        .filter(OAuthMailTrigger.class::isInstance)
                        .map(OAuthMailTrigger.class::cast)
                        .findFirst()
                : Optional.empty();
    }

    /** Offers the trigger and its form. */
    @Extension
    @Symbol("oauthMailTrigger")
    public static final class DescriptorImpl extends TriggerDescriptor {
        @Override
        public boolean isApplicable(Item item) {
            return item instanceof Job && item instanceof ParameterizedJobMixIn.ParameterizedJob;
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.OAuthMailTrigger_displayName();
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public ListBoxModel doFillAccountItems(@AncestorInPath Item item, @QueryParameter String account) {
            return AccountChoice.options(MailUse.READ, item, account);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckAccount(
                @AncestorInPath Item item, @QueryParameter String value, @QueryParameter boolean requireAuthenticated) {
            return requireAuthenticated
                    ? AccountChoice.checkAuthenticating(item, value)
                    : AccountChoice.check(MailUse.READ, item, value);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckFrom(
                @AncestorInPath Item item, @QueryParameter String value, @QueryParameter boolean requireAuthenticated) {
            if (!AccountChoice.mayConfigure(item)) {
                return FormValidation.ok();
            }
            OAuthMailTrigger trigger = new OAuthMailTrigger(null);
            trigger.setFrom(value);
            trigger.setRequireAuthenticated(requireAuthenticated);
            try {
                trigger.query(1);
                return FormValidation.ok();
            } catch (AbortException e) {
                return FormValidation.error(e.getMessage());
            }
        }
    }
}
