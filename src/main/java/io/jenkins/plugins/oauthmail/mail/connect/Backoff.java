package io.jenkins.plugins.oauthmail.mail.connect;

import java.time.Duration;

/** How often, and after how long, something that failed for the time being is tried again. */
public final class Backoff {

    /** The first try included. */
    public static final int TRIES = 4;

    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final int GROWTH = 3;

    private Backoff() {}

    /**
     * How long to wait after a try that failed: 5, 15 and 45 seconds, a quarter more or less by chance, so that
     * builds that were refused together do not come back together.
     *
     * @param failed number of the try, from 1
     * @param chance at least 0, less than 1
     */
    public static Duration after(int failed, double chance) {
        double middle = FIRST.toMillis() * Math.pow(GROWTH, failed - 1);
        return Duration.ofMillis(Math.round(middle * (0.75 + chance / 2)));
    }
}
