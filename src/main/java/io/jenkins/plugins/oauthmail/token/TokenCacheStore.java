package io.jenkins.plugins.oauthmail.token;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;

/**
 * Keeps the serialized token cache of one delegated authorization. The text is JSON with access and refresh tokens in
 * the clear: implementors encrypt it.
 */
public interface TokenCacheStore {

    /**
     * @return what was saved last, or null if nobody has authorized
     * @throws IOException if it is there and cannot be read
     */
    @CheckForNull
    String load() throws IOException;

    /**
     * Returns only when the text would survive a crash; the refresh token in it may be the only valid one. Refuses if
     * the authorization was replaced or forgotten since {@link #load}: a refresh that was under way then must not bring
     * the old one back.
     *
     * @param serializedCache replaces what was there
     * @throws Forgotten if the authorization was forgotten
     * @throws IOException if it is not safely kept, or refused
     */
    void save(@NonNull String serializedCache) throws IOException;

    /**
     * Whether the last renewal got no answer, as {@link TokenFailure#answerLost} told whoever asked for a token.
     *
     * @throws IOException if that is kept and cannot be read
     */
    default boolean answerLost() throws IOException {
        return false;
    }

    /** There is no authorization any more whose cache could be kept. */
    final class Forgotten extends IOException {
        private static final long serialVersionUID = 1L;
    }
}
