package io.jenkins.plugins.oauthmail.account;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.XmlFile;
import hudson.util.XStream2;
import io.jenkins.plugins.oauthmail.config.AccountsListener;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.config.StoredXml;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * When accounts last sent and read mail, and what failed last, for the OAuth Mail page. Nothing else depends on it: it
 * is kept in a file beside the configuration, and successes are written at most once a minute.
 */
@Extension
@Restricted(NoExternalUse.class)
public class AccountActivity implements AccountsListener {
    private static final Logger LOGGER = Logger.getLogger(AccountActivity.class.getName());
    private static final Duration SAVE_AGAIN = Duration.ofMinutes(1);

    private static final XStream2 XML = StoredXml.of(
            new StoredXml.Name("lastUse", LastUse.class, "config.AccountActivity$LastUse"),
            new StoredXml.Name("accountFailure", AccountFailure.class, "config.Trouble"));

    private final Clock clock;
    private Map<String, LastUse> uses;

    /** Called by Jenkins. */
    public AccountActivity() {
        this(Clock.systemUTC());
    }

    AccountActivity(Clock clock) {
        this.clock = clock;
    }

    @NonNull
    public static AccountActivity get() {
        return ExtensionList.lookupSingleton(AccountActivity.class);
    }

    /**
     * Uses a mailbox and records whether that succeeded.
     *
     * @param accountId ID of the account
     * @param use how the mailbox is used
     * @param work uses the mailbox
     * @return the result of the work
     * @throws MailFailure if the work throws it; likewise {@code InterruptedException}
     */
    public <T> T watch(@NonNull String accountId, @NonNull MailUse use, @NonNull Work<T> work)
            throws MailFailure, InterruptedException {
        try {
            T result = work.done();
            succeeded(accountId, use);
            return result;
        } catch (MailFailure failure) {
            failed(accountId, use, failure);
            throw failure;
        }
    }

    /** When the account was last used in this way successfully. */
    @NonNull
    public Optional<Instant> last(@NonNull String accountId, @NonNull MailUse use) {
        return find(accountId, use).filter(known -> known.good != 0).map(known -> Instant.ofEpochMilli(known.good));
    }

    /**
     * Since when the account has been known to work in this way: the first success after the last failure, a successful
     * <i>Test</i> included. Empty if it never worked, or failed last.
     */
    @NonNull
    public Optional<Instant> worksSince(@NonNull String accountId, @NonNull MailUse use) {
        return find(accountId, use)
                .map(LastUse::since)
                .filter(since -> since != 0)
                .map(Instant::ofEpochMilli);
    }

    /** The failure of the account's last use of this kind; empty if that succeeded. */
    @NonNull
    public Optional<AccountFailure> trouble(@NonNull String accountId, @NonNull MailUse use) {
        return find(accountId, use).map(known -> known.trouble);
    }

    /** Deletes what was recorded for accounts that no longer exist. */
    @Override
    public void changed() {
        Set<String> keys = OAuthMailConfiguration.get().getAccounts().stream()
                .flatMap(account -> Stream.of(MailUse.values()).map(use -> key(account.getId(), use)))
                .collect(Collectors.toSet());
        retain(keys::contains);
    }

    /** Deletes failures: whatever failed, it was without this authorization. */
    @Override
    public void authorized(@NonNull String accountId) {
        for (MailUse use : MailUse.values()) {
            clearFailure(accountId, use);
        }
    }

    /** Deletes everything recorded for the account. */
    @Override
    public void forgotten(@NonNull String accountId) {
        Set<String> keys =
                Stream.of(MailUse.values()).map(use -> key(accountId, use)).collect(Collectors.toSet());
        retain(key -> !keys.contains(key));
    }

    private synchronized void retain(Predicate<String> key) {
        if (uses().keySet().removeIf(key.negate())) {
            save();
        }
    }

    /** Records a successful use of the account. */
    public synchronized void succeeded(@NonNull String accountId, @NonNull MailUse use) {
        Instant now = clock.instant();
        LastUse before = find(accountId, use).orElse(null);
        put(key(accountId, use), LastUse.success(now.toEpochMilli(), since(before, now)));
    }

    /** Times alone are not saved each time. */
    private void put(String key, LastUse now) {
        LastUse before = uses().put(key, now);
        if (now.differsOnlyInTime(before)
                && Instant.ofEpochMilli(before.saved).plus(SAVE_AGAIN).isAfter(clock.instant())) {
            now.saved = before.saved;
        } else {
            save();
        }
    }

    /** Records that the account was found to work in this way, without a mail having been sent or read. */
    public synchronized void works(@NonNull String accountId, @NonNull MailUse use) {
        LastUse before = uses().get(key(accountId, use));
        if (before == null || before.trouble != null || before.since() == 0) {
            uses().put(
                            key(accountId, use),
                            LastUse.success(before == null ? 0 : before.good, since(before, clock.instant())));
            save();
        }
    }

