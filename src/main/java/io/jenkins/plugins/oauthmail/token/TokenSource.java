package io.jenkins.plugins.oauthmail.token;

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
     * A new token from the provider whatever is at hand, which also shows whether it still gives one.
     *
     * @throws TokenFailure as {@link #token()}; a token at hand stays in use
     * @throws InterruptedException as {@link #token()}
     */
    @NonNull
    default AccessToken refresh() throws TokenFailure, InterruptedException {
        return token();
    }

    /**
     * Says that rights may have changed, so that the next {@link #token()} asks the provider. If that is out of reach, a
     * token at hand is handed out as before.
     */
    default void renewNext() {
        // A source that makes a token each time has nothing to renew.
    }
}
