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

/** Whether a running build may use an account. Asked on the controller, at each use and again after a restart. */
public final class JobAccess {
    private JobAccess() {}

    /**
     * The account of this id, if it exists and lets the build's job use it in this way. The credentials behind it are
     * tracked on the build.
     *
     * @throws AbortException otherwise, with a sentence for the build log
     */
    @NonNull
    public static MailAccount account(@CheckForNull String id, @NonNull MailUse use, @NonNull Run<?, ?> build)
            throws AbortException {
        MailAccount account = account(id, use, build.getParent().getFullName());
        track(account, build);
        return account;
    }

    /**
     * The account of this id, if it exists and lets a job use it in this way.
     *
     * @param job its full name
     * @throws AbortException otherwise, with a sentence for whoever configured the job
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
            // One sentence for both, so that a job cannot find out which accounts there are.
            String refusal =
                    use == MailUse.SEND ? Messages.JobAccess_maySend(id, job) : Messages.JobAccess_mayRead(id, job);
            throw new AbortException(Messages.JobAccess_sentence(refusal, choice(use, job)));
        }
        return account;
    }

    /** Tracks the credentials behind an account on a build that uses it. */
    public static void track(@NonNull MailAccount account, @NonNull Run<?, ?> build) {
        OAuthMailConfiguration.get()
                .application(account.getApplication())
                .ifPresent(application -> application.getClientAuthentication().track(build));
    }

    /**
     * Sees that a query which wants senders that are vouched for can be answered.
     *
     * @throws AbortException if the account believes no server about them
     */
    public static void checkRule(@NonNull MailAccount account, @NonNull MailQuery query) throws AbortException {
        if (query.authenticated() && !account.authenticationRule().believesSomebody()) {
            throw new AbortException(Messages.JobAccess_nobodyBelieved(account.getId()));
        }
    }

    /**
     * The mailbox of an account that {@link #account} gave.
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
     * What reads the mailbox of an account that {@link #account} gave.
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
     * What sends with an account that {@link #account} gave; shared by all builds.
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

    /** Names only accounts that the job may use, so that a job learns of no others. */
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
