package io.jenkins.plugins.oauthmail.token;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Clock, waiting and chance, so that tests need none of them. */
public interface TimeSource {

    /** The time that counts in production. */
    TimeSource SYSTEM = new TimeSource() {
        private final Instant start = Instant.now();
        private final long startNanos = System.nanoTime();
        private final Executor threads = DaemonThreads.named("timer");

        @Override
        public Instant now() {
            // Not the clock on the wall, which somebody may set back for an hour.
            return start.plusNanos(System.nanoTime() - startNanos);
        }

        @Override
        public void pause(Duration duration) throws InterruptedException {
            TimeUnit.MILLISECONDS.sleep(duration.toMillis());
        }

        @Override
        public void later(Duration delay, Runnable task) {
            CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS, threads)
                    .execute(task);
        }

        @Override
        public double chance() {
            return ThreadLocalRandom.current().nextDouble();
        }
    };

    /** Never goes back. */
    @NonNull
    Instant now();

    /** Does nothing for so long; ends at once when the thread is interrupted. */
    void pause(@NonNull Duration duration) throws InterruptedException;

    /** Does something after so long, on another thread. */
    void later(@NonNull Duration delay, @NonNull Runnable task);

    /** At least 0, less than 1. */
    double chance();
}
