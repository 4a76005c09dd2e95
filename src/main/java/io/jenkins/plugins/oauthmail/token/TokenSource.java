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
}
