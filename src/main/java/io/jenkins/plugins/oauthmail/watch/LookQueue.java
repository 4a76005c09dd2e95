package io.jenkins.plugins.oauthmail.watch;

import hudson.model.Computer;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.util.Timer;

/**
 * Who waits for mail in one folder, and whose turn it is to look. At most one looks at a time. When the server cannot be
 * asked, none of them is sent there in vain: all rest as long as the server suggests, or longer each time. Whatever one
 * of them fails with, the others get their turn. No method blocks or throws.
 */
public final class LookQueue {
    private static final Logger LOGGER = Logger.getLogger(LookQueue.class.getName());
    private static final Duration FIRST_REST = Duration.ofSeconds(5);
    private static final Duration MAX_REST = Duration.ofMinutes(5);

    private final String place;
    private final Duration firstRest;

    private final Set<FolderWatches.Waiting> members = new LinkedHashSet<>();
    /** Who is to look and since when; nobody twice, however often mail comes meanwhile. */
    private final Map<FolderWatches.Waiting, Long> queue = new LinkedHashMap<>();
    /** Those of the queue who have no time to lose. */
    private final Set<FolderWatches.Waiting> urgent = new LinkedHashSet<>();

    private final SharedReading shared = new SharedReading();

    /** Whether a thread goes through the queue, or is about to. */
    private boolean busy;
    /** Who looks now, and in which thread; null for nobody. */
    private FolderWatches.Waiting present;

    private Thread thread;
    /** Whether the present look was interrupted from here to be made once more. */
    private boolean cut;
    /** The end of the rest; null if nobody rests. */
    private Future<?> rest;

    private int failures;
    private boolean succeeded;
    private long lastSuccess;

    /** @param place account and folder, for the log */
    public LookQueue(String place) {
        this(place, FIRST_REST);
    }

    public LookQueue(String place, Duration firstRest) {
        this.place = place;
        this.firstRest = firstRest;
    }

    /** Has somebody look now and whenever {@link #everybody} is called, until it leaves. */
    public synchronized void join(FolderWatches.Waiting who) {
        members.add(who);
        request(who);
    }

    /** Ends that, and a look that is on; says whether it was there and nobody is left. */
    public synchronized boolean leave(FolderWatches.Waiting who) {
        queue.remove(who);
        urgent.remove(who);
        boolean known = members.remove(who);
        if (present == who && thread != Thread.currentThread()) {
            thread.interrupt();
        }
        return known && members.isEmpty();
    }

    synchronized void request(FolderWatches.Waiting who) {
        if (members.contains(who)) {
            queue.put(who, System.nanoTime());
            begin();
        }
    }

    /** As {@link #request}, before all others. */
    public synchronized void requestFirst(FolderWatches.Waiting who) {
        if (members.contains(who)) {
            urgent.add(who);
            request(who);
        }
    }

    public synchronized void everybody() {
        long now = System.nanoTime();
        members.forEach(who -> queue.put(who, now));
        begin();
    }

    /** What was read may be out of date: the present look is made once more, and nobody rests. */
    public synchronized void restart() {
        shared.clear();
        failures = 0;
        if (present != null) {
            cut = true;
            thread.interrupt();
        }
        if (rest != null) {
            rest.cancel(false);
            rest = null;
        }
        begin();
    }

    /** Whether nobody may be given what was read before. */
    synchronized void forgetWhatWasRead() {
        shared.clear();
    }

    /** Whether a look has succeeded within that time. */
    public synchronized boolean hasSucceededWithin(Duration time) {
        return succeeded && System.nanoTime() - lastSuccess < time.toNanos();
    }

    synchronized boolean isEmpty() {
        return members.isEmpty();
    }

    /** Says to everybody that the folder cannot be watched. */
    public void unwatched(MailFailure failure) {
        List<FolderWatches.Waiting> all;
        synchronized (this) {
            all = new ArrayList<>(members);
        }
        tell(all, failure);
    }

    private void tell(List<FolderWatches.Waiting> some, MailFailure failure) {
        for (FolderWatches.Waiting who : some) {
            try {
                who.unwatched(failure);
            } catch (Throwable unforeseen) { // one that cannot bear it must not keep it from the others
                broken(who, unforeseen);
            }
        }
    }

