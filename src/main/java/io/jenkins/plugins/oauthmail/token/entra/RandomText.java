package io.jenkins.plugins.oauthmail.token.entra;

import java.security.SecureRandom;
import java.util.Base64;

/** Random values that cannot be guessed. */
final class RandomText {

    private static final int BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private RandomText() {}

    /** 256 random bits as 43 characters that need no escaping in a URL. */
    static String next() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
