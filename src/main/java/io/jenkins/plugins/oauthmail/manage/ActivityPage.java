package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.account.ActivityEntry;
import io.jenkins.plugins.oauthmail.account.ActivityLog;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.watch.FolderWatches;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** What an account sent and read, as far as the user may see the jobs, and who waits for mail. */
@Restricted(NoExternalUse.class)
public final class ActivityPage {
    private static final Logger LOGGER = Logger.getLogger(ActivityPage.class.getName());

    /** How many messages, jobs and waiting builds are listed. */
    static final int MAX_ROWS = 50;

    private static final int MAX_JOBS = 20;
    private static final List<Duration> AGES = List.of(Duration.ofDays(1), Duration.ofDays(7), Duration.ofDays(30));

    private final MailAccount account;
    private final VisibleJobs visible = new VisibleJobs();
    private final List<ActivityRow> rows = new ArrayList<>();
    private final List<ActivityCount> counts = new ArrayList<>();
    private final List<ActivityWaiter> waiting;
    private final ActivityCount total = new ActivityCount(null, null, null);
    private boolean readable = true;
    private long delayed;
    private Duration delay = Duration.ZERO;

    private ActivityPage(MailAccount account) {
        this.account = account;
        waiting = FolderWatches.get().waiters(account.getId()).stream()
                .map(waiter -> new ActivityWaiter(waiter, visible.find(waiter.job())))
                .sorted(Comparator.comparing(ActivityWaiter::getLabel))
                .toList();
    }

    @NonNull
    static ActivityPage of(@NonNull MailAccount account, @NonNull Instant now) {
        ActivityPage page = new ActivityPage(account);
        try {
            page.read(now);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot read the activity of mail account " + account.getId());
            page.readable = false;
        }
        return page;
    }

    private void read(Instant now) throws IOException {
        List<Instant> begins = AGES.stream().map(now::minus).toList();
        Deque<ActivityEntry> last = new ArrayDeque<>();
        Map<String, ActivityCount> byUser = new HashMap<>();
        ActivityLog.get().read(account.getId(), entry -> {
            last.addLast(entry);
            if (last.size() > MAX_ROWS) {
                last.removeFirst();
            }
            if (entry.time().isBefore(begins.get(ActivityCount.PERIODS - 1))) {
                return;
            }
            String user = entry.job() == null ? ' ' + entry.source().name() : entry.job();
            ActivityCount count = byUser.computeIfAbsent(user, unused -> count(entry));
            for (int period = 0; period < ActivityCount.PERIODS; period++) {
                if (!entry.time().isBefore(begins.get(period))) {
                    count.add(entry, period);
                    total.add(entry, period);
                }
            }
            if (!entry.delay().isZero()) {
                delayed++;
                delay = delay.plus(entry.delay());
            }
        });
        last.descendingIterator()
                .forEachRemaining(
                        entry -> rows.add(new ActivityRow(entry, visible.find(entry.job()), account.getAddress())));
        counts.addAll(byUser.values());
        counts.sort(Comparator.comparingLong(ActivityCount::all).reversed());
    }

    private ActivityCount count(ActivityEntry entry) {
        return new ActivityCount(
                entry.job(),
                visible.find(entry.job()),
                entry.job() == null ? entry.source().getText() : null);
    }

    /** Whether the recorded activity could be read. */
    public boolean isReadable() {
        return readable;
    }

    /** The last messages, newest first. */
    @NonNull
    public List<ActivityRow> getRows() {
        return rows;
    }

    /** How much each job sent and read, the busiest first. */
    @NonNull
    public List<ActivityCount> getCounts() {
        return counts.subList(0, Math.min(counts.size(), MAX_JOBS));
    }

    /** How many more jobs there are. */
    public int getMoreCounts() {
        return Math.max(0, counts.size() - MAX_JOBS);
    }

    @NonNull
    public ActivityCount getTotal() {
        return total;
    }

    /** Builds and triggers that wait for mail. */
    @NonNull
    public List<ActivityWaiter> getWaiting() {
        return waiting.subList(0, Math.min(waiting.size(), MAX_ROWS));
    }

    /** How many more there are. */
    public int getMoreWaiting() {
        return Math.max(0, waiting.size() - MAX_ROWS);
    }

    /** How many messages of the last 30 days had to wait, in words; null if none had to. */
    @CheckForNull
    public String getDelays() {
        return delayed == 0 ? null : Messages.ActivityPage_delays(delayed, seconds(delay));
    }

    static String seconds(Duration time) {
        long seconds = Math.max(1, time.toSeconds());
        return seconds < 120
                ? Messages.ActivityPage_seconds(seconds)
                : Messages.ActivityPage_minutes(Math.round(seconds / 60.0));
    }
}
