package io.jenkins.plugins.oauthmail.account;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.config.Cloud;
import io.jenkins.plugins.oauthmail.config.Grant;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailServer;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.config.Transport;
import io.jenkins.plugins.oauthmail.mail.MailReader;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.GraphService;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.net.URI;
import java.util.Optional;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Converts configured accounts into the types of the mail engine. */
@Restricted(NoExternalUse.class)
public final class Mailboxes {
    private static final long MEGABYTE = 1024 * 1024;

    private Mailboxes() {}

    /**
     * The account's mailbox. Does not connect or request a token yet.
     *
     * @param use how it will be used
     * @throws TokenFailure if the account names an application that does not exist
     */
    @NonNull
    public static Mailbox open(@NonNull MailAccount account, @NonNull MailUse use) throws TokenFailure {
        Cloud cloud = TokenSources.applicationOf(account).getCloud();
        return new Mailbox(
                account.getAddress(),
                endpoint(account.getSmtpServer(), cloud.smtp()),
                endpoint(account.getImapServer(), cloud.imap()),
                new ServerTokens(account, use),
                account.getMaximumMegabytes() * MEGABYTE,
                account.getTransport() == Transport.GRAPH ? graph(account, cloud) : null);
    }

    /**
     * The server that gets the account's tokens, to compare with another one.
     *
     * @throws TokenFailure as {@link #open}
     */
    @NonNull
    static Object server(@NonNull MailAccount account, @NonNull MailUse use) throws TokenFailure {
        Cloud cloud = TokenSources.applicationOf(account).getCloud();
        if (account.getTransport() == Transport.GRAPH) {
            return graphUrl(account, cloud);
        }
        return use == MailUse.SEND
                ? endpoint(account.getSmtpServer(), cloud.smtp())
                : endpoint(account.getImapServer(), cloud.imap());
    }

    /** The mailbox to send with; empty if the account has no application. */
    @NonNull
    public static Optional<Mailbox> find(@NonNull MailAccount account) {
        try {
            return Optional.of(open(account, MailUse.SEND));
        } catch (TokenFailure noApplication) {
            return Optional.empty();
        }
    }

    private static GraphService graph(MailAccount account, Cloud cloud) {
        return new GraphService(
                graphUrl(account, cloud),
                account.getGrant() == Grant.DELEGATED && !account.isShared(),
                account.isReadable(),
                TokenSources::httpClient);
    }

    private static URI graphUrl(MailAccount account, Cloud cloud) {
        String url = account.getGraphUrl();
        return url == null ? cloud.graph() : URI.create(url);
    }

    /**
     * The reader for the account's mailbox, with the account's limits; shared, so callers must not close it. Does not connect or request a token yet.
     *
     * @throws TokenFailure if the account names an application that does not exist
     */
    @NonNull
    public static MailReader reader(@NonNull MailAccount account) throws TokenFailure {
        return MailReaders.get().of(account);
    }

    private static Endpoint endpoint(@CheckForNull MailServer chosen, Endpoint standard) {
        return chosen == null ? standard : chosen.endpoint();
    }
}
