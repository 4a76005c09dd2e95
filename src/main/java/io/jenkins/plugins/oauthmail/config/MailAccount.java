package io.jenkins.plugins.oauthmail.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.DoNotUse;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** A mailbox that Jenkins may use, and the jobs that may use it. */
@Restricted(NoExternalUse.class)
public final class MailAccount implements Describable<MailAccount> {
    /** Default of {@link #getMaximumMegabytes}: what most receivers accept. */
    static final int DEFAULT_MEGABYTES = 25;

    /** Default of {@link #getMaximumReadMegabytes}. */
    static final int DEFAULT_READ_MEGABYTES = 250;

    /** Default of {@link #getMaximumReadMinutes}. */
    static final int DEFAULT_READ_MINUTES = 10;

    private static final String NOBODY = "-";
    private static final String EXCHANGE = "exchange";
    private static final String EVERY_JOB = "**";
    private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+");

    private final String id;
    private final String address;
    private final String application;
    private String signsInAs;
    private Grant grant;
    private Transport transport;
    private String graphUrl;
    private MailServer smtpServer;
    private MailServer imapServer;
    private String maySend;
    private String mayRead;
    private String otherSenders;
    private boolean otherPluginsMaySend;
    private String relayCredentialsId;
    private Integer maximumMegabytes;
    private String authenticatedBy;
    private Integer maximumReadMegabytes;
    private Integer maximumReadMinutes;
    private boolean recordDetails;

    /**
     * @param id used by jobs and configuration as code
     * @param address the mailbox: SASL {@code user=} and From
     * @param application ID of the OAuth application
     */
    @DataBoundConstructor
    public MailAccount(String id, String address, String application) {
        this.id = Util.fixNull(id).strip();
        this.address = Util.fixNull(address).strip();
        this.application = Util.fixNull(application).strip();
    }

    @NonNull
    public String getId() {
        return id;
    }

    @NonNull
    public String getAddress() {
        return address;
    }

    @NonNull
    public String getApplication() {
        return application;
    }

    /** The sign-in name of the person who authorizes the account; null if it is the address. */
    @CheckForNull
    public String getSignsInAs() {
        return signsInAs;
    }

    @DataBoundSetter
    public void setSignsInAs(@CheckForNull String signsInAs) {
        this.signsInAs = Util.fixEmptyAndTrim(signsInAs);
    }

    /** The effective sign-in name: {@link #getSignsInAs()}, or the address if that is null. */
    @NonNull
    public String signInName() {
        return signsInAs == null ? address : signsInAs;
    }

    @NonNull
    public Grant getGrant() {
        return grant == null ? Grant.DELEGATED : grant;
    }

    @DataBoundSetter
    public void setGrant(Grant grant) {
        this.grant = grant == Grant.DELEGATED ? null : grant;
    }

    /** Whether a person signs in for a mailbox of somebody else. */
    public boolean isShared() {
        return getGrant() == Grant.DELEGATED && !CaseFolding.equalsAscii(signInName(), address);
    }

    /** How its mail is sent and read. Defaults to SMTP and IMAP. */
    @NonNull
    public Transport getTransport() {
        return transport == null ? Transport.SMTP_IMAP : transport;
    }

    @DataBoundSetter
    public void setTransport(Transport transport) {
        this.transport = transport == Transport.SMTP_IMAP ? null : transport;
    }

    /** The URL of Microsoft Graph with its version and a trailing slash; null for the cloud's. */
    @CheckForNull
    public String getGraphUrl() {
        return graphUrl;
    }

    /** @param graphUrl the trailing slash is optional */
    @DataBoundSetter
    public void setGraphUrl(@CheckForNull String graphUrl) {
        String given = Util.fixEmptyAndTrim(graphUrl);
        this.graphUrl = given == null || given.endsWith("/") ? given : given + "/";
    }

    /** Null for the cloud's server. */
    @CheckForNull
    public MailServer getSmtpServer() {
        return smtpServer;
    }

    @DataBoundSetter
    public void setSmtpServer(@CheckForNull MailServer smtpServer) {
        this.smtpServer = smtpServer;
    }

    /** Null for the cloud's server. */
    @CheckForNull
    public MailServer getImapServer() {
        return imapServer;
    }

    @DataBoundSetter
    public void setImapServer(@CheckForNull MailServer imapServer) {
        this.imapServer = imapServer;
    }

    /**
     * Patterns of the jobs that may send; see {@link JobPatterns}. Defaults to every job. No job is represented by
     * {@code -} instead of an empty text: configuration as code omits empty texts when exporting, which would turn no
     * job into every job.
     */
    @NonNull
    public String getMaySend() {
        return maySend == null ? EVERY_JOB : maySend;
    }

    @DataBoundSetter
    public void setMaySend(@CheckForNull String maySend) {
        String patterns = maySend == null ? EVERY_JOB : maySend.strip();
        this.maySend = patterns.equals(EVERY_JOB) ? null : patterns.isEmpty() ? JobPatterns.NO_JOB : patterns;
    }

