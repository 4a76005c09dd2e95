package io.jenkins.plugins.oauthmail.token.entra;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;

/** A certificate or key that cannot be used. The message is a sentence that says why and what to do. */
public final class InvalidKeyMaterial extends Exception {

    private static final long serialVersionUID = 1L;

    /** @param sentence must not contain key material or a passphrase */
    public InvalidKeyMaterial(@NonNull String sentence) {
        super(sentence);
    }

    /**
     * @param sentence must not contain key material or a passphrase
     * @param cause the exception of the library
     */
    public InvalidKeyMaterial(@NonNull String sentence, @CheckForNull Throwable cause) {
        super(sentence, cause);
    }
}
