package io.jenkins.plugins.oauthmail.mail.connect;

import io.jenkins.plugins.oauthmail.token.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waiting that another thread can end. */
public final class Pause {
    private Pause() {}

    /**
     * Waits.
     *
     * @param monitor held by the calling thread; notified when {@code ended} becomes true
     * @param ended whether to stop waiting
     * @return whether the whole time has passed without that
     * @throws InterruptedException if the thread was interrupted
     */
    public static boolean on(Object monitor, Duration time, BooleanSupplier ended) throws InterruptedException {
        Instant end = TimeSource.SYSTEM.now().plus(time);
        Duration left = time;
        while (!ended.getAsBoolean() && !left.isNegative() && !left.isZero()) {
            TimeUnit.NANOSECONDS.timedWait(monitor, left.toNanos());
            left = Duration.between(TimeSource.SYSTEM.now(), end);
        }
        return !ended.getAsBoolean();
    }
}
