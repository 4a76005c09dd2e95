package io.jenkins.plugins.oauthmail.token.entra;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import java.time.Duration;
import java.time.Instant;

/**
 * What earlier requests of one token source mean for the next one: how long the token endpoint asked to wait, and
 * whether the response to a renewal was lost. Used for one request at a time.
 */
final class Exchanges {

    /** The longest that a request waits for its turn, because builds wait with it. */
    static final Duration MAX_PAUSE = Duration.ofSeconds(30);

    /** Retry-After is limited to this, so that a recovered endpoint is noticed soon. */
    static final Duration MAX_RETRY_AFTER = Duration.ofMinutes(5);

    private static final Duration BACK_OFF = Duration.ofSeconds(1);

    private final TimeSource time;
    private final Runnable renewalBegins;
    private volatile Instant notBefore;
    private volatile boolean answerLost;

    Exchanges(@NonNull TimeSource time) {
        this(time, () -> {});
    }

    /** @param renewalBegins called just before a renewal is sent */
    Exchanges(@NonNull TimeSource time, @NonNull Runnable renewalBegins) {
        this.time = time;
        this.renewalBegins = renewalBegins;
    }

    void renewalBegins() {
        renewalBegins.run();
    }

    /** How long to wait until the endpoint accepts requests; zero if it does already. */
    @NonNull
    Duration untilTurn() {
        Instant turn = notBefore;
        Duration left = turn == null ? Duration.ZERO : Duration.between(time.now(), turn);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** Waits until the first attempt of a request may be sent. */
    void awaitTurn() throws InterruptedException {
        Duration left = untilTurn();
        if (!left.isZero()) {
            time.pause(left);
        }
    }

    /** Waits until a request may be repeated, which is never immediately. */
    void backOff() throws InterruptedException {
        Duration least = BACK_OFF.plusMillis((long) (BACK_OFF.toMillis() * time.chance()));
        Duration left = untilTurn();
        time.pause(left.compareTo(least) > 0 ? left : least);
    }

    /**
     * Must be called after a request that failed.
     *
     * @param retryAfter how long the endpoint asked to wait; null if it did not ask
     */
    void failed(@CheckForNull Duration retryAfter) {
        if (retryAfter == null) {
            notBefore = null;
        } else {
            Duration bounded = retryAfter.compareTo(MAX_RETRY_AFTER) > 0 ? MAX_RETRY_AFTER : retryAfter;
            notBefore = time.now().plus(bounded);
        }
    }

    /** Whether the provider may have renewed the sign-in with a refresh token that we never received. */
    boolean answerLost() {
        return answerLost;
    }

    void answerLost(boolean lost) {
        answerLost = lost;
    }
}
