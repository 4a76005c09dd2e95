package io.jenkins.plugins.oauthmail.testing.mail;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** JSON Web Tokens with a shared key (RFC 7519, HS256), which {@link Dovecot} checks by itself. */
public final class DovecotTokens {

    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private final byte[] key = new byte[32];

    DovecotTokens() {
        new SecureRandom().nextBytes(key);
    }

    byte[] key() {
        return key.clone();
    }

    /**
     * A token that opens a mailbox for an hour.
     *
     * @param user address of the mailbox
     * @param length characters it has at least; Microsoft's have about 1800
     */
    @NonNull
    public String good(@NonNull String user, int length) {
        return token(user, Instant.now().plus(Duration.ofHours(1)), length);
    }

    /** A token that was good once. */
    @NonNull
    public String expired(@NonNull String user, int length) {
        return token(user, Instant.now().minus(Duration.ofHours(1)), length);
    }

    private String token(String user, Instant expires, int length) {
        long from = expires.minus(Duration.ofHours(2)).getEpochSecond();
        String header = encoded("{\"typ\":\"JWT\",\"alg\":\"HS256\"}");
        String padding = "";
        while (true) {
            String claims = encoded("{\"sub\":\"" + user + "\",\"email\":\"" + user + "\",\"iat\":" + from + ",\"nbf\":"
                    + from + ",\"exp\":" + expires.getEpochSecond() + ",\"pad\":\"" + padding + "\"}");
            String token = header + "." + claims;
            token += "." + BASE64URL.encodeToString(signature(token));
            if (token.length() >= length) {
                return token;
            }
            padding += "x".repeat(Math.max(1, (length - token.length()) * 3 / 4));
        }
    }

    private byte[] signature(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encoded(String json) {
        return BASE64URL.encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
