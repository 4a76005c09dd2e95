package io.jenkins.plugins.oauthmail.mail.graph;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The time between the polls of all watches with Microsoft Graph: it passes when a test says that something has
 * happened. A watch that was busy meanwhile polls once more immediately, so nothing that happens is missed.
 */
public final class GraphPolls implements AutoCloseable {
    private final Map<CompletableFuture<Void>, Thread> pauses = new HashMap<>();
    /** What each thread could know when its last pause began. */
    private final Map<Thread, Long> known = new HashMap<>();

    private long happened;

    private GraphPolls() {}

    /** From now on until this is closed. */
    @NonNull
    public static GraphPolls begin() {
        GraphPolls polls = new GraphPolls();
        GraphFolderMonitor.pausesEndBy(polls::pause);
        return polls;
    }

    /** Something has happened, so it is time to poll. */
    public void poll() {
        List<CompletableFuture<Void>> due;
        synchronized (this) {
            happened++;
            due = new ArrayList<>(pauses.keySet());
            pauses.values().forEach(thread -> known.put(thread, happened));
            pauses.clear();
        }
        due.forEach(pause -> pause.complete(null));
    }

    /** How many watches are waiting for that. */
    public synchronized int watches() {
        return pauses.size();
    }

    private void pause(CompletableFuture<Void> pause) {
        boolean missed;
        synchronized (this) {
            Long before = known.put(Thread.currentThread(), happened);
            missed = before == null || before != happened;
            if (!missed) {
                pauses.put(pause, Thread.currentThread());
            }
        }
        if (missed) {
            pause.complete(null);
        } else {
            pause.whenComplete((nothing, closed) -> forget(pause));
        }
    }

    private synchronized void forget(CompletableFuture<Void> pause) {
        pauses.remove(pause);
    }

    @Override
    public void close() {
        GraphFolderMonitor.pausesEndBy(null);
        poll();
    }
}
