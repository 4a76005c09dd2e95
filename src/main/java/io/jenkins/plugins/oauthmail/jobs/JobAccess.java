package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Util;
import hudson.model.Run;
import io.jenkins.plugins.oauthmail.account.MailSenders;
import io.jenkins.plugins.oauthmail.account.Mailboxes;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.mail.MailReader;
import io.jenkins.plugins.oauthmail.mail.MailSender;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Checks whether a job may use an account. Done on the controller, at each use and again after a restart. */
@Restricted(NoExternalUse.class)
public final class JobAccess {
    private JobAccess() {}

    /**
     * The account with this ID, if it exists and the build's job may use it in this way. Records on the credentials'
     * pages that the build uses them.
     *
     * @throws AbortException otherwise, with a message for the build log
     */
    @NonNull
    public static MailAccount account(@CheckForNull String id, @NonNull MailUse use, @NonNull Run<?, ?> build)
            throws AbortException {
        MailAccount account = account(id, use, build.getParent().getFullName());
        track(account, build);
        return account;
    }

    /**
     * The account with this ID, if it exists and a job may use it in this way.
     *
     * @param job full name of the job
     * @throws AbortException otherwise, with a message for the author of the job
     */
    @NonNull
    public static MailAccount account(@CheckForNull String id, @NonNull MailUse use, @NonNull String job)
            throws AbortException {
        if (Util.fixEmptyAndTrim(id) == null) {
            throw new AbortException(Messages.JobAccess_sentence(Messages.JobAccess_unnamed(), choice(use, job)));
        }
        MailAccount account = OAuthMailConfiguration.get()
                .account(id)
                .filter(known -> use.isAllowed(known, job))
                .orElse(null);
        if (account == null) {
            // The same message in both cases, so that a job cannot find out which accounts exist.
            String refusal =
                    use == MailUse.SEND ? Messages.JobAccess_maySend(id, job) : Messages.JobAccess_mayRead(id, job);
            throw new AbortException(Messages.JobAccess_sentence(refusal, choice(use, job)));
        }
        return account;
    }

    /** Records that a build uses the credentials of an account. */
    public static void track(@NonNull MailAccount account, @NonNull Run<?, ?> build) {
        OAuthMailConfiguration.get()
                .application(account.getApplication())
                .ifPresent(application -> application.getClientAuthentication().track(build));
    }

    /**
     * Checks that the account can answer a query for authenticated senders.
     *
     * @throws AbortException if the account trusts no server to authenticate senders
     */
    public static void checkRule(@NonNull MailAccount account, @NonNull MailQuery query) throws AbortException {
        if (query.authenticated() && !account.authenticationRule().trustsAnyServer()) {
            throw new AbortException(Messages.JobAccess_noTrustedServer(account.getId()));
        }
    }

    /**
     * The mailbox of an account returned by {@link #account}.
     *
     * @throws AbortException if the account's application does not exist
     */
    @NonNull
    public static Mailbox mailbox(@NonNull MailAccount account, @NonNull MailUse use) throws AbortException {
        try {
            return Mailboxes.open(account, use);
        } catch (TokenFailure e) {
            throw new AbortException(e.getMessage());
        }
    }

    /**
     * The reader for an account returned by {@link #account}.
     *
     * @throws AbortException if the account's application does not exist
     */
    @NonNull
    public static MailReader reader(@NonNull MailAccount account) throws AbortException {
        try {
            return Mailboxes.reader(account);
        } catch (TokenFailure e) {
            throw new AbortException(e.getMessage());
        }
    }

    /**
     * The sender for an account returned by {@link #account}; shared by all builds.
     *
     * @throws AbortException if the account's application does not exist
     */
    @NonNull
    static MailSender sender(@NonNull MailAccount account) throws AbortException {
        try {
            return MailSenders.get().of(account);
        } catch (TokenFailure e) {
            throw new AbortException(e.getMessage());
        }
    }

    /** Lists only accounts that the job may use, so that it does not learn about others. */
    private static String choice(MailUse use, String job) {
        List<String> ids = OAuthMailConfiguration.get().getAccounts().stream()
                .filter(account -> use.isAllowed(account, job))
                .map(MailAccount::getId)
                .toList();
        if (ids.isEmpty()) {
            return use == MailUse.SEND ? Messages.JobAccess_noneToSend() : Messages.JobAccess_noneToRead();
        }
        String names = String.join(", ", ids);
        return use == MailUse.SEND ? Messages.JobAccess_someToSend(names) : Messages.JobAccess_someToRead(names);
    }
}
