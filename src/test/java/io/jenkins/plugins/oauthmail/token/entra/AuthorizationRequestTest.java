package io.jenkins.plugins.oauthmail.token.entra;

import static io.jenkins.plugins.oauthmail.token.entra.TokenRig.REDIRECT;
import static io.jenkins.plugins.oauthmail.token.entra.TokenRig.USER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.testing.EntraBrowser;
import io.jenkins.plugins.oauthmail.testing.EntraCall;
import io.jenkins.plugins.oauthmail.testing.EntraFake;
import io.jenkins.plugins.oauthmail.testing.EntraPerson;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuthorizationRequestTest {

    private TokenRig rig;

    @BeforeEach
    void open() {
        rig = new TokenRig();
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private TokenFailure refused(AuthorizationRequest request, String code) {
        return assertThrows(TokenFailure.class, () -> request.redeem(rig.registration(), code, rig.http));
    }

    @Test
    void urlHasAllParametersOnce() {
        AuthorizationRequest request = AuthorizationRequest.create(
                rig.registration(),
                REDIRECT,
                TokenRig.SCOPES,
                Set.of("https://graph.microsoft.com/User.Read"),
                "robot+1@contoso.test",
                Clock.systemUTC());
        URI url = request.url();
        assertTrue(url.toString().startsWith(rig.entra.authority() + "oauth2/v2.0/authorize?"), url.toString());
        assertEquals("query", EntraBrowser.parameter(url, "response_mode"));
        assertEquals("code", EntraBrowser.parameter(url, "response_type"));
        assertEquals(TokenRig.CLIENT_ID, EntraBrowser.parameter(url, "client_id"));
        assertEquals(REDIRECT, EntraBrowser.parameter(url, "redirect_uri"));
        assertEquals("select_account", EntraBrowser.parameter(url, "prompt"));
        assertEquals("robot+1@contoso.test", EntraBrowser.parameter(url, "login_hint"));
        assertEquals("S256", EntraBrowser.parameter(url, "code_challenge_method"));
        assertEquals(request.state(), EntraBrowser.parameter(url, "state"));
        assertEquals(43, EntraBrowser.parameter(url, "nonce").length());
        assertEquals(43, EntraBrowser.parameter(url, "code_challenge").length());
        Set<String> scopes = new TreeSet<>(TokenRig.SCOPES);
        scopes.addAll(List.of("offline_access", "openid", "profile", "https://graph.microsoft.com/User.Read"));
        assertEquals(
                scopes,
                new TreeSet<>(List.of(EntraBrowser.parameter(url, "scope").split(" "))));
        List<String> names = Arrays.stream(url.getRawQuery().split("&"))
                .map(pair -> pair.substring(0, pair.indexOf('=')))
                .toList();
        assertEquals(names.size(), Set.copyOf(names).size(), "each parameter once");
        assertEquals(11, names.size());
        assertFalse(url.getRawQuery().contains("+"), "a space is %20, a plus %2B");
    }

    @Test
    void omitsAMissingLoginHint() {
        AuthorizationRequest request =
                AuthorizationRequest.create(rig.registration(), REDIRECT, TokenRig.SCOPES, null, Clock.systemUTC());
        assertFalse(request.url().getRawQuery().contains("login_hint"));
    }

    @Test
    void createsNewSecretsEachTime() {
        AuthorizationRequest one = rig.request();
        AuthorizationRequest two = rig.request();
        for (String name : List.of("state", "nonce", "code_challenge")) {
            assertNotEquals(EntraBrowser.parameter(one.url(), name), EntraBrowser.parameter(two.url(), name), name);
        }
        assertEquals(43, one.state().length(), "256 bits");
    }

    @Test
    void recognizesItsState() {
        AuthorizationRequest request = rig.request();
        assertTrue(request.isAnswer(request.state()));
        assertFalse(request.isAnswer(rig.request().state()));
        assertFalse(request.isAnswer(request.state() + "x"));
        assertFalse(request.isAnswer(""));
        assertFalse(request.isAnswer(null));
    }

    @Test
    void expiresAfterTenMinutes() {
        Instant start = Instant.parse("2026-11-23T12:00:00Z");
        AuthorizationRequest request = AuthorizationRequest.create(
                rig.registration(), REDIRECT, TokenRig.SCOPES, USER, Clock.fixed(start, ZoneOffset.UTC));
        Duration life = Duration.ofMinutes(10);
        assertFalse(request.expired(Clock.fixed(start.plus(life).minusMillis(1), ZoneOffset.UTC)));
        assertTrue(request.expired(Clock.fixed(start.plus(life), ZoneOffset.UTC)));
    }

    @Test
    void redeemsTheCodeAndReportsWhoSignedIn() throws Exception {
        SignIn signIn = rig.signIn();
        assertEquals(EntraFake.TENANT_ID, signIn.tenantId());
        assertEquals(EntraPerson.named(USER).objectId(), signIn.objectId());
        assertEquals(USER, signIn.username());
        assertTrue(signIn.expiresAt().isAfter(Instant.now().plusSeconds(3000)));
        AccessToken token = rig.delegated(new MemoryStore(signIn.tokenCache())).token();
        assertTrue(rig.entra.accepts(USER, token.value(), "SMTP.Send"));
        assertTrue(rig.entra.accepts(USER, token.value(), "IMAP.AccessAsUser.All"));
        assertEquals(1, rig.entra.count("authorization_code"));
        assertEquals(0, rig.entra.count("refresh_token"), "the first access token is used");
    }

    @Test
    void redeemsForTheMailResourceOnly() throws Exception {
        AuthorizationRequest request = AuthorizationRequest.create(
                rig.registration(),
                REDIRECT,
                TokenRig.SCOPES,
                Set.of("https://graph.microsoft.com/User.Read"),
                USER,
                Clock.systemUTC());
        SignIn signIn = request.redeem(rig.registration(), rig.code(request), rig.http);
        EntraCall call = rig.entra.calls().stream()
                .filter(c -> "authorization_code".equals(c.grant()))
                .findFirst()
                .orElseThrow();
        assertEquals(USER, signIn.username());
        assertFalse(call.scope().contains("graph"), call.scope());
        assertEquals("secret", call.authentication());
        assertTrue(call.parameters().contains("code_verifier"));
    }

    @Test
    void reportsTheActualPersonNotTheHint() throws Exception {
        AuthorizationRequest request = rig.request();
        URI back = new EntraBrowser().signIn(request.url(), "other@contoso.test");
        assertTrue(request.isAnswer(EntraBrowser.parameter(back, "state")));
        SignIn signIn = request.redeem(rig.registration(), EntraBrowser.parameter(back, "code"), rig.http);
        assertEquals("other@contoso.test", signIn.username());
    }

    @Test
    void cannotRedeemACodeOfAnotherRequest() throws Exception {
        String code = rig.code(rig.request());
        TokenFailure failure = refused(rig.request(), code);
        assertEquals(TokenFailure.Kind.SIGN_IN_AGAIN, failure.kind());
        assertEquals("AADSTS501481", failure.code());
        assertEquals(
                "The provider refused the sign-in (invalid_grant, AADSTS501481),"
                        + " saying \"The code verifier does not match the code challenge.\":"
                        + " start the authorization again.",
                failure.getMessage());
        assertEquals(1, rig.entra.count("authorization_code"), "a code is never offered twice");
    }

    @Test
    void cannotRedeemACodeTwice() throws Exception {
        AuthorizationRequest request = rig.request();
        String code = rig.code(request);
        assertEquals(USER, request.redeem(rig.registration(), code, rig.http).username());
        TokenFailure failure = refused(request, code);
        assertEquals(
                "The authorization code was used before or has expired (invalid_grant, AADSTS54005), saying \"The authorization code was already redeemed.\":"
                        + " start the authorization again.",
                failure.getMessage());
        assertFalse(failure.getMessage().contains(code));
    }

    @Test
    void rejectsAnIdTokenWithAnotherNonce() throws Exception {
        rig.entra.wrongNonce(true);
        AuthorizationRequest request = rig.request();
        TokenFailure failure = refused(request, rig.code(request));
        assertEquals(TokenFailure.Kind.SIGN_IN_AGAIN, failure.kind());
        assertEquals(
                "The sign-in does not belong to this authorization (its nonce differs): start the authorization again.",
                failure.getMessage());
    }

    @Test
    void rejectsAResponseWithoutRefreshToken() throws Exception {
        rig.entra.withoutClientInfo(true);
        AuthorizationRequest request = rig.request();
        TokenFailure failure = refused(request, rig.code(request));
        assertEquals(TokenFailure.Kind.REQUEST_REFUSED, failure.kind());
        assertTrue(failure.getMessage().contains("client_info"), failure.getMessage());
    }

    @Test
    void rejectsAnApplicationThatHasChanged() throws Exception {
        AuthorizationRequest request = rig.request();
        String code = rig.code(request);
        Registration changed =
                new Registration("another", Authority.of(rig.entra.authority(), ""), new ClientCredential.Secret("x"));
        TokenFailure failure = assertThrows(TokenFailure.class, () -> request.redeem(changed, code, rig.http));
        assertEquals(
                "The OAuth application was changed during the sign-in: start the authorization again.",
                failure.getMessage());
        assertEquals(0, rig.entra.count("authorization_code"));
    }

    @Test
    void explainsErrorsOfTheRedirect() throws Exception {
        AuthorizationRequest request = rig.request();
        URI back = new EntraBrowser().signIn(request.url(), null);
        TokenFailure failure = AuthorizationRequest.refusal(
                EntraBrowser.parameter(back, "error"), EntraBrowser.parameter(back, "error_description"));
        assertEquals(
                "The sign-in was cancelled or consent was declined (access_denied, AADSTS65004), saying \"User declined to consent to access the app.\": start the authorization again.",
                failure.getMessage());
        assertEquals(TokenFailure.Kind.SIGN_IN_AGAIN, failure.kind());

        rig.entra.declineNext("consent_required", "AADSTS90094: admin. Trace ID: abc-1 Correlation ID: def-2");
        back = new EntraBrowser().signIn(rig.request().url(), USER);
        failure = AuthorizationRequest.refusal(
                EntraBrowser.parameter(back, "error"), EntraBrowser.parameter(back, "error_description"));
        assertEquals(
                "The permissions need an administrator's consent (consent_required, AADSTS90094), saying \"admin.\": have an administrator"
                        + " consent to the app registration's permissions, then start the authorization again.",
                failure.getMessage());
        assertEquals("abc-1", failure.traceId());
        assertEquals("def-2", failure.correlationId());
        assertEquals(failure.getMessage() + " (trace id abc-1, correlation id def-2)", failure.messageWithIds());
    }

    @Test
    void echoesNothingDangerous() {
        TokenFailure failure = AuthorizationRequest.refusal(
                "<script>", "x<img src=x onerror=alert(1)>\r\nInjected: header\u202e\u2028\u0007" + "y".repeat(5000));
        assertNull(failure.error());
        assertTrue(
                failure.getMessage().startsWith("The provider refused the request, saying \"x Injected: header yyy"));
        assertTrue(failure.getMessage().length() < 400);
        assertFalse(failure.getMessage().matches("(?s).*[<>\\p{C}\\u2028].*"), failure.getMessage());
        assertEquals(
                "The provider refused the request: check the tenant, the scopes and the permissions of the app"
                        + " registration.",
                AuthorizationRequest.refusal(null, null).getMessage());
    }

    @Test
    void providerReportsAnUnknownRedirectUri() {
        AuthorizationRequest request = AuthorizationRequest.create(
                rig.registration(), REDIRECT + "/", TokenRig.SCOPES, USER, Clock.systemUTC());
        String page = assertThrows(IOException.class, () -> new EntraBrowser().signIn(request.url(), USER))
                .getMessage();
        assertTrue(page.contains("AADSTS50011"), page);
    }
}
