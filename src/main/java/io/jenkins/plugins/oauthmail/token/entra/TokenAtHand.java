package io.jenkins.plugins.oauthmail.token.entra;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import io.jenkins.plugins.oauthmail.token.TokenSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** The access token that a source returns until it is about to expire or a server refuses it. */
final class TokenAtHand {

    /** If a server refuses every token, the provider must not be asked again and again (AADSTS50196). */
    private static final int MAX_REFUSALS = 6;

    private static final Duration WITHIN = Duration.ofMinutes(1);

    private final TimeSource time;
    private final Deque<Instant> refusals = new ArrayDeque<>();
    private AccessToken token;
    private boolean refused;
    private boolean outdated;

    TokenAtHand(@NonNull TimeSource time) {
        this.time = time;
    }

    /** Returns null if there is none that can be used. */
    @CheckForNull
    synchronized AccessToken get() {
        return token != null && !refused && !outdated && token.goodAt(Instant.now()) ? token : null;
    }

    synchronized void set(@NonNull AccessToken other) {
        token = other;
        refused = false;
        outdated = false;
    }

    /** See {@link TokenSource#renewNext}. */
    synchronized void renewNext() {
        outdated = true;
    }

    /**
     * Must be called after a renewal that failed. Returns the current token, which stays in use if the provider cannot
     * be reached; otherwise null.
     */
    @CheckForNull
    synchronized AccessToken after(@NonNull TokenFailure failure) {
        if (failure.kind() != TokenFailure.Kind.UNREACHABLE) {
            return null;
        }
        outdated = false;
        return get();
    }

    /**
     * Whether a token with a new value is required, because a server refused the newest one, or permissions have
     * changed.
     */
    synchronized boolean mustBeNew() {
        return refused || outdated;
    }

    /** See {@link TokenSource#refused}. */
    synchronized void refused(@NonNull AccessToken presented) {
        if (refused || token == null || !token.value().equals(presented.value())) {
            // Another login noticed it first.
            return;
        }
        Instant now = time.now();
        while (!refusals.isEmpty() && !refusals.getFirst().plus(WITHIN).isAfter(now)) {
            refusals.removeFirst();
        }
        if (refusals.size() < MAX_REFUSALS) {
            refusals.addLast(now);
            refused = true;
        }
    }
}