    /** Patterns of the jobs that may read; see {@link JobPatterns}. Defaults to no job. */
    @CheckForNull
    public String getMayRead() {
        return mayRead;
    }

    @DataBoundSetter
    public void setMayRead(@CheckForNull String mayRead) {
        this.mayRead = Util.fixEmptyAndTrim(mayRead);
    }

    /** Further addresses allowed in From, separated by commas or white space; null for none. */
    @CheckForNull
    public String getOtherSenders() {
        return otherSenders;
    }

    @DataBoundSetter
    public void setOtherSenders(@CheckForNull String otherSenders) {
        this.otherSenders = Util.fixEmptyAndTrim(otherSenders);
    }

    /** Whether other plugins get tokens to send with the account, for jobs that may send. */
    public boolean isOtherPluginsMaySend() {
        return otherPluginsMaySend;
    }

    @DataBoundSetter
    public void setOtherPluginsMaySend(boolean otherPluginsMaySend) {
        this.otherPluginsMaySend = otherPluginsMaySend;
    }

    /** ID of the credential with the account's password at the relay; null if it cannot be used there. */
    @CheckForNull
    public String getRelayCredentialsId() {
        return relayCredentialsId;
    }

    @DataBoundSetter
    public void setRelayCredentialsId(@CheckForNull String relayCredentialsId) {
        this.relayCredentialsId = Util.fixEmptyAndTrim(relayCredentialsId);
    }

    /** That credential as drop-down lists show it; its ID to users who are not administrators, null if there is none. */
    @CheckForNull
    public String relayCredentialsName() {
        return relayCredentialsId == null ? null : RelayPassword.name(relayCredentialsId);
    }

    /**
     * The account's password at the relay.
     *
     * @return empty if the account cannot be used there
     * @throws TokenFailure if the credential does not exist or is empty
     */
    @NonNull
    public Optional<String> relayPassword() throws TokenFailure {
        return relayCredentialsId == null ? Optional.empty() : Optional.of(RelayPassword.of(relayCredentialsId));
    }

    /** The maximum size of a sent message after encoding, in MiB. */
    public int getMaximumMegabytes() {
        return maximumMegabytes == null ? DEFAULT_MEGABYTES : maximumMegabytes;
    }

    @DataBoundSetter
    public void setMaximumMegabytes(int maximumMegabytes) {
        this.maximumMegabytes = maximumMegabytes == DEFAULT_MEGABYTES ? null : maximumMegabytes;
    }

    /**
     * Which server to trust about the authenticity of senders: {@code exchange}, the name of a server in its
     * Authentication-Results, or {@code -} for none. Null means Exchange if mail is read from the cloud's server,
     * otherwise none.
     */
    @CheckForNull
    public String getAuthenticatedBy() {
        return authenticatedBy;
    }

    @DataBoundSetter
    public void setAuthenticatedBy(@CheckForNull String authenticatedBy) {
        this.authenticatedBy = Util.fixEmptyAndTrim(authenticatedBy);
    }

    /** {@link #getAuthenticatedBy()} as a rule for the mail engine. */
    @NonNull
    public AuthenticationRule authenticationRule() {
        String by = authenticatedBy;
        if (by == null) {
            boolean standard = getTransport() == Transport.GRAPH ? graphUrl == null : imapServer == null;
            return standard ? AuthenticationRule.EXCHANGE : AuthenticationRule.NONE;
        }
        if (by.equals(NOBODY)) {
            return AuthenticationRule.NONE;
        }
        return by.equalsIgnoreCase(EXCHANGE) ? AuthenticationRule.EXCHANGE : AuthenticationRule.server(by);
    }

    /** The maximum that one step reads in addition to texts, in MiB. */
    public int getMaximumReadMegabytes() {
        return maximumReadMegabytes == null ? DEFAULT_READ_MEGABYTES : maximumReadMegabytes;
    }

    @DataBoundSetter
    public void setMaximumReadMegabytes(int maximumReadMegabytes) {
        this.maximumReadMegabytes = maximumReadMegabytes == DEFAULT_READ_MEGABYTES ? null : maximumReadMegabytes;
    }

    /** The maximum duration of one read, in minutes. */
    public int getMaximumReadMinutes() {
        return maximumReadMinutes == null ? DEFAULT_READ_MINUTES : maximumReadMinutes;
    }

    @DataBoundSetter
    public void setMaximumReadMinutes(int maximumReadMinutes) {
        this.maximumReadMinutes = maximumReadMinutes == DEFAULT_READ_MINUTES ? null : maximumReadMinutes;
    }

    /** Whether the account's activity shows the subjects and addresses of messages. */
    public boolean isRecordDetails() {
        return recordDetails;
    }

    @DataBoundSetter
    public void setRecordDetails(boolean recordDetails) {
        this.recordDetails = recordDetails;
    }

