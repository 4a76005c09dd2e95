package io.jenkins.plugins.oauthmail.mail.connect;

import java.time.Duration;

/** How often something that failed temporarily is retried, and after which delay. */
public final class Backoff {

    /** Number of attempts, including the first. */
    public static final int TRIES = 4;

    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final int GROWTH = 3;

    private Backoff() {}

    /**
     * The delay after a failed attempt: 5, 15 and 45 seconds, randomly changed by up to a quarter, so that builds that
     * were refused together do not retry together.
     *
     * @param failed number of the failed attempt, from 1
     * @param chance random number, at least 0 and less than 1
     */
    public static Duration after(int failed, double chance) {
        double middle = FIRST.toMillis() * Math.pow(GROWTH, failed - 1);
        return Duration.ofMillis(Math.round(middle * (0.75 + chance / 2)));
    }

    /** A delay in whole seconds, at least one, for sentences. */
    public static long seconds(Duration delay) {
        return Math.max(1, (delay.toMillis() + 500) / 1000);
    }
}
