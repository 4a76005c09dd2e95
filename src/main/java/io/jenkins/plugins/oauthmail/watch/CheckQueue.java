package io.jenkins.plugins.oauthmail.watch;

import hudson.model.Computer;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.util.Timer;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The listeners that wait for mail in one folder, and the order in which they check for it. At most one checks at a
 * time. While the server is unavailable, none of them tries: all checks pause for as long as the server asks for, or
 * with back-off. A failure of one listener does not keep the others from checking. No method blocks or throws.
 */
@Restricted(NoExternalUse.class)
public final class CheckQueue {
    private static final Logger LOGGER = Logger.getLogger(CheckQueue.class.getName());
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final Duration MAX_PAUSE = Duration.ofMinutes(5);
    /** A server that asks for a delay is working, so its own number counts more than our back-off. */
    private static final Duration MAX_PAUSE_IF_ASKED = Duration.ofMinutes(1);

    /** How long the shared connection is kept after the last check. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final String place;
    private final Duration firstPause;

    /** Each with its owner. */
    private final Map<FolderWatches.Listener, Object> members = new LinkedHashMap<>();
    /** Who is due for a check; each listener once, however much mail arrives meanwhile. */
    private final Turns queue = new Turns();

    private final TimeSource time;
    private final SharedReading shared;

    /** Whether a thread is working through the queue, or about to start. */
    private boolean busy;
    /** Who is checking now, and in which thread; null for nobody. */
    private FolderWatches.Listener current;

    private Thread thread;
    /** Whether the current check goes ahead of others. */
    private boolean currentIsFirst;
    /** Whether this class interrupted the current check so that it is repeated. */
    private boolean restarted;
    /**
     * Whose checks were interrupted for others and have not been repeated yet: however often others are in a hurry, a check
     * that takes long ends some time.
     */
    private final Set<FolderWatches.Listener> deferred = new HashSet<>();
    /** The scheduled end of the pause; null if there is none. */
    private Future<?> pauseEnd;

    private int failures;
    /** When a check succeeded last; null for never. */
    private Instant lastSuccess;

    /** @param place account and folder, for the log */
    public CheckQueue(String place) {
        this(place, FIRST_PAUSE, TimeSource.SYSTEM);
    }

    /**
     * @param place account and folder, for the log
     * @param firstPause how long all checks pause after the first failure
     */
    public CheckQueue(String place, Duration firstPause, TimeSource time) {
        this.place = place;
        this.firstPause = firstPause;
        this.time = time;
        shared = new SharedReading(time);
    }

    /** Adds a listener, which checks now and whenever {@link #requestAll} is called, until it leaves. */
    public synchronized void join(FolderWatches.Listener who) {
        members.put(who, who.owner());
        request(who);
    }

    /** Removes a listener and interrupts its check; returns true if it was registered and none is left. */
    public synchronized boolean leave(FolderWatches.Listener who) {
        queue.remove(who);
        deferred.remove(who);
        boolean known = members.remove(who) != null;
        if (current == who && thread != Thread.currentThread()) {
            thread.interrupt();
        }
        notifyAll();
        return known && members.isEmpty();
    }

    synchronized void request(FolderWatches.Listener who) {
        if (members.containsKey(who)) {
            queue.add(who, members.get(who), time.now());
            begin();
        }
    }

    /** Like {@link #request}, but ahead of all others. */
    public synchronized void requestFirst(FolderWatches.Listener who) {
        if (members.containsKey(who)) {
            request(who);
            hurry(who);
        }
    }

    private void hurry(FolderWatches.Listener who) {
        queue.hurry(who);
        if (isKeptWaiting(who)) {
            shared.setAwaited();
        }
    }

    /** Whether a listener is due, and another one is checking that does not go ahead of others itself. */
    private boolean isKeptWaiting(FolderWatches.Listener who) {
        return queue.contains(who) && current != null && current != who && !currentIsFirst;
    }

