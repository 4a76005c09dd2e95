package io.jenkins.plugins.oauthmail.token.entra;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * A PKCE pair (RFC 7636): the challenge is sent with the browser, the verifier is kept here until the code is redeemed.
 *
 * @param verifier secret
 * @param challenge its SHA-256 hash, base64url-encoded
 */
record ProofKey(String verifier, String challenge) {

    static final String METHOD = "S256";

    static ProofKey create() {
        String verifier = RandomText.next();
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return new ProofKey(
                    verifier, Base64.getUrlEncoder().withoutPadding().encodeToString(hash));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return "ProofKey[verifier hidden, challenge=" + challenge + "]";
    }
}
