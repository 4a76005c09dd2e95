package io.jenkins.plugins.oauthmail.testing;

import com.sun.net.httpserver.HttpExchange;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** {@code /oauth2/v2.0/token} of {@link EntraFake}. */
final class EntraTokenEndpoint {

    static final Set<String> IDENTITY = Set.of("openid", "profile", "email", "offline_access");

    private final EntraFake entra;
    private final EntraTokens tokens;
    private final EntraClientCheck clients = new EntraClientCheck();

    EntraTokenEndpoint(EntraFake entra, EntraTokens tokens) {
        this.entra = entra;
        this.tokens = tokens;
    }

    EntraAnswer answer(HttpExchange exchange, Map<String, List<String>> form) {
        if (!exchange.getRequestMethod().equals("POST")) {
            return EntraAnswer.aadsts(900144);
        }
        EntraApplication application = entra.application(EntraText.only(form, "client_id"));
        if (application == null) {
            return EntraAnswer.aadsts(700016);
        }
        String endpoint = entra.origin() + exchange.getRequestURI().getRawPath();
        int refused = clients.refusal(application, form, endpoint, entra.now());
        if (refused != 0) {
            return EntraAnswer.aadsts(refused);
        }
        String grant = String.valueOf(EntraText.only(form, "grant_type"));
        return switch (grant) {
            case "authorization_code" -> byCode(application, form);
            case "refresh_token" -> byRefreshToken(application, form);
            case "client_credentials" -> byItself(application, form);
            default -> EntraAnswer.aadsts(70003);
        };
    }

    private EntraAnswer byCode(EntraApplication application, Map<String, List<String>> form) {
        String value = String.valueOf(EntraText.only(form, "code"));
        EntraTokens.Code code = tokens.codes.get(value);
        if (code == null || !code.clientId().equals(application.clientId())) {
            return EntraAnswer.aadsts(70000);
        }
        if (!tokens.usedCodes.add(value)) {
            return EntraAnswer.aadsts(54005);
        }
        if (!entra.now().isBefore(code.expires())) {
            return EntraAnswer.aadsts(70008);
        }
        if (!code.redirectUri().equals(EntraText.only(form, "redirect_uri"))) {
            return EntraAnswer.aadsts(500112);
        }
        if (!code.challenge().equals(challenge(String.valueOf(EntraText.only(form, "code_verifier"))))) {
            return EntraAnswer.aadsts(501481);
        }
        return issue(application, code.person(), code.scopes(), form, code.nonce());
    }

    private EntraAnswer byRefreshToken(EntraApplication application, Map<String, List<String>> form) {
        String value = String.valueOf(EntraText.only(form, "refresh_token"));
        EntraTokens.Refresh refresh = tokens.refreshes.get(value);
        if (refresh == null || !refresh.clientId().equals(application.clientId())) {
            return EntraAnswer.aadsts(70000);
        }
        if (tokens.revokedRefreshes.contains(value)) {
            return EntraAnswer.aadsts(50173);
        }
        Instant now = entra.now();
        if (!now.isBefore(refresh.expires())) {
            return EntraAnswer.aadsts(700082);
        }
        EntraAnswer answer = issue(application, refresh.person(), refresh.scopes(), form, null);
        if (answer.status() == 200 && entra.refreshTokensWorkOnce()) {
            tokens.revokedRefreshes.add(value);
        }
        return answer;
    }

    private EntraAnswer byItself(EntraApplication application, Map<String, List<String>> form) {
        TreeSet<String> wanted = resourceScopes(form);
        if (wanted.size() != 1 || !wanted.first().endsWith("/.default")) {
            return EntraAnswer.aadsts(70011);
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("token_type", "Bearer");
        body.put("expires_in", tokens.accessTokenLife.toSeconds());
        body.put("ext_expires_in", tokens.accessTokenLife.toSeconds());
        body.put("access_token", tokens.newAccess(application.clientId(), null, wanted));
        return EntraAnswer.json(EntraText.object(body));
    }

    private EntraAnswer issue(
            EntraApplication application,
            EntraPerson person,
            Set<String> consented,
            Map<String, List<String>> form,
            String nonce) {
        Set<String> all = EntraText.scopes(EntraText.only(form, "scope"));
        TreeSet<String> wanted = resourceScopes(form);
        if (wanted.stream().map(EntraTokenEndpoint::resource).distinct().count() > 1) {
            return EntraAnswer.aadsts(28000);
        }
        if (!consented.containsAll(wanted)) {
            return EntraAnswer.aadsts(65001);
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("token_type", "Bearer");
        body.put("scope", String.join(" ", wanted));
        body.put("expires_in", tokens.accessTokenLife.toSeconds());
        body.put("ext_expires_in", tokens.accessTokenLife.toSeconds());
        body.put("access_token", tokens.newAccess(application.clientId(), person, wanted));
        if (consented.contains("offline_access")) {
            body.put("refresh_token", tokens.newRefresh(application.clientId(), person, consented));
        }
        if (all.contains("openid") && consented.contains("openid")) {
            String issuer = entra.origin() + "/" + EntraFake.TENANT_ID + "/v2.0";
            String given = entra.wrongNonce() ? "not-the-nonce" : nonce;
            body.put("id_token", tokens.idToken(issuer, EntraFake.TENANT_ID, application.clientId(), person, given));
        }
        if ("1".equals(EntraText.only(form, "client_info")) && !entra.withoutClientInfo()) {
            body.put(
                    "client_info",
                    EntraText.base64Url("{\"uid\":" + EntraText.quoted(person.objectId()) + ",\"utid\":"
                            + EntraText.quoted(EntraFake.TENANT_ID) + "}"));
        }
        return EntraAnswer.json(EntraText.object(body));
    }

    private static TreeSet<String> resourceScopes(Map<String, List<String>> form) {
        TreeSet<String> scopes = EntraText.scopes(EntraText.only(form, "scope"));
        scopes.removeAll(IDENTITY);
        return scopes;
    }

    /** The part before the permission; bare permissions are those of Microsoft Graph. */
    static String resource(String scope) {
        int slash = scope.lastIndexOf('/');
        return slash < 0 ? "https://graph.microsoft.com" : scope.substring(0, slash);
    }

    private static String challenge(String verifier) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return EntraText.base64Url(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
