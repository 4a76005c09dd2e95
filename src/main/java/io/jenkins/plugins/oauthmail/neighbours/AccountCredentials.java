package io.jenkins.plugins.oauthmail.neighbours;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsDescriptor;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsSnapshotTaker;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import com.cloudbees.plugins.credentials.domains.HostnamePortRequirement;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.PluginManager;
import hudson.PluginWrapper;
import hudson.model.Job;
import hudson.model.Run;
import hudson.util.Secret;
import io.jenkins.plugins.oauthmail.account.AccountActivity;
import io.jenkins.plugins.oauthmail.account.ActivitySource;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.jobs.JobAccess;
import io.jenkins.plugins.oauthmail.jobs.MailOrigin;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * An account as a user name and password for SMTP XOAUTH2. The password is an access token with at least five minutes
 * left. It is requested, and every rule is checked, each time the password is read: the account is offered to other
 * plugins, its SMTP server is the one that the plugin connects to, and each job that the credential was looked up for
 * may send with it.
 *
 * <p>It exists only within the controller's memory: it can be neither stored nor sent to an agent.
 */
@Restricted(NoExternalUse.class)
public final class AccountCredentials implements StandardUsernamePasswordCredentials {
    private static final long serialVersionUID = 1;

    /** Followed by the ID of the account. */
    private static final String PREFIX = "oauth-mail-";

    private final String accountId;
    private final String host;
    private final int port;
    private final Set<String> jobs;

    @CheckForNull
    private final transient Run<?, ?> run;

    private AccountCredentials(String accountId, String host, int port, Set<String> jobs, @CheckForNull Run<?, ?> run) {
        this.accountId = accountId;
        this.host = host;
        this.port = port;
        this.jobs = jobs;
        this.run = run;
    }

    /** A credential to be chosen in a form. Its password cannot be read. */
    @NonNull
    static AccountCredentials toChoose(@NonNull MailAccount account) {
        return new AccountCredentials(account.getId(), null, 0, Set.of(), null);
    }

    /**
     * The credential with this ID for a job. That the account exists and may be used is checked when the password is
     * read, so that the reason appears in the build log.
     *
     * @param id ID of the credential
     * @param server what the plugin says it connects to
     * @return null if the ID cannot be that of an account
     */
    @CheckForNull
    static AccountCredentials of(@NonNull String id, @NonNull Job<?, ?> job, @NonNull HostnamePortRequirement server) {
        return id.startsWith(PREFIX)
                ? new AccountCredentials(
                        id.substring(PREFIX.length()),
                        server.getHostname(),
                        server.getPort(),
                        Set.of(job.getFullName()),
                        null)
                : null;
    }

    /** The ID of the account to which a credential belongs; null if its ID cannot be that of an account. */
    @CheckForNull
    static String accountId(@NonNull String id) {
        return id.startsWith(PREFIX) ? id.substring(PREFIX.length()) : null;
    }

    /** The ID under which an account is offered. */
    @NonNull
    static String id(@NonNull MailAccount account) {
        return PREFIX + account.getId();
    }

    /** The same credential for a build, whose job must be allowed to send as well. */
    @NonNull
    @Override
    public Credentials forRun(@NonNull Run<?, ?> context) {
        String job = context.getParent().getFullName();
        OAuthMailConfiguration.get()
                .account(accountId)
                .filter(account -> account.isOtherPluginsMaySend() && account.maySend(job))
                .ifPresent(account -> JobAccess.track(account, context));
        return new AccountCredentials(
                accountId,
                host,
                port,
                Stream.concat(jobs.stream(), Stream.of(job)).collect(Collectors.toUnmodifiableSet()),
                context);
    }

    /** Whether {@link #getPassword()} would try to get a token. */
    boolean isUsable() {
        try {
            check();
            return true;
        } catch (AbortException e) {
            return false;
        }
    }

