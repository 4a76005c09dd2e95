package io.jenkins.plugins.oauthmail.account;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.token.DaemonThreads;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Runs each task in a thread of its own or, while no thread can be made, one after the other in a thread that there has
 * always been. Java's HTTP client ends for good if its executor throws an error.
 */
final class SteadyExecutor implements Executor {
    private static final Logger LOGGER = Logger.getLogger(SteadyExecutor.class.getName());

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
                waiting.take().run();
            } catch (InterruptedException | RuntimeException | Error failure) {
                // No task that fails may end the thread, and nobody else does: it does not keep the JVM alive.
                LOGGER.log(Level.FINE, "A task of the HTTP client has failed", failure);
            }
        }
    }
}