    /**
     * Has a check that is due begin now, ahead of all others: interrupts the check of another listener, which is repeated
     * later, unless that one went ahead of others, too, or was interrupted for others before. Does nothing if the listener
     * is not due, such as while it is checking.
     */
    public synchronized void interruptFor(FolderWatches.Listener who) {
        hurry(who);
        if (isKeptWaiting(who) && deferred.add(current)) {
            restarted = true;
            thread.interrupt();
        }
    }

    public synchronized void requestAll() {
        Instant now = time.now();
        members.forEach((who, owner) -> queue.add(who, owner, now));
        begin();
    }

    /** Ends the shared connection, repeats the current check and ends any pause. */
    public synchronized void restart() {
        failures = 0;
        if (current != null) {
            restarted = true;
            thread.interrupt();
        }
        // After the interrupt, without which the listener would take the end of the connection for a failure.
        shared.abort();
        if (pauseEnd != null) {
            pauseEnd.cancel(false);
            pauseEnd = null;
        }
        notifyAll();
        begin();
    }

    /**
     * Whether a check has succeeded within that time, or the server has answered one that reads much and is still at
     * work.
     */
    public synchronized boolean hasSucceededWithin(Duration period) {
        Instant begin = time.now().minus(period);
        Instant answered = shared.answered();
        return lastSuccess != null && lastSuccess.isAfter(begin) || answered != null && answered.isAfter(begin);
    }

    synchronized List<FolderWatches.Listener> members() {
        return List.copyOf(members.keySet());
    }

    synchronized boolean isEmpty() {
        return members.isEmpty();
    }

    /** Notifies all listeners that the folder cannot be watched. */
    public void watchFailed(MailFailure failure) {
        List<FolderWatches.Listener> all;
        synchronized (this) {
            all = new ArrayList<>(members.keySet());
        }
        notifyWatchFailed(all, failure);
    }

    private void notifyWatchFailed(List<FolderWatches.Listener> some, MailFailure failure) {
        for (FolderWatches.Listener who : some) {
            try {
                who.watchFailed(failure);
            } catch (Throwable unforeseen) { // a failing listener must not keep the others from being notified
                notifyCheckFailed(who, unforeseen);
            }
        }
    }

    private void begin() {
        if (pauseEnd != null || queue.isEmpty()) {
            return;
        }
        if (busy) {
            notifyAll();
            return;
        }
        busy = true;
        try {
            Computer.threadPoolForRemoting.execute(this::lookInTurn);
        } catch (RejectedExecutionException | OutOfMemoryError noThread) {
            busy = false;
            log("There is no thread to check for mail", noThread);
            pauseFor(firstPause);
        }
    }

    private void lookInTurn() {
        boolean drained = false;
        try {
            FolderWatches.Listener next;
            while ((next = next()) != null) {
                turn(next);
            }
            drained = true;
        } finally {
            if (!drained) {
                shared.close();
                synchronized (this) {
                    ended();
                    pauseFor(firstPause);
                }
            }
        }
    }

    /** Returns null when the thread is to end. */
    private FolderWatches.Listener next() {
        FolderWatches.Listener next = taken();
        if (next == null && shared.isOpen()) {
            linger();
            next = taken();
        }
        if (next != null) {
            return next;
        }
        shared.close();
        synchronized (this) {
            // Somebody may have become due while the connection was being closed.
            next = taken();
            if (next == null) {
                ended();
            }
            return next;
        }
    }

    private synchronized FolderWatches.Listener taken() {
        Turns.Turn turn = pauseEnd == null ? queue.next() : null;
        if (turn == null) {
            return null;
        }
        shared.next(turn.since(), queue.size() + 1);
        thread = Thread.currentThread();
        current = turn.who();
        currentIsFirst = turn.first();
        restarted = false;
        return current;
    }

