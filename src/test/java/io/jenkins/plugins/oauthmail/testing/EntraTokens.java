package io.jenkins.plugins.oauthmail.testing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** What {@link EntraFake} has issued. */
final class EntraTokens {

    static final Duration CODE_LIFE = Duration.ofMinutes(10);
    static final Duration IDLE_LIFE = Duration.ofDays(90);

    /** An authorization code and what it is bound to. */
    record Code(
            String clientId,
            EntraPerson person,
            String redirectUri,
            String challenge,
            String nonce,
            Set<String> scopes,
            Instant expires) {}

    /** A refresh token's grant. */
    record Refresh(String clientId, EntraPerson person, Set<String> scopes, Instant expires) {}

    /** An access token; {@code person} is null for an application's own. */
    record Access(String clientId, EntraPerson person, Set<String> scopes, Instant expires) {}

    final Map<String, Code> codes = new ConcurrentHashMap<>();
    final Set<String> usedCodes = ConcurrentHashMap.newKeySet();
    final Map<String, Refresh> refreshes = new ConcurrentHashMap<>();
    final Set<String> revokedRefreshes = ConcurrentHashMap.newKeySet();
    final Map<String, Access> accesses = new ConcurrentHashMap<>();

    volatile int accessTokenLength = 1500;
    volatile boolean jwtAccessTokens = true;
    volatile Duration accessTokenLife = Duration.ofHours(1);

    private final Supplier<Instant> now;
    private KeyPair signingKey;

    EntraTokens(Supplier<Instant> now) {
        this.now = now;
    }

    String newCode(Code code) {
        String value = "0.A" + EntraText.random(80);
        codes.put(value, code);
        return value;
    }

    String newRefresh(String clientId, EntraPerson person, Set<String> scopes) {
        String value = "0.R" + EntraText.random(120);
        refreshes.put(
                value,
                new Refresh(clientId, person, Set.copyOf(scopes), now.get().plus(IDLE_LIFE)));
        return value;
    }

    String newAccess(String clientId, EntraPerson person, Set<String> scopes) {
        String head = jwtAccessTokens
                ? EntraText.base64Url("{\"typ\":\"JWT\",\"alg\":\"RS256\"}") + "."
                        + EntraText.base64Url("{\"ver\":\"1.0\"}") + "."
                : "EwB";
        String value = head + EntraText.random(Math.max(24, accessTokenLength - head.length()));
        accesses.put(
                value,
                new Access(clientId, person, Set.copyOf(scopes), now.get().plus(accessTokenLife)));
        return value;
    }

    /** @return a signed id_token in Entra's v2.0 form */
    String idToken(String issuer, String tenantId, String clientId, EntraPerson person, String nonce) {
        long second = now.get().getEpochSecond();
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("aud", clientId);
        claims.put("iss", issuer);
        claims.put("iat", second);
        claims.put("nbf", second);
        claims.put("exp", second + 3600);
        claims.put("name", person.name());
        if (nonce != null) {
            claims.put("nonce", nonce);
        }
        claims.put("oid", person.objectId());
        claims.put("preferred_username", person.username());
        claims.put("sub", EntraText.base64Url(clientId + "/" + person.objectId()));
        claims.put("tid", tenantId);
        claims.put("ver", "2.0");
        String signed = EntraText.base64Url("{\"typ\":\"JWT\",\"alg\":\"RS256\",\"kid\":\"fake\"}") + "."
                + EntraText.base64Url(EntraText.object(claims));
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(signingKey().getPrivate());
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + EntraText.base64Url(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private synchronized KeyPair signingKey() throws GeneralSecurityException {
        if (signingKey == null) {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            signingKey = generator.generateKeyPair();
        }
        return signingKey;
    }
}
