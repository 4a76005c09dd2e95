package io.jenkins.plugins.oauthmail.account;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import io.jenkins.plugins.oauthmail.config.AccountsListener;
import io.jenkins.plugins.oauthmail.config.Cloud;
import io.jenkins.plugins.oauthmail.config.Grant;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.config.OAuthApplication;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.mail.MailSender;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.GraphService;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The senders, one for each account, so that all builds share its connections and its rate limit. A sender is replaced
 * when anything it logs in with has changed: server, address, application or sign-in. The new sender takes over the
 * rate limit of the old one, and messages that the old one is still sending count towards the new one's limits.
 */
@Extension
@Restricted(NoExternalUse.class)
public class MailSenders implements AccountsListener {
    private final Map<String, Live> senders = new ConcurrentHashMap<>();

    @NonNull
    public static MailSenders get() {
        return ExtensionList.lookupSingleton(MailSenders.class);
    }

    /**
     * The sender for the account's current configuration. It is shared, so callers must not close it.
     *
     * @throws TokenFailure if the account names an application that does not exist
     */
    @NonNull
    public MailSender of(@NonNull MailAccount account) throws TokenFailure {
        Mailbox mailbox = Mailboxes.open(account, MailUse.SEND);
        Origin origin = origin(account, mailbox);
        return senders.compute(account.getId(), (id, live) -> {
                    if (live == null) {
                        return new Live(origin, new MailSender(mailbox));
                    }
                    if (origin.equals(live.origin())) {
                        return live;
                    }
                    live.sender().close();
                    return new Live(origin, live.sender().successor(mailbox));
                })
                .sender();
    }

    /** Closes the connections of accounts that were removed or changed. */
    @Override
    public void changed() {
        senders.forEach((id, live) -> {
            if (live.origin() != null && !isCurrent(id, live)) {
                close(id);
            }
        });
    }

    @Override
    public void authorized(@NonNull String accountId) {
        close(accountId);
    }

    @Override
    public void forgotten(@NonNull String accountId) {
        close(accountId);
    }

    /** Closes the account's connections; the next message opens new ones. */
    private void close(String accountId) {
        senders.computeIfPresent(accountId, (id, live) -> {
            live.sender().close();
            return new Live(null, live.sender());
        });
    }

    private boolean isCurrent(String id, Live live) {
        MailAccount account = OAuthMailConfiguration.get().account(id).orElse(null);
        if (account == null) {
            return false;
        }
        try {
            return origin(account, Mailboxes.open(account, MailUse.SEND)).equals(live.origin());
        } catch (TokenFailure e) {
            // Without its application the account cannot send either.
            return false;
        }
    }

    /** Everything on which connections of an account depend. */
    static Origin origin(MailAccount account, Mailbox mailbox) throws TokenFailure {
        OAuthApplication application = TokenSources.applicationOf(account);
        return new Origin(
                mailbox.user(),
                mailbox.smtp(),
                mailbox.graph(),
                mailbox.maxMessageBytes(),
                application.getClientId(),
                application.getCloud(),
                application.getAuthority(),
                application.getMailResource(),
                account.getGrant(),
                signIn(account, application));
    }

    @CheckForNull
    private static Object signIn(MailAccount account, OAuthApplication application) {
        try {
            return AuthorizationStore.get()
                    .find(account, application)
                    .map(Authorization::getAuthorizedAt)
                    .orElse(null);
        } catch (UncheckedIOException e) {
            // Requesting a token reports the reason.
            return null;
        }
    }

    record Origin(
            String user,
            Endpoint smtp,
            @CheckForNull GraphService graph,
            long maxMessageBytes,
            String clientId,
            Cloud cloud,
            @CheckForNull String authority,
            @CheckForNull String mailResource,
            Grant grant,
            @CheckForNull Object signIn) {}

    /**
     * @param origin null once the sender is closed; the sender is kept for its successor even if the account was
     *     removed
     */
    private record Live(@CheckForNull Origin origin, MailSender sender) {}
}