    /**
     * Keeps the connection for a moment: builds often begin to wait at the same time, and mail often comes in groups.
     */
    private synchronized void linger() {
        Instant end = Instant.now().plus(LINGER);
        Duration left = LINGER;
        while (pauseEnd == null && queue.isEmpty() && !members.isEmpty() && shared.isOpen() && left.toMillis() > 0) {
            try {
                wait(left.toMillis());
            } catch (InterruptedException e) {
                // Meant for a check that is over, or Jenkins is shutting down.
                return;
            }
            left = Duration.between(Instant.now(), end);
        }
    }

    private void ended() {
        busy = false;
        current = null;
        thread = null;
    }

    private void turn(FolderWatches.Listener who) {
        Throwable broken = null;
        MailFailure failure = null;
        boolean interrupted = false;
        try {
            who.checkForMail(shared);
        } catch (MailFailure passing) {
            failure = passing;
        } catch (InterruptedException e) {
            interrupted = true;
        } catch (Throwable unforeseen) { // Errors too: the others must get their turn
            broken = unforeseen;
        }
        List<FolderWatches.Listener> others = settle(who, failure, interrupted, broken);
        if (failure != null) {
            notifyWatchFailed(others, failure);
        }
        if (broken != null) {
            notifyCheckFailed(who, broken);
        }
    }

    /** Updates the state after a check; returns the other listeners to notify of the failure. */
    private synchronized List<FolderWatches.Listener> settle(
            FolderWatches.Listener who, MailFailure failure, boolean interrupted, Throwable broken) {
        current = null;
        // An interrupt that was meant for this listener must not reach the next one.
        Thread.interrupted();
        List<FolderWatches.Listener> others = List.of();
        boolean waits = members.containsKey(who);
        if (!restarted || !waits) {
            deferred.remove(who);
        }
        if (failure != null && !restarted) {
            // What is wrong with messages may be due to what this one asks for.
            others = failure.layer() == MailFailure.Layer.MESSAGE ? List.of() : queue.all();
            pauseFor(pause(failure));
        } else if (interrupted && waits && !restarted) {
            // Not interrupted by this class; Jenkins may be shutting down.
            pauseFor(firstPause);
        } else if (failure == null && !interrupted && broken == null) {
            lastSuccess = time.now();
            failures = 0;
        }
        if (waits && (failure != null || interrupted) && !queue.contains(who)) {
            queue.add(who, members.get(who), time.now());
        }
        return others;
    }

    /** How long all checks pause after this failure. */
    Duration pause(MailFailure failure) {
        long millis = firstPause.toMillis() << Math.min(failures++, 10);
        Duration suggested = failure.retryAfter().orElse(Duration.ZERO);
        Duration most = suggested.isZero() ? MAX_PAUSE : MAX_PAUSE_IF_ASKED;
        Duration own = Duration.ofMillis(Math.min(millis, most.toMillis()));
        Duration pause = suggested.compareTo(own) > 0 ? suggested : own;
        // Spreads the retries of many folders.
        return pause.plusMillis((long) (time.chance() * (pause.toMillis() / 4 + 1)));
    }

    private void pauseFor(Duration pause) {
        if (pauseEnd != null) {
            return;
        }
        try {
            pauseEnd = Timer.get().schedule(this::resume, pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            log("Checks for mail cannot be scheduled", e);
            // Either Jenkins is shutting down, or the next listener to join starts again.
            queue.clear();
        }
    }

    private synchronized void resume() {
        pauseEnd = null;
        begin();
    }

    private void notifyCheckFailed(FolderWatches.Listener who, Throwable unforeseen) {
        log("A waiting build or a trigger failed to check for mail", unforeseen);
        try {
            who.checkFailed(unforeseen);
        } catch (Throwable again) {
            log("A waiting build or a trigger could not be notified of its failed check for mail", again);
        }
    }

    private void log(String what, Throwable why) {
        try {
            LOGGER.log(Level.WARNING, what + ", " + place, why);
        } catch (Throwable e) { // logging may fail too if memory is exhausted
            return;
        }
    }
}
