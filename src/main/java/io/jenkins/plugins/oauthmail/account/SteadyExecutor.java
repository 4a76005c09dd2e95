package io.jenkins.plugins.oauthmail.account;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.token.DaemonThreads;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;

/**
 * Runs each task in a thread of its own or, while no thread can be made, one after the other in a thread that there has
 * always been. Java's HTTP client ends for good if its executor throws an error.
 */
final class SteadyExecutor implements Executor {
    private final Executor usual;
    private final LinkedBlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>();

    /** @param usual may throw an error or an exception instead of running a task */
    SteadyExecutor(@NonNull Executor usual) {
        this.usual = usual;
        DaemonThreads.named("reserve").execute(this::runWaiting);
    }

    @Override
    public void execute(@NonNull Runnable task) {
        try {
            usual.execute(task);
        } catch (RejectedExecutionException | OutOfMemoryError noThread) {
            waiting.add(task);
        }
    }

    private void runWaiting() {
        while (true) {
            try {
                // A task that fails must not end the thread.
                new FutureTask<>(waiting.take(), null).run();
            } catch (InterruptedException stray) {
                // Nobody ends it: it does not keep the JVM alive.
            }
        }
    }
}