    private void begin() {
        if (busy || rest != null || queue.isEmpty()) {
            return;
        }
        busy = true;
        try {
            Computer.threadPoolForRemoting.execute(this::lookInTurn);
        } catch (RejectedExecutionException | OutOfMemoryError noThread) {
            busy = false;
            log("There is no thread to look for mail with", noThread);
            rest(firstRest);
        }
    }

    private void lookInTurn() {
        boolean drained = false;
        try {
            FolderWatches.Waiting next;
            while ((next = next()) != null) {
                turn(next);
            }
            drained = true;
        } finally {
            if (!drained) {
                synchronized (this) {
                    ended();
                    rest(firstRest);
                }
            }
        }
    }

    private synchronized FolderWatches.Waiting next() {
        if (rest != null || queue.isEmpty()) {
            ended();
            return null;
        }
        Iterator<FolderWatches.Waiting> order = (urgent.isEmpty() ? queue.keySet() : urgent).iterator();
        FolderWatches.Waiting next = order.next();
        urgent.remove(next);
        shared.askedAt(queue.remove(next));
        thread = Thread.currentThread();
        present = next;
        cut = false;
        return next;
    }

    private void ended() {
        busy = false;
        present = null;
        thread = null;
        shared.clear();
    }

    private void turn(FolderWatches.Waiting who) {
        Throwable broken = null;
        MailFailure failure = null;
        boolean interrupted = false;
        try {
            who.look(shared);
        } catch (MailFailure passing) {
            failure = passing;
        } catch (InterruptedException e) {
            interrupted = true;
        } catch (Throwable unforeseen) { // whatever it is, an Error too, the others must get their turn
            broken = unforeseen;
        }
        List<FolderWatches.Waiting> others = settle(who, failure, interrupted, broken);
        if (failure != null) {
            tell(others, failure);
        }
        if (broken != null) {
            broken(who, broken);
        }
    }

    /** Who of the others should learn of the failure. */
    private synchronized List<FolderWatches.Waiting> settle(
            FolderWatches.Waiting who, MailFailure failure, boolean interrupted, Throwable broken) {
        present = null;
        // The next one must not be ended by what was meant for this one.
        Thread.interrupted();
        List<FolderWatches.Waiting> others = List.of();
        boolean waits = members.contains(who);
        if (failure != null && !cut) {
            others = new ArrayList<>(queue.keySet());
            rest(pause(failure));
        } else if (interrupted && waits && !cut) {
            // Nobody here did that; maybe Jenkins is about to end.
            rest(firstRest);
        } else if (failure == null && !interrupted && broken == null) {
            succeeded = true;
            lastSuccess = System.nanoTime();
            failures = 0;
        }
        if (waits && (failure != null || interrupted)) {
            queue.putIfAbsent(who, System.nanoTime());
        }
        return others;
    }

    private Duration pause(MailFailure failure) {
        long millis = firstRest.toMillis() << Math.min(failures++, 10);
        Duration own = Duration.ofMillis(Math.min(millis, MAX_REST.toMillis()));
        Duration suggested = failure.retryAfter().orElse(Duration.ZERO);
        Duration pause = suggested.compareTo(own) > 0 ? suggested : own;
        // Not all folders of all accounts at the same moment.
        return pause.plusMillis(ThreadLocalRandom.current().nextLong(pause.toMillis() / 4 + 1));
    }

    private void rest(Duration time) {
        if (rest != null) {
            return;
        }
        try {
            rest = Timer.get().schedule(this::resume, time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            log("Nobody can be had look for mail later", e);
            // Jenkins is about to end; else whoever comes next begins anew.
            queue.clear();
            urgent.clear();
        }
    }

    private synchronized void resume() {
        rest = null;
        begin();
    }

    private void broken(FolderWatches.Waiting who, Throwable unforeseen) {
        log("A build that waits for mail or a trigger failed", unforeseen);
        try {
            who.failed(unforeseen);
        } catch (Throwable again) {
            log("A build or a trigger could not be told that its look for mail failed", again);
        }
    }

    private void log(String what, Throwable why) {
        try {
            LOGGER.log(Level.WARNING, what + ", " + place, why);
        } catch (Throwable e) { // without memory there may be no log either
            return;
        }
    }
}
