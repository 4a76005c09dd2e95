package io.jenkins.plugins.oauthmail.mail.graph;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.connect.FolderMonitor;
import io.jenkins.plugins.oauthmail.mail.connect.Pause;
import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Watches one folder by asking again and again what is new, less often the longer nothing comes. Where the server does
 * not say what is new, mail may have arrived each time.
 */
public final class GraphFolderMonitor implements FolderMonitor {
    private static final Duration FIRST_POLL = Duration.ofSeconds(5);
    private static final Duration MAX_POLL = Duration.ofSeconds(30);

    /** As with IMAP, whatever the server says. */
    private static final Duration RENEWAL = Duration.ofMinutes(9);

    /** For a pause that somebody else ends. */
    private static final Duration ENDLESS = Duration.ofDays(365);

    /** Given each pause when it begins, to complete it; null for the real time. */
    @CheckForNull
    private static volatile Consumer<CompletableFuture<Void>> replacement;

    private final GraphClient client;
    private final String folder;
    private final Duration renewal;
    private final Duration firstPoll;
    private final Duration maxPoll;
    private boolean closed;
    /** Whether the pause that a test ends is over. */
    private volatile boolean due;

    public GraphFolderMonitor(@NonNull Mailbox mailbox, @NonNull String folder) {
        this(mailbox, folder, RENEWAL, FIRST_POLL, MAX_POLL, Timeouts.DEFAULT);
    }

    /**
     * @param renewal after which time mail may have arrived even if the server says that nothing is new
     * @param firstPoll how long to wait before asking again, after something has come
     * @param maxPoll the longest wait
     */
    public GraphFolderMonitor(
            Mailbox mailbox, String folder, Duration renewal, Duration firstPoll, Duration maxPoll, Timeouts timeouts) {
        this.client = GraphClient.patient(mailbox, timeouts, TimeSource.SYSTEM);
        this.folder = folder;
        this.renewal = renewal;
        this.firstPoll = firstPoll;
        this.maxPoll = maxPoll;
    }

    /** Has somebody else decide when the pauses of all watches end, for tests; null for the real time. */
    static void pausesEndBy(@CheckForNull Consumer<CompletableFuture<Void>> other) {
        replacement = other;
    }

    @Override
    public void run(@NonNull Runnable news) throws MailFailure, InterruptedException {
        try {
            if (!isClosed()) {
                watch(news);
            }
        } catch (MailFailure failure) {
            if (!isClosed()) {
                throw failure;
            }
        }
    }

    private void watch(Runnable news) throws MailFailure, InterruptedException {
        String id = id();
        GraphDelta delta = new GraphDelta(client, folder, id);
        String link = link(delta.now(ReadDeadline.ENDLESS));
        news.run();
        Instant due = TimeSource.SYSTEM.now().plus(renewal);
        Duration poll = firstPoll;
        while (pause(link == null ? maxPoll : poll)) {
            boolean renews = !TimeSource.SYSTEM.now().isBefore(due);
            boolean arrived = link == null || renews;
            try {
                if (renews && !id.equals(id())) {
                    // Another folder has the name now. The caller begins anew, with that one.
                    return;
                }
                GraphDelta.Round round = link == null ? null : delta.since(link, 0, ReadDeadline.ENDLESS);
                if (round != null) {
                    arrived |= !round.ids().isEmpty();
                    link = round.link();
                } else if (link != null) {
                    link = link(delta.now(ReadDeadline.ENDLESS));
                    arrived = true;
                }
            } catch (MailFailure failure) {
                Duration asked = failure.retryAfter().orElse(null);
                if (!failure.passing()) {
                    throw failure;
                }
                if (asked == null || !pause(asked)) {
                    // The caller begins anew, which shows whether the server can be reached at all.
                    return;
                }
            }
            poll = arrived ? firstPoll : shorter(poll.multipliedBy(3).dividedBy(2), maxPoll);
            if (arrived) {
                due = TimeSource.SYSTEM.now().plus(renewal);
                news.run();
            }
        }
    }

    private String id() throws MailFailure, InterruptedException {
        return new GraphFolders(client, TimeSource.SYSTEM).id(folder, ReadDeadline.ENDLESS);
    }

    @CheckForNull
    private static String link(@CheckForNull GraphDelta.Round now) {
        return now == null ? null : now.link();
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** Waits; returns whether the whole time passed without close(). */
    private synchronized boolean pause(Duration time) throws InterruptedException {
        Consumer<CompletableFuture<Void>> other = replacement;
        if (other == null) {
            return Pause.on(this, time, () -> closed);
        }
        due = false;
        CompletableFuture<Void> end = new CompletableFuture<>();
        end.thenRun(this::wake);
        other.accept(end);
        try {
            Pause.on(this, ENDLESS, () -> closed || due);
        } finally {
            end.cancel(false);
        }
        return !closed;
    }

    private synchronized void wake() {
        due = true;
        notifyAll();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        client.abort();
    }
}
