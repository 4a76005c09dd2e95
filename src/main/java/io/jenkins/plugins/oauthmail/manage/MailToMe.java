package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.model.User;
import io.jenkins.plugins.oauthmail.account.ActivitySource;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.jobs.AddressBook;
import io.jenkins.plugins.oauthmail.jobs.MailDraft;
import io.jenkins.plugins.oauthmail.jobs.MailOrigin;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/** A message with which administrators see for themselves that an account reaches other mailboxes. */
final class MailToMe {
    private static final Logger LOGGER = Logger.getLogger(MailToMe.class.getName());

    private MailToMe() {}

    /** The user's address; null if it is not known. */
    @CheckForNull
    static String address() {
        User user = User.current();
        try {
            return user == null ? null : AddressBook.find(user);
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot look up the address of " + user);
            return null;
        }
    }

    /** Sends it; returns what became of it, after some seconds at most. */
    @NonNull
    static Notice send(@NonNull MailAccount account) throws InterruptedException {
        String address = address();
        if (address == null) {
            return Notice.problem(Messages.MailToMe_noAddress());
        }
        String root = Jenkins.get().getRootUrl();
        MailDraft draft = MailDraft.about(Messages.MailToMe_subject(account.getId()))
                .to(address)
                .text(Messages.MailToMe_text(
                        account.getId(),
                        Jenkins.getAuthentication2().getName(),
                        root == null ? MailAccountsPage.PATH : root + AccountPage.path(account.getId())))
                .by(MailOrigin.plugin(ActivitySource.TEST))
                .build();
        try {
            return draft.sendWhileAPageWaits(account)
                    ? Notice.success(Messages.MailToMe_sent(address))
                    : Notice.success(Messages.MailToMe_sending(address));
        } catch (AbortException refusal) {
            return Notice.problem(refusal.getMessage());
        } catch (IllegalStateException unforeseen) {
            LOGGER.log(Level.WARNING, unforeseen, () -> "Cannot send a message with mail account " + account.getId());
            return Notice.problem(Messages.MailToMe_failed());
        }
    }
}
