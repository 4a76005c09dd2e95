package io.jenkins.plugins.oauthmail.token;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;

/** Provides access tokens for one mailbox. Thread-safe. */
public interface TokenSource {

    /**
     * Returns a token that is valid for some minutes at least. Asks the provider only if there is no such token.
     *
     * @throws TokenFailure if there is none; the message says why and what to do
     * @throws InterruptedException if the waiting thread was interrupted; a request in progress continues for other
     *     threads
     */
    @NonNull
    AccessToken token() throws TokenFailure, InterruptedException;

    /** The token that {@link #token()} would return without asking the provider; null if there is none. */
    @CheckForNull
    default AccessToken atHand() {
        return null;
    }

    /**
     * Reports that a server refused a token, so that the next {@link #token()} requests a new one. A token that was
     * already replaced is ignored, and so is a server that refuses one token after another.
     *
     * @param token the token that was refused
     */
    default void refused(@NonNull AccessToken token) {
        // A source that requests a token each time has nothing to forget.
    }

    /**
     * Requests a new token from the provider, even if the current one is still valid, which also shows whether the
     * provider still issues tokens.
     *
     * @throws TokenFailure as {@link #token()}; a current token stays in use
     * @throws InterruptedException as {@link #token()}
     */
    @NonNull
    default AccessToken refresh() throws TokenFailure, InterruptedException {
        return token();
    }

    /**
     * Reports that permissions may have changed, so that the next {@link #token()} requests a new token. If the
     * provider cannot be reached, the current token is returned as before.
     */
    default void renewNext() {
        // A source that requests a token each time has nothing to renew.
    }
}
