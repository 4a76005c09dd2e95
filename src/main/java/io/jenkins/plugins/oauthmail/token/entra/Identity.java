package io.jenkins.plugins.oauthmail.token.entra;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * The person that an id_token identifies. Its signature need not be checked, because it came directly from the token
 * endpoint over TLS (OpenID Connect Core 1.0 section 3.1.3.7, item 6). Audience and nonce are checked.
 *
 * @param tenantId {@code tid}
 * @param objectId {@code oid}
 * @param username {@code preferred_username}
 */
record Identity(
        @NonNull String tenantId,
        @NonNull String objectId,
        @NonNull String username) {

    /**
     * @param idToken the id_token of the response, or null
     * @param clientId the audience that it must have
     * @param nonce the nonce of the request that it must belong to
     * @throws TokenFailure if it does not, or identifies nobody
     */
    @NonNull
    static Identity of(@CheckForNull String idToken, @NonNull String clientId, @NonNull String nonce)
            throws TokenFailure {
        Map<String, Object> claims = claims(idToken);
        if (claims == null) {
            throw refused(Messages.Identity_unreadable());
        }
        Object audience = claims.get("aud");
        if (!clientId.equals(audience) && !(audience instanceof List<?> several && several.contains(clientId))) {
            throw refused(Messages.Identity_audience());
        }
        String answered = Json.string(claims, "nonce");
        if (answered == null || !same(answered, nonce)) {
            throw refused(Messages.Identity_nonce());
        }
        String tenant = Json.string(claims, "tid");
        String object = Json.string(claims, "oid");
        String name = Json.string(claims, "preferred_username");
        if (tenant == null || object == null || name == null) {
            throw refused(Messages.Identity_noPerson());
        }
        return new Identity(tenant, object, name);
    }

    /** Compares in constant time. */
    static boolean same(@NonNull String one, @NonNull String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, Object> claims(String idToken) {
        String[] parts = idToken == null ? new String[0] : idToken.split("\\.", -1);
        if (parts.length != 3) {
            return null;
        }
        try {
            return Json.object(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static TokenFailure refused(String sentence) {
        return new TokenFailure(TokenFailure.Kind.SIGN_IN_AGAIN, sentence);
    }
}
