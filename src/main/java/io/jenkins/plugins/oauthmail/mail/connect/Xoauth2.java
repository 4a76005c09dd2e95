package io.jenkins.plugins.oauthmail.mail.connect;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The SASL mechanism XOAUTH2 as documented by Microsoft and Google; there is no RFC for it. */
public final class Xoauth2 {

    public static final String MECHANISM = "XOAUTH2";

    private Xoauth2() {}

    /** The client's only message, base64-encoded. It is as confidential as the token in it. */
    public static String response(String user, String token) {
        String fields = "user=" + user + "\u0001auth=Bearer " + token + "\u0001\u0001";
        return Base64.getEncoder().encodeToString(fields.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Decodes the details that a server sends about a token it refuses, usually JSON. Returns the text unchanged if it
     * is not base64, and an empty text for none.
     */
    public static String challenge(String encoded) {
        try {
            byte[] decoded = Base64.getMimeDecoder().decode(encoded.trim());
            return new String(decoded, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return encoded;
        }
    }
}
