package io.jenkins.plugins.oauthmail.watch;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import jenkins.util.Timer;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The deadline of a build that waits for mail. When it passes, the build makes one last check, ahead of all others. If
 * another listener's check takes long, that one is interrupted, as it would hide what came in time. The wait ends after a
 * few seconds even if the server does not answer.
 */
@Restricted(NoExternalUse.class)
public final class WaitDeadline {
    /** Time for the last check, at the deadline. */
    private static final Duration LAST_CHECK_TIME = Duration.ofSeconds(5);

    /** How much of that the check of another listener may take. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    /** Time for the last check if it is also the first one, because the controller was down. */
    private static final Duration ONLY_CHECK_TIME = Duration.ofMinutes(1);

    /** Maximum delay of the last check by others that are due at the same time. */
    private static final Duration MAX_DELAY = Duration.ofMinutes(1);

    private final String accountId;
    private final String folder;
    private final FolderWatches.Listener who;
    private final Duration patience;
    private final Runnable giveUp;

    private boolean past;
    private boolean cancelled;
    private Future<?> alarm;

    /**
     * @param accountId ID of the account, as in {@link FolderWatches#join}
     * @param folder full name of the folder
     * @param who makes the last check
     * @param resumed whether the build resumed waiting after a restart of the controller
     * @param giveUp called if the last check does not end in time, so that it is unknown what came in time; must not
     *     block
     */
    public WaitDeadline(
            @NonNull String accountId,
            @NonNull String folder,
            @NonNull FolderWatches.Listener who,
            boolean resumed,
            @NonNull Runnable giveUp) {
        this.accountId = accountId;
        this.folder = folder;
        this.who = who;
        this.patience = resumed ? ONLY_CHECK_TIME : LAST_CHECK_TIME;
        this.giveUp = giveUp;
    }

    /** Sets the deadline; does nothing after {@link #cancel}. */
    public void start(@NonNull Duration left) {
        schedule(this::pass, left);
    }

    /** Whether the deadline has passed, so that the next check is the last one. */
    public synchronized boolean isPast() {
        return past;
    }

    /** Nothing happens any more. */
    public synchronized void cancel() {
        cancelled = true;
        if (alarm != null) {
            alarm.cancel(false);
        }
    }

    private synchronized void schedule(Runnable what, Duration in) {
        if (!cancelled) {
            alarm = Timer.get().schedule(what, in.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void pass() {
        synchronized (this) {
            past = true;
        }
        schedule(this::hurry, GRACE);
        FolderWatches.get().nudgeFirst(accountId, folder, who);
    }

    private void hurry() {
        schedule(() -> endUnlessAnswering(patience), patience.minus(GRACE));
        FolderWatches.get().interruptFor(accountId, folder, who);
    }

    /** Ends the wait for the last check, unless the server is answering others. */
    private void endUnlessAnswering(Duration waited) {
        if (waited.compareTo(MAX_DELAY) < 0
                && FolderWatches.get().hasLookedWithin(accountId, folder, LAST_CHECK_TIME)) {
            schedule(() -> endUnlessAnswering(waited.plus(LAST_CHECK_TIME)), LAST_CHECK_TIME);
        } else {
            giveUp.run();
        }
    }
}
