package io.jenkins.plugins.oauthmail.token.entra;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.io.IOException;

/**
 * Stores the serialized token cache of one delegated authorization. The text is JSON with access and refresh tokens in
 * plain text: implementations must encrypt it.
 */
public interface TokenCacheStore {

    /**
     * @return what was saved last; null if nobody has authorized
     * @throws IOException if the cache exists but cannot be read
     */
    @CheckForNull
    String load() throws IOException;

    /**
     * Saves the cache, and returns only when it would survive a crash, because the refresh token in it may be the only
     * valid one. Refuses if the authorization was replaced or forgotten since {@link #load}, because a renewal in
     * progress must not bring the old one back.
     *
     * @param serializedCache replaces the stored cache
     * @throws Forgotten if the authorization was forgotten
     * @throws IOException if the cache could not be saved safely, or was refused
     */
    void save(@NonNull String serializedCache) throws IOException;

    /**
     * Whether the response to the last renewal was lost, as reported by {@link TokenFailure#answerLost}.
     *
     * @throws IOException if this was stored but cannot be read
     */
    default boolean answerLost() throws IOException {
        return false;
    }

    /**
     * Called just before a renewal is sent. From then on until {@link #save} or until the renewal was refused,
     * {@link #answerLost} should return true after a restart, because the provider may have used up the refresh token.
     * Does not throw anything: what cannot be stored only changes the wording of a later refusal.
     */
    default void renewalBegins() {}

    /** The authorization no longer exists, so there is nothing to save. */
    final class Forgotten extends IOException {
        private static final long serialVersionUID = 1L;
    }
}