    /** The addresses allowed in From, starting with the account's own. */
    @NonNull
    public List<String> senders() {
        return Stream.concat(Stream.of(address), SEPARATOR.splitAsStream(Util.fixNull(otherSenders)))
                .filter(sender -> !sender.isEmpty())
                .toList();
    }

    /** Whether the job with this full name may send with the account. */
    public boolean maySend(@NonNull String jobFullName) {
        return JobPatterns.of(getMaySend()).matches(jobFullName);
    }

    /** Whether the job with this full name may read the mailbox. */
    public boolean mayRead(@NonNull String jobFullName) {
        return JobPatterns.of(mayRead).matches(jobFullName);
    }

    /** Whether any job may read the mailbox, so that the sign-in has to request that permission. */
    public boolean isReadable() {
        return !JobPatterns.of(mayRead).isEmpty();
    }

    /**
     * Rejects an account that cannot work.
     *
     * @throws InvalidConfiguration naming the account, the field and the fix
     */
    public void validate() {
        String element = Messages.MailAccount_element(getId());
        InvalidConfiguration.refuse(element, "id", FieldRules.id(getId()));
        InvalidConfiguration.refuse(element, "address", FieldRules.address(getAddress()));
        InvalidConfiguration.refuse(element, "signsInAs", FieldRules.signInName(getSignsInAs()));
        InvalidConfiguration.refuse(
                element,
                "application",
                Util.fixEmpty(getApplication()) == null ? Messages.MailAccount_applicationMissing() : null);
        for (String sender : senders()) {
            InvalidConfiguration.refuse(element, "otherSenders", FieldRules.address(sender));
        }
        InvalidConfiguration.refuse(element, "maySend", JobPatterns.problem(getMaySend()));
        InvalidConfiguration.refuse(element, "mayRead", JobPatterns.problem(getMayRead()));
        InvalidConfiguration.refuse(element, "graphUrl", FieldRules.graphUrl(getGraphUrl()));
        validate(element, "smtpServer", getSmtpServer());
        validate(element, "imapServer", getImapServer());
        InvalidConfiguration.refuse(element, "maximumMegabytes", FieldRules.messageSize(getMaximumMegabytes()));
        InvalidConfiguration.refuse(element, "maximumReadMegabytes", FieldRules.readSize(getMaximumReadMegabytes()));
        InvalidConfiguration.refuse(element, "maximumReadMinutes", FieldRules.readTime(getMaximumReadMinutes()));
        InvalidConfiguration.refuse(element, "authenticatedBy", FieldRules.authenticator(getAuthenticatedBy()));
    }

    private static void validate(String element, String field, @CheckForNull MailServer server) {
        if (server != null) {
            server.validate(element, field);
        }
    }

    /** Fills the drop-downs of the account form and checks its fields while they are being edited. */
    @Extension
    public static final class DescriptorImpl extends Descriptor<MailAccount> {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.MailAccount_displayName();
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public ListBoxModel doFillApplicationItems(@QueryParameter String application) {
            ListBoxModel items = new ListBoxModel();
            if (Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
                OAuthMailConfiguration.get().getApplications().forEach(known -> items.add(known.getId()));
            }
            String current = Util.fixNull(application);
            boolean choiceNeeded = items.isEmpty() || !current.isEmpty();
            if (choiceNeeded && items.stream().noneMatch(item -> item.value.equals(current))) {
                items.add(0, new ListBoxModel.Option(current));
            }
            return items;
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckId(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            return FieldRules.asTyped(value, FieldRules::id);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckAddress(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            return FieldRules.asTyped(value, FieldRules::address);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckSignsInAs(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            return FieldRules.asTyped(value, FieldRules::signInName);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckApplication(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            // A new form checks before the drop-down is filled; the value is checked again when it is saved.
            boolean known = Util.fixEmpty(value) == null
                    || OAuthMailConfiguration.get().application(value).isPresent();
            return known ? FormValidation.ok() : FormValidation.error(Messages.MailAccount_unknownApplication());
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckMaySend(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            return JobPreview.of(value);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckMayRead(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            return JobPreview.of(value);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public ListBoxModel doFillRelayCredentialsIdItems(@QueryParameter String relayCredentialsId) {
            return RelayPassword.options(relayCredentialsId);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckRelayCredentialsId(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            return RelayPassword.check(value);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckGraphUrl(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            return FieldRules.asTyped(value, FieldRules::graphUrl);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckMaximumMegabytes(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            return FormValidation.validateIntegerInRange(value, 1, FieldRules.MAX_MEGABYTES);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckMaximumReadMegabytes(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            return FormValidation.validateIntegerInRange(value, 1, FieldRules.MAX_READ_MEGABYTES);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckMaximumReadMinutes(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            return FormValidation.validateIntegerInRange(value, 1, FieldRules.MAX_READ_MINUTES);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckAuthenticatedBy(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            return FieldRules.asTyped(value, FieldRules::authenticator);
        }
    }
}
