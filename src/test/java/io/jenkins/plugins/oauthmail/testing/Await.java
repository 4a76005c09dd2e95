package io.jenkins.plugins.oauthmail.testing;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waiting for what another thread brings about and gives no signal of. */
public final class Await {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration PAUSE = Duration.ofMillis(1);

    private Await() {}

    /**
     * Returns as soon as a condition holds.
     *
     * @throws AssertionError if it still does not after 40 seconds
     * @throws InterruptedException if the test is over
     */
    public static void until(Callable<Boolean> condition) throws Exception {
        long begin = System.nanoTime();
        while (!condition.call()) {
            if (Thread.interrupted()) {
                throw new InterruptedException("It never came to that.");
            }
            if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                throw new AssertionError("The condition did not hold within " + PATIENCE.toSeconds() + " s.");
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
