package io.jenkins.plugins.oauthmail.account;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.config.Cloud;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailServer;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.mail.MailReader;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.time.Duration;

/** Makes of a configured account what the mail engine works with. */
public final class Mailboxes {
    private static final long MEGABYTE = 1024 * 1024;

    private Mailboxes() {}

    /**
     * The account's mailbox. Nothing is connected and no token asked for yet.
     *
     * @param use what it is for
     * @throws TokenFailure if the account names an application that does not exist
     */
    @NonNull
    public static Mailbox open(@NonNull MailAccount account, @NonNull MailUse use) throws TokenFailure {
        Cloud cloud = TokenSources.applicationOf(account).getCloud();
        return new Mailbox(
                account.getAddress(),
                endpoint(account.getSmtpServer(), cloud.smtp()),
                endpoint(account.getImapServer(), cloud.imap()),
                TokenSources.get().of(account.getId(), use),
                account.getMaximumMegabytes() * MEGABYTE);
    }

    /**
     * What reads the account's mailbox, within its limits. Nothing is connected and no token asked for yet.
     *
     * @throws TokenFailure if the account names an application that does not exist
     */
    @NonNull
    public static MailReader reader(@NonNull MailAccount account) throws TokenFailure {
        return new MailReader(
                open(account, MailUse.READ),
                account.authenticationRule(),
                account.getMaximumReadMegabytes() * MEGABYTE,
                Duration.ofMinutes(account.getMaximumReadMinutes()));
    }

    private static Endpoint endpoint(@CheckForNull MailServer chosen, Endpoint standard) {
        return chosen == null ? standard : chosen.endpoint();
    }
}
