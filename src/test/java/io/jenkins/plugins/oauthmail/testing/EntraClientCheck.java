package io.jenkins.plugins.oauthmail.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Checks how a client proves itself at {@link EntraFake}: by secret, or by an assertion (RFC 7523) signed RS256, with the
 * key of its certificate or by an issuer it trusts.
 */
final class EntraClientCheck {

    private static final String JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static final long MAX_LIFETIME_SECONDS = 3600;

    private final Set<String> seen = ConcurrentHashMap.newKeySet();

    /** @return 0 if proven, else the AADSTS code */
    int refusal(EntraApplication application, Map<String, List<String>> form, String tokenEndpoint, Instant now) {
        String secret = EntraText.only(form, "client_secret");
        String assertion = EntraText.only(form, "client_assertion");
        if (secret != null) {
            if (application.expiredSecrets().contains(secret)) {
                return 7000222;
            }
            return application.secrets().contains(secret) ? 0 : 7000215;
        }
        if (assertion == null || !JWT_BEARER.equals(EntraText.only(form, "client_assertion_type"))) {
            return 7000218;
        }
        try {
            if (!assertion.isEmpty() && isFederated(assertion)) {
                return federated(application, assertion, now);
            }
            return proven(application, assertion, tokenEndpoint, now) ? 0 : 700027;
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            return 700027;
        }
    }

    static String kind(Map<String, List<String>> form) {
        if (form.containsKey("client_secret")) {
            return "secret";
        }
        return form.containsKey("client_assertion") ? "assertion" : "none";
    }

    private static boolean isFederated(String assertion) throws IOException {
        return !EntraText.parsed(text(assertion.split("\\.", -1)[0])).containsKey("x5t#S256");
    }

    /** The order is Entra's: issuer, then the rest of the federated credential, then signature and time. */
    private int federated(EntraApplication application, String assertion, Instant now)
            throws IOException, GeneralSecurityException {
        String[] parts = assertion.split("\\.", -1);
        Map<String, Object> claims = EntraText.parsed(text(parts[1]));
        if (application.federations().isEmpty()) {
            return 70025;
        }
        List<FederatedIssuer.Trust> ofIssuer = application.federations().stream()
                .filter(trust -> trust.issuer().url().equals(claims.get("iss")))
                .toList();
        if (ofIssuer.isEmpty()) {
            return 700211;
        }
        List<FederatedIssuer.Trust> ofSubject = ofIssuer.stream()
                .filter(trust -> trust.subject().equals(claims.get("sub")))
                .toList();
        if (ofSubject.isEmpty()) {
            return 700213;
        }
        FederatedIssuer.Trust trust = ofSubject.get(0);
        // Kubernetes always has a list.
        Object audience = claims.get("aud");
        if (!trust.audience().equals(audience) && !List.of(trust.audience()).equals(audience)) {
            return 700212;
        }
        if (parts.length != 3 || !trust.issuer().signed(parts[0], parts[1], parts[2])) {
            return 50013;
        }
        long expires = ((Number) claims.get("exp")).longValue();
        if (expires <= now.getEpochSecond()) {
            return 700024;
        }
        return !trust.once() || seen.add(assertion) ? 0 : 700027;
    }

    private boolean proven(EntraApplication application, String assertion, String tokenEndpoint, Instant now)
            throws IOException, GeneralSecurityException {
        String[] parts = assertion.split("\\.", -1);
        if (parts.length != 3) {
            return false;
        }
        Map<String, Object> header = EntraText.parsed(text(parts[0]));
        Map<String, Object> claims = EntraText.parsed(text(parts[1]));
        X509Certificate certificate = registered(application, String.valueOf(header.get("x5t#S256")));
        if (certificate == null || !"RS256".equals(header.get("alg"))) {
            return false;
        }
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(certificate);
        signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        long expires = ((Number) claims.get("exp")).longValue();
        long seconds = now.getEpochSecond();
        return signature.verify(Base64.getUrlDecoder().decode(parts[2]))
                && application.clientId().equals(claims.get("iss"))
                && application.clientId().equals(claims.get("sub"))
                && tokenEndpoint.equals(claims.get("aud"))
                && expires > seconds
                && expires <= seconds + MAX_LIFETIME_SECONDS
                && claims.get("jti") instanceof String id
                && seen.add(id);
    }

    private static X509Certificate registered(EntraApplication application, String thumbprint)
            throws GeneralSecurityException {
        // MSAL4J writes this one in the other Base64 alphabet, with padding; Entra takes both.
        String wanted = thumbprint.replace('+', '-').replace('/', '_').replace("=", "");
        for (X509Certificate certificate : application.certificates()) {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            if (EntraText.base64Url(hash).equals(wanted)) {
                return certificate;
            }
        }
        return null;
    }

    private static String text(String part) {
        return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
    }
}
