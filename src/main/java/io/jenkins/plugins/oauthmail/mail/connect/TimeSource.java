package io.jenkins.plugins.oauthmail.mail.connect;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Clock, waiting and chance, so that tests need none of them. */
public interface TimeSource {

    /** The time that counts in production. */
    TimeSource SYSTEM = new TimeSource() {
        private final Instant start = Instant.now();
        private final long startNanos = System.nanoTime();
        private final ScheduledThreadPoolExecutor timer = MailSession.daemon("oauth-mail idle connections");

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
            timer.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        public double chance() {
            return ThreadLocalRandom.current().nextDouble();
        }
    };

    /** Never goes back. */
    Instant now();

    /** Does nothing for so long; ends at once when the thread is interrupted. */
    void pause(Duration duration) throws InterruptedException;

    /** Does something after so long, on another thread. */
    void later(Duration delay, Runnable task);

    /** At least 0, less than 1. */
    double chance();
}