    /**
     * An access token.
     *
     * @throws AccountRefused with a message for the build log, if there is none or it may not be used here
     */
    @NonNull
    @Override
    public Secret getPassword() {
        try {
            Secret token = Secret.fromString(check().tokens().token().value());
            remember();
            return token;
        } catch (TokenFailure e) {
            // Perhaps nobody else uses the account.
            AccountActivity.get()
                    .failed(accountId, MailUse.SEND, new MailFailure(MailFailure.Layer.TOKEN, e.getMessage(), e));
            throw new AccountRefused(e.getMessage());
        } catch (AbortException e) {
            throw new AccountRefused(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AccountRefused(Messages.AccountCredentials_interrupted(accountId));
        }
    }

    /** Email Extension asks once for each message. */
    private void remember() {
        MailAccount account = OAuthMailConfiguration.get().account(accountId).orElse(null);
        if (account != null && run != null) {
            MailOrigin.of(ActivitySource.OTHER_PLUGIN, run).tokenGiven(account, caller());
        }
    }

    /** The name of the plugin that asks for the token. */
    private static String caller() {
        PluginManager plugins = Jenkins.get().getPluginManager();
        return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                .walk(frames -> frames.map(StackWalker.StackFrame::getDeclaringClass)
                        .filter(type -> type.getClassLoader() != AccountCredentials.class.getClassLoader())
                        .map(plugins::whichPlugin)
                        .filter(Objects::nonNull)
                        .findFirst())
                .map(PluginWrapper::getDisplayName)
                .orElseGet(Messages::AccountCredentials_somePlugin);
    }

    private Mailbox check() throws AbortException {
        if (jobs.isEmpty()) {
            throw new AbortException(Messages.AccountCredentials_noBuild(accountId));
        }
        MailAccount account = null;
        for (String job : jobs) {
            account = JobAccess.account(accountId, MailUse.SEND, job);
        }
        if (!Objects.requireNonNull(account).isOtherPluginsMaySend()) {
            throw new AbortException(Messages.AccountCredentials_notOffered(accountId));
        }
        Mailbox mailbox = JobAccess.mailbox(account, MailUse.SEND);
        if (mailbox.graph() != null) {
            throw new AbortException(Messages.AccountCredentials_graph(accountId));
        }
        Endpoint smtp = mailbox.smtp();
        if (!smtp.host().equalsIgnoreCase(host) || smtp.port() != port) {
            throw new AbortException(Messages.AccountCredentials_otherServer(
                    accountId, smtp.host(), Integer.toString(smtp.port()), host, Integer.toString(port)));
        }
        checkEmailExtension(smtp);
        return mailbox;
    }

    /**
     * Email Extension says that it connects to its SMTP server, but may have been told to connect to another one, or
     * without TLS.
     */
    private void checkEmailExtension(Endpoint smtp) throws AbortException {
        for (EmailExtensionSettings settings : EmailExtensionSettings.known()) {
            if (!getId().equals(settings.credentials())) {
                continue;
            }
            String property = settings.unsafeProperty();
            if (property != null) {
                throw new AbortException(Messages.AccountCredentials_unsafe(accountId, property));
            }
            if (!settings.encrypted() && smtp.security() != Security.NONE) {
                throw new AbortException(Messages.AccountCredentials_notEncrypted(accountId));
            }
        }
    }

    @NonNull
    @Override
    public String getUsername() {
        return OAuthMailConfiguration.get()
                .account(accountId)
                .map(MailAccount::getAddress)
                .orElse(accountId);
    }

    @NonNull
    @Override
    public String getId() {
        return PREFIX + accountId;
    }

    @NonNull
    @Override
    public String getDescription() {
        return Messages.AccountCredentials_description(accountId);
    }

    @Override
    public CredentialsScope getScope() {
        return CredentialsScope.GLOBAL;
    }

    @NonNull
    @Override
    public DescriptorImpl getDescriptor() {
        return ExtensionList.lookupSingleton(DescriptorImpl.class);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AccountCredentials credentials
                && accountId.equals(credentials.accountId)
                && Objects.equals(host, credentials.host)
                && port == credentials.port
                && jobs.equals(credentials.jobs);
    }

    @Override
    public int hashCode() {
        return Objects.hash(accountId, host, port, jobs);
    }

    @Override
    public String toString() {
        return "AccountCredentials[" + accountId + "]";
    }

    /** Whoever has the copy would have the token. */
    private Object writeReplace() throws NotSerializableException {
        throw new NotSerializableException(Messages.AccountCredentials_notCopied(accountId));
    }

    /**
     * Whoever may add credentials to a folder, or configure one, can send XML that names any account and any job. Every
     * job in that folder could then bind the token.
     */
    private Object readResolve() throws InvalidObjectException {
        throw new InvalidObjectException(Messages.AccountCredentials_notCopied(accountId));
    }

    /** Keeps the credentials plugin from copying the token into a password that can be sent to an agent. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class SnapshotTaker extends CredentialsSnapshotTaker<AccountCredentials> {
        @Override
        public Class<AccountCredentials> type() {
            return AccountCredentials.class;
        }

        /** @throws AccountRefused always */
        @Override
        public AccountCredentials snapshot(AccountCredentials credentials) {
            throw new AccountRefused(Messages.AccountCredentials_notCopied(credentials.accountId));
        }
    }

    /** Belongs to {@link AccountCredentialsProvider} alone, so that nobody can add such a credential to a store. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class DescriptorImpl extends CredentialsDescriptor {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.AccountCredentials_displayName();
        }

        @Override
        public boolean isApplicable(CredentialsProvider provider) {
            return provider instanceof AccountCredentialsProvider;
        }
    }
}
