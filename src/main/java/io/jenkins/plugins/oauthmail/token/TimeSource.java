package io.jenkins.plugins.oauthmail.token;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Clock, delays and random numbers, which tests replace. */
public interface TimeSource {

    /** The real time. */
    TimeSource SYSTEM = new TimeSource() {
        private final Instant start = Instant.now();
        private final long startNanos = System.nanoTime();
        private final Executor threads = DaemonThreads.named("timer");

        @Override
        public Instant now() {
            // Not the system clock, which may be set back.
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

    /** The current time, which never goes backwards. */
    @NonNull
    Instant now();

    /** Waits for this long; ends immediately when the thread is interrupted. */
    void pause(@NonNull Duration duration) throws InterruptedException;

    /** Runs a task after this delay, in another thread. */
    void later(@NonNull Duration delay, @NonNull Runnable task);

    /** A random number, at least 0 and less than 1. */
    double chance();
}
