package io.jenkins.plugins.oauthmail.token;

import edu.umd.cs.findbugs.annotations.NonNull;

/** Where an access token for one mailbox comes from. Safe for use by many threads. */
public interface TokenSource {

    /**
     * A token that is good for minutes at least; asks the provider only if there is none at hand.
     *
     * @throws TokenFailure if there is none to be had; the message says why and what to do
     * @throws InterruptedException if the waiting thread was interrupted; a call under way goes on for the others
     */
    @NonNull
    AccessToken token() throws TokenFailure, InterruptedException;

    /**
     * Says that a server refused a token, so that it is not handed out again: the next {@link #token()} asks the provider.
     * A token that has been replaced already is passed over, and a server that refuses one after the other is not
     * believed for ever.
     *
     * @param token as it was handed out
     */
    default void refused(@NonNull AccessToken token) {
        // A source that makes a token each time has nothing to forget.
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
