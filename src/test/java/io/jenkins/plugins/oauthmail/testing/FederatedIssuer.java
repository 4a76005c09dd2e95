package io.jenkins.plugins.oauthmail.testing;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Somebody who issues signed tokens that applications at {@link EntraFake} may trust, as Kubernetes does and the OpenID
 * Connect Provider plugin.
 */
public final class FederatedIssuer {
    public static final String AUDIENCE = "api://AzureADTokenExchange";

    private final String url;
    private final KeyPair keys;

    public FederatedIssuer(@NonNull String url) {
        this.url = url;
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            keys = generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * A federated credential of an application.
     *
     * @param once whether each token is accepted only once; Entra accepts one until it expires
     */
    public record Trust(
            @NonNull FederatedIssuer issuer,
            @NonNull String subject,
            @NonNull String audience,
            boolean once) {}

    @NonNull
    public Trust trust(@NonNull String subject) {
        return new Trust(this, subject, AUDIENCE, false);
    }

    @NonNull
    public Trust trustOnce(@NonNull String subject) {
        return new Trust(this, subject, AUDIENCE, true);
    }

    @NonNull
    public String url() {
        return url;
    }

    /** A good token for the subject, valid for an hour; no two are equal. */
    @NonNull
    public String issue(@NonNull String subject) {
        return issue(claims(subject));
    }

    /** What {@link #issue(String)} puts into a token, to be changed. Values are strings, numbers or lists of strings. */
    @NonNull
    public Map<String, Object> claims(@NonNull String subject) {
        Map<String, Object> claims = new LinkedHashMap<>();
        long now = Instant.now().getEpochSecond();
        claims.put("iss", url);
        claims.put("sub", subject);
        claims.put("aud", AUDIENCE);
        claims.put("iat", now);
        claims.put("exp", now + 3600);
        claims.put("jti", EntraText.random(24));
        return claims;
    }

    @NonNull
    public String issue(@NonNull Map<String, Object> claims) {
        return sign("{\"alg\":\"RS256\",\"kid\":\"k\"}", json(claims));
    }

    /** A token of any texts. */
    @NonNull
    public String sign(@NonNull String header, @NonNull String claims) {
        String signed = encoded(header) + "." + encoded(claims);
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(keys.getPrivate());
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + EntraText.base64Url(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    boolean signed(String header, String claims, String signed) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(keys.getPublic());
        signature.update((header + "." + claims).getBytes(StandardCharsets.US_ASCII));
        return signature.verify(Base64.getUrlDecoder().decode(signed));
    }

    private static String encoded(String text) {
        return EntraText.base64Url(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String json(Map<String, Object> claims) {
        return claims.entrySet().stream()
                .map(claim -> "\"" + claim.getKey() + "\":" + json(claim.getValue()))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String json(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(FederatedIssuer::json).collect(Collectors.joining(",", "[", "]"));
        }
        return value instanceof Number ? value.toString() : "\"" + value + "\"";
    }
}
