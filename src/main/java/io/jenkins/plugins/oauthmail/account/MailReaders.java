package io.jenkins.plugins.oauthmail.account;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import io.jenkins.plugins.oauthmail.config.AccountsListener;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.mail.MailReader;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The readers, one for each account, so that builds share its connection. A reader is replaced when anything it logs in
 * with, or a limit, has changed.
 */
@Extension
@Restricted(NoExternalUse.class)
public class MailReaders implements AccountsListener {
    private static final long MEGABYTE = 1024 * 1024;

    private final Map<String, Live> readers = new ConcurrentHashMap<>();

    @NonNull
    public static MailReaders get() {
        return ExtensionList.lookupSingleton(MailReaders.class);
    }

    /**
     * The reader for the account's current configuration. It is shared, so callers must not close it.
     *
     * @throws TokenFailure if the account names an application that does not exist
     */
    @NonNull
    public MailReader of(@NonNull MailAccount account) throws TokenFailure {
        Mailbox mailbox = Mailboxes.open(account, MailUse.READ);
        List<Object> origin = origin(account, mailbox);
        return readers.compute(account.getId(), (id, live) -> {
                    if (live != null && live.origin().equals(origin)) {
                        return live;
                    }
                    if (live != null) {
                        live.reader().close();
                    }
                    return new Live(origin, reader(account, mailbox));
                })
                .reader();
    }

    private static MailReader reader(MailAccount account, Mailbox mailbox) {
        return MailReader.keeping(
                mailbox,
                account.authenticationRule(),
                account.getMaximumReadMegabytes() * MEGABYTE,
                Duration.ofMinutes(account.getMaximumReadMinutes()));
    }

    /** Closes the connections of accounts that were removed or changed. */
    @Override
    public void changed() {
        for (Map.Entry<String, Live> entry : readers.entrySet()) {
            if (!entry.getValue().origin().equals(current(entry.getKey()))) {
                close(entry.getKey());
            }
        }
    }

    @Override
    public void authorized(@NonNull String accountId) {
        close(accountId);
    }

    @Override
    public void forgotten(@NonNull String accountId) {
        close(accountId);
    }

    /** Closes the account's connection; the next read opens a new one. */
    private void close(String accountId) {
        Live live = readers.remove(accountId);
        if (live != null) {
            live.reader().close();
        }
    }

    @CheckForNull
    private static List<Object> current(String id) {
        MailAccount account = OAuthMailConfiguration.get().account(id).orElse(null);
        try {
            return account == null ? null : origin(account, Mailboxes.open(account, MailUse.READ));
        } catch (TokenFailure e) {
            // Without its application the account cannot be read either.
            return null;
        }
    }

    private static List<Object> origin(MailAccount account, Mailbox mailbox) throws TokenFailure {
        return List.of(
                MailSenders.origin(account, mailbox),
                mailbox.imap(),
                account.authenticationRule().trustsAnyServer(),
                account.authenticationRule().trustsExchange(),
                account.authenticationRule().server(),
                account.getMaximumReadMegabytes(),
                account.getMaximumReadMinutes());
    }

    /** @param origin everything that the reader was made from */
    private record Live(List<Object> origin, MailReader reader) {}
}
