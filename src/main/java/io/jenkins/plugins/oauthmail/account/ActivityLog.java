package io.jenkins.plugins.oauthmail.account;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.init.Terminator;
import hudson.model.AsyncPeriodicWork;
import hudson.model.TaskListener;
import io.jenkins.plugins.oauthmail.config.AccountsListener;
import io.jenkins.plugins.oauthmail.config.FieldRules;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import jenkins.util.Timer;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.DoNotUse;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * What each account sent and read, for the pages of the accounts: the last entries, for some months at most. Nothing else
 * depends on it. Entries are kept in files, not in memory, and are appended some seconds later and many at once, so that
 * sending does not wait for the disk.
 */
@Extension
@Restricted(NoExternalUse.class)
public class ActivityLog implements AccountsListener {
    private static final Logger LOGGER = Logger.getLogger(ActivityLog.class.getName());

    /** How long entries are kept. */
    public static final Duration MAX_AGE = Duration.ofDays(90);

    /** How many entries of an account are kept at least; there may be up to twice as many. */
    static final int MIN_KEPT = 50_000;

    private static final Duration DELAY = Duration.ofSeconds(5);

    /** Limits the memory that is needed while the disk is full. */
    private static final int MAX_UNSAVED = 10_000;

    private final Clock clock;
    private final int kept;
    private final Path folder =
            Jenkins.get().getRootDir().toPath().resolve("oauth-mail").resolve("activity");

    private final Map<String, ActivityFile> files = new HashMap<>();

    /** Also the lock of itself and of the two fields below, which is never held during input and output. */
    private final Map<String, List<ActivityEntry>> unsaved = new LinkedHashMap<>();

    private int unsavedEntries;
    private boolean scheduled;

    /** Called by Jenkins. */
    public ActivityLog() {
        this(Clock.systemUTC(), MIN_KEPT);
    }

    ActivityLog(Clock clock, int kept) {
        this.clock = clock;
        this.kept = kept;
    }

    @NonNull
    public static ActivityLog get() {
        return ExtensionList.lookupSingleton(ActivityLog.class);
    }

    /**
     * Records a use of an account, without subject and addresses unless the account is configured to record them. Does
     * nothing if the account does not exist.
     */
    public void record(@NonNull String accountId, @NonNull ActivityEntry entry) {
        MailAccount account = OAuthMailConfiguration.get().account(accountId).orElse(null);
        if (account == null) {
            return;
        }
        ActivityEntry kept = account.isRecordDetails() ? entry : entry.withoutDetails(account.getAddress());
        synchronized (unsaved) {
            if (unsavedEntries < MAX_UNSAVED) {
                unsavedEntries++;
                unsaved.computeIfAbsent(accountId, id -> new ArrayList<>()).add(kept);
            }
            schedule();
        }
        UsageListener.fire(listener -> listener.used(accountId, kept));
    }

    private void schedule() {
        if (scheduled) {
            return;
        }
        try {
            Timer.get()
                    .schedule(
                            () -> {
                                synchronized (unsaved) {
                                    scheduled = false;
                                }
                                save();
                            },
                            DELAY.toMillis(),
                            TimeUnit.MILLISECONDS);
            scheduled = true;
        } catch (RejectedExecutionException e) {
            LOGGER.log(Level.FINE, "Jenkins is shutting down, and saves the activity of mail accounts itself", e);
        }
    }

    /** Called by Jenkins before it stops. */
    @Terminator
    @Restricted(DoNotUse.class)
    public static void saveAtTheEnd() {
        ExtensionList.lookup(ActivityLog.class).forEach(ActivityLog::save);
    }

    /** Writes what was recorded so far to the files. */
    synchronized void save() {
        Map<String, List<ActivityEntry>> batch;
        synchronized (unsaved) {
            batch = new LinkedHashMap<>(unsaved);
            unsaved.clear();
            unsavedEntries = 0;
        }
        batch.forEach((id, entries) -> {
            try {
                file(id).append(entries);
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, e, () -> "Cannot record the activity of mail account " + id);
                keep(id, entries);
            }
        });
    }

    /** For the next attempt, which the next entry causes. */
    private void keep(String id, List<ActivityEntry> entries) {
        synchronized (unsaved) {
            List<ActivityEntry> room =
                    entries.subList(Math.max(0, entries.size() + unsavedEntries - MAX_UNSAVED), entries.size());
            unsaved.computeIfAbsent(id, unused -> new ArrayList<>()).addAll(0, room);
            unsavedEntries += room.size();
        }
    }

    /**
     * Reads the account's entries that are not too old, oldest first.
     *
     * @throws IOException if they cannot be read
     */
    public void read(@NonNull String accountId, @NonNull Consumer<ActivityEntry> reader) throws IOException {
        Instant oldest = clock.instant().minus(MAX_AGE);
        List<InputStream> streams;
        synchronized (this) {
            save();
            streams = file(accountId).open();
        }
        for (InputStream stream : streams) {
            ActivityFile.read(stream, entry -> {
                if (!entry.time().isBefore(oldest)) {
                    reader.accept(entry);
                }
            });
        }
    }

    private synchronized ActivityFile file(String accountId) {
        String problem = FieldRules.id(accountId);
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
        return files.computeIfAbsent(accountId, id -> new ActivityFile(folder, id, kept));
    }

    /** Deletes the entries of accounts that no longer exist. */
    @Override
    public void changed() {
        Set<String> known = OAuthMailConfiguration.get().getAccounts().stream()
                .map(MailAccount::getId)
                .collect(Collectors.toSet());
        forEachRecorded(id -> {
            if (!known.contains(id)) {
                file(id).delete();
            }
        });
        synchronized (this) {
            files.keySet().retainAll(known);
        }
    }

    /** Deletes entries that are too old. */
    void deleteOld() {
        Instant oldest = clock.instant().minus(MAX_AGE);
        forEachRecorded(id -> file(id).deleteBefore(oldest));
    }

    private synchronized void forEachRecorded(Work work) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        Set<String> ids;
        try (Stream<Path> names = Files.list(folder)) {
            ids = names.map(Path::getFileName)
                    .map(name -> ActivityFile.accountId(String.valueOf(name)))
                    .filter(id -> FieldRules.id(id) == null)
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "Cannot list the recorded activity of mail accounts", e);
            return;
        }
        for (String id : ids) {
            try {
                work.on(id);
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, e, () -> "Cannot delete recorded activity of mail account " + id);
            }
        }
    }

    @FunctionalInterface
    private interface Work {
        void on(String accountId) throws IOException;
    }

    /** Deletes old entries every day, also of accounts that are no longer used. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class Upkeep extends AsyncPeriodicWork {
        public Upkeep() {
            super("OAuth Mail activity");
        }

        @Override
        public long getRecurrencePeriod() {
            return DAY;
        }

        @Override
        public long getInitialDelay() {
            return HOUR;
        }

        @Override
        protected void execute(@NonNull TaskListener listener) {
            get().deleteOld();
        }
    }
}
