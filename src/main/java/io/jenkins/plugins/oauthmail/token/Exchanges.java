package io.jenkins.plugins.oauthmail.token;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;
import java.time.Instant;

/**
 * What earlier requests of one token source mean for its next one: how long the token endpoint asked to be left alone,
 * and whether the answer to a renewal was lost. One request at a time uses it.
 */
final class Exchanges {

    /** The longest that a request waits for its turn; builds wait with it. */
    static final Duration MAX_PAUSE = Duration.ofSeconds(30);

    /** The longest that a token endpoint is left alone, so that what was fixed there is noticed. */
    static final Duration MAX_RETRY_AFTER = Duration.ofMinutes(5);

    private static final Duration BACK_OFF = Duration.ofSeconds(1);

    private final TimeSource time;
    private volatile Instant notBefore;
    private volatile boolean answerLost;

    Exchanges(@NonNull TimeSource time) {
        this.time = time;
    }

    /** How long the endpoint has to be left alone; zero if it need not. */
    @NonNull
    Duration untilTurn() {
        Instant turn = notBefore;
        Duration left = turn == null ? Duration.ZERO : Duration.between(time.now(), turn);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** Waits for the turn of a first request. */
    void awaitTurn() throws InterruptedException {
        Duration left = untilTurn();
        if (!left.isZero()) {
            time.pause(left);
        }
    }

    /** Waits for the turn of a request that is repeated, which is never at once. */
    void backOff() throws InterruptedException {
        Duration least = BACK_OFF.plusMillis((long) (BACK_OFF.toMillis() * time.chance()));
        Duration left = untilTurn();
        time.pause(left.compareTo(least) > 0 ? left : least);
    }

    /**
     * After a request that failed.
     *
     * @param retryAfter how long the endpoint asked to be left alone; null if it did not ask
     */
    void failed(@CheckForNull Duration retryAfter) {
        if (retryAfter == null) {
            notBefore = null;
        } else {
            Duration bounded = retryAfter.compareTo(MAX_RETRY_AFTER) > 0 ? MAX_RETRY_AFTER : retryAfter;
            notBefore = time.now().plus(bounded);
        }
    }

    /** Whether the provider may have renewed the sign-in without our knowing the new refresh token. */
    boolean answerLost() {
        return answerLost;
    }

    void answerLost(boolean lost) {
        answerLost = lost;
    }
}