    /**
     * Records that there was a token for the account, which ends a failure to get one. Other failures may last. Not every
     * use tells how it ended: other plugins only get tokens.
     */
    synchronized void gotToken(@NonNull String accountId, @NonNull MailUse use) {
        if (find(accountId, use).filter(known -> known.withoutToken).isPresent()) {
            clearFailure(accountId, use);
        }
    }

    /** Deletes a recorded failure, as its cause may be gone; whether the account works is unknown until its next use. */
    private synchronized void clearFailure(@NonNull String accountId, @NonNull MailUse use) {
        LastUse before = uses().get(key(accountId, use));
        if (before != null && before.trouble != null) {
            uses().put(key(accountId, use), LastUse.unknown(before.good));
            save();
        }
    }

    private static long since(@CheckForNull LastUse before, Instant now) {
        boolean unbroken = before != null && before.trouble == null && before.since() != 0;
        return unbroken ? before.since() : now.toEpochMilli();
    }

    /** Records a failure, if it concerns the account and not a single message, and the account still exists. */
    public synchronized void failed(@NonNull String accountId, @NonNull MailUse use, @NonNull MailFailure failure) {
        boolean passing;
        switch (failure.layer()) {
            case TOKEN, CONNECT, TLS, LOGIN, PERMISSION -> passing = failure.passing();
            default -> {
                return;
            }
        }
        if (OAuthMailConfiguration.get().account(accountId).isEmpty()) {
            return;
        }
        LastUse before = uses().get(key(accountId, use));
        boolean otherFailure = before != null && before.trouble != null && !before.withoutToken;
        AccountFailure trouble = AccountFailure.after(
                before == null ? null : before.trouble, sentence(accountId, use, failure), passing, clock.instant());
        put(
                key(accountId, use),
                LastUse.failure(
                        before == null ? 0 : before.good,
                        trouble,
                        failure.layer() == MailFailure.Layer.TOKEN && !otherFailure));
    }

    /** Without recipients: whoever sees how the account does may not see the job that has written to them. */
    private static String sentence(String accountId, MailUse use, MailFailure failure) {
        if (use != MailUse.SEND || failure.layer() == MailFailure.Layer.TOKEN) {
            return failure.getMessage();
        }
        List<String> own = OAuthMailConfiguration.get()
                .account(accountId)
                .map(MailAccount::senders)
                .orElse(List.of());
        return ActivityEntry.withoutAddresses(failure.getMessage(), own);
    }

    private synchronized Optional<LastUse> find(String accountId, MailUse use) {
        return Optional.ofNullable(uses().get(key(accountId, use)));
    }

    private static String key(String accountId, MailUse use) {
        return use.name() + ' ' + accountId;
    }

    @SuppressWarnings("unchecked") // other content causes an exception, which is handled
    private Map<String, LastUse> uses() {
        if (uses == null) {
            uses = new HashMap<>();
            try {
                XmlFile file = file();
                if (file.exists()) {
                    uses.putAll((Map<String, LastUse>) file.read());
                }
            } catch (IOException | ClassCastException e) {
                LOGGER.log(Level.WARNING, "Cannot read when mail accounts were last used; starting over", e);
            }
        }
        return uses;
    }

    private void save() {
        long now = clock.millis();
        uses().values().forEach(use -> use.saved = now);
        try {
            file().write(uses());
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "Cannot record when mail accounts were last used", e);
        }
    }

    private static XmlFile file() throws IOException {
        return StoredXml.state(XML, "activity.xml", "config.AccountActivity");
    }

    /**
     * A use of a mailbox.
     *
     * @param <T> type of the result
     */
    @FunctionalInterface
    public interface Work<T> {
        /** Performs the work. */
        T done() throws MailFailure, InterruptedException;
    }

    private static final class LastUse {
        private static final long UNKNOWN = -1;

        /** Milliseconds since the epoch; 0 for never. */
        private final long good;

        @CheckForNull
        private final AccountFailure trouble;

        /** Milliseconds since the epoch when the account began to work; 0 if it failed last; -1 if unknown. */
        private final long since;

        /** Whether it has failed only because there was no token. */
        private final boolean withoutToken;

        private transient long saved;

        private LastUse(long good, long since, @CheckForNull AccountFailure trouble, boolean withoutToken) {
            this.good = good;
            this.since = since;
            this.trouble = trouble;
            this.withoutToken = withoutToken;
        }

        static LastUse success(long good, long since) {
            return new LastUse(good, since, null, false);
        }

        static LastUse unknown(long good) {
            return new LastUse(good, UNKNOWN, null, false);
        }

        static LastUse failure(long good, AccountFailure trouble, boolean withoutToken) {
            return new LastUse(good, 0, trouble, withoutToken);
        }

        boolean differsOnlyInTime(@CheckForNull LastUse before) {
            return before != null
                    && (trouble == null
                            ? before.trouble == null && since() == before.since()
                            : trouble.sameSentenceAs(before.trouble));
        }

        /** When the account began to work; 0 if it is not known to work. */
        long since() {
            if (since == 0) {
                // Written before this was recorded, so only the last success is known.
                return trouble == null ? good : 0;
            }
            return since == UNKNOWN ? 0 : since;
        }
    }
}
