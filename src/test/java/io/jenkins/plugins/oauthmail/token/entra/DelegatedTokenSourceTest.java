package io.jenkins.plugins.oauthmail.token.entra;

import static io.jenkins.plugins.oauthmail.token.entra.TokenRig.USER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.testing.EntraAnswer;
import io.jenkins.plugins.oauthmail.testing.EntraApplication;
import io.jenkins.plugins.oauthmail.testing.EntraCall;
import io.jenkins.plugins.oauthmail.testing.TestCa;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DelegatedTokenSourceTest {

    private TokenRig rig;

    @BeforeEach
    void open() {
        rig = new TokenRig();
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private static TokenFailure failure(DelegatedTokenSource source) {
        return assertThrows(TokenFailure.class, source::token);
    }

    @Test
    void usesTheCachedTokenWhileItIsValid() throws Exception {
        MemoryStore store = rig.authorized();
        DelegatedTokenSource source = rig.delegated(store);
        AccessToken first = source.token();
        assertEquals(first, source.token());
        assertEquals(first.value(), rig.delegated(store).token().value(), "after a restart too");
        assertEquals(0, rig.entra.count("refresh_token"));
        assertEquals(List.of(), store.saved, "nothing changed, nothing is written");
    }

    @Test
    void refreshesATokenWithLessThanFiveMinutesLeft() throws Exception {
        rig.entra.accessTokenLife(Duration.ofSeconds(299));
        MemoryStore store = rig.authorized();
        rig.entra.accessTokenLife(Duration.ofHours(1));
        DelegatedTokenSource source = rig.delegated(store);
        AccessToken token = source.token();
        assertEquals(1, rig.entra.count("refresh_token"));
        assertTrue(token.expiresAt().isAfter(Instant.now().plusSeconds(3000)));
        assertTrue(rig.entra.accepts(USER, token.value()));
        assertEquals(token, source.token());
        assertEquals(1, rig.entra.count("refresh_token"));
    }

    @Test
    void savesTheRefreshTokenBeforeReturningTheAccessToken() throws Exception {
        rig.entra.refreshTokensWorkOnce(true);
        MemoryStore store = rig.authorized();
        String before = store.load();
        DelegatedTokenSource source = rig.delegated(store);
        AccessToken one = source.refresh();
        assertEquals(1, store.saved.size());
        assertNotEquals(before, store.load());
        assertTrue(store.load().contains(one.value()));

        AccessToken two = rig.delegated(store).refresh();
        assertTrue(rig.entra.accepts(USER, two.value()), "a restarted Jenkins goes on with the rotated one");
        TokenFailure old = assertThrows(
                TokenFailure.class, () -> rig.delegated(new MemoryStore(before)).refresh());
        assertEquals("AADSTS50173", old.code(), "the test would notice the old one");
    }

    @Test
    void reportsAForgottenAuthorization() throws Exception {
        MemoryStore store = rig.authorized();
        store.saveFails = new TokenCacheStore.Forgotten();
        TokenFailure failure = assertThrows(TokenFailure.class, rig.delegated(store)::refresh);
        assertEquals(TokenFailure.Kind.NOT_AUTHORIZED, failure.kind());
        assertEquals(
                "The authorization of the mail account was forgotten while it was being renewed: an administrator must"
                        + " authorize it again on the mail accounts page.",
                failure.getMessage());
    }

    @Test
    void reportsAMissingAuthorization() {
        TokenFailure failure = failure(rig.delegated(new MemoryStore(null)));
        assertEquals(TokenFailure.Kind.NOT_AUTHORIZED, failure.kind());
        assertEquals(
                "Nobody has authorized the mail account yet: an administrator must do so on the mail accounts page.",
                failure.getMessage());
        assertEquals(List.of(), rig.entra.calls());
    }

    @Test
    void reportsAnUnreadableStore() {
        MemoryStore broken = new MemoryStore("x");
        broken.loadFails = new IOException("Permission denied");
        TokenFailure failure = failure(rig.delegated(broken));
        assertEquals(TokenFailure.Kind.STORE, failure.kind());
        assertEquals(
                "The stored authorization cannot be read (Permission denied): check the disk and the permissions of the"
                        + " Jenkins home, or re-authorize the mail account.",
                failure.getMessage());
        for (String garbage : List.of("", "not json", "[1,2]", "{\"Account\":5}")) {
            failure = failure(rig.delegated(new MemoryStore(garbage)));
            assertTrue(
                    failure.kind() == TokenFailure.Kind.STORE || failure.kind() == TokenFailure.Kind.SIGN_IN_AGAIN,
                    garbage);
            assertTrue(failure.getMessage().contains("re-authorize the mail account"), failure.getMessage());
        }
        assertEquals(
                "The stored authorization contains no person: re-authorize the mail account.",
                failure(rig.delegated(new MemoryStore("{}"))).getMessage());
    }

    @Test
    void refreshesAValidTokenOnRequest() throws Exception {
        DelegatedTokenSource source = rig.delegated(rig.authorized());
        AccessToken first = source.token();
        AccessToken second = source.refresh();
        assertNotEquals(first.value(), second.value());
        assertEquals(second, source.token(), "the new one is handed out from now on");
        assertEquals(1, rig.entra.count("refresh_token"));
    }

    @Test
    void requestsMoreScopesAndReportsMissingConsent() throws Exception {
        MemoryStore store = rig.authorized();
        DelegatedTokenSource more = new DelegatedTokenSource(
                rig.registration(), Set.of("https://outlook.office.com/POP.AccessAsUser.All"), store, rig.http);
        TokenFailure failure = failure(more);
        assertEquals(
                "Nobody has consented to the permissions (invalid_grant, AADSTS65001), saying \"The user or administrator has not consented.\": grant the delegated permissions of"
                        + " the app registration, then re-authorize the mail account.",
                failure.getMessage());
    }

    @Test
    void keepsAValidTokenIfARefreshFails() throws Exception {
        DelegatedTokenSource source = rig.delegated(rig.authorized());
        AccessToken first = source.token();
        rig.entra.answerNext(EntraAnswer.temporarilyUnavailable());
        rig.entra.answerNext(EntraAnswer.temporarilyUnavailable());
        assertThrows(TokenFailure.class, source::refresh);
        assertEquals(first, source.token());
    }

    @Test
    void failedRefreshDoesNotDelayANewAuthorization() throws Exception {
        MemoryStore store = rig.authorized();
        rig.entra.revokeRefreshTokens();
        DelegatedTokenSource source = rig.delegated(store);
        assertEquals(
                "invalid_grant",
                assertThrows(TokenFailure.class, source::refresh).error());
        assertEquals(
                "invalid_grant",
                assertThrows(TokenFailure.class, source::refresh).error());
        assertEquals(2, rig.entra.count("refresh_token"), "MSAL must not answer in the provider's place");

        SignIn again = rig.signIn();
        store.save(again.tokenCache());
        assertTrue(rig.entra.accepts(USER, source.refresh().value()), "the same object, at once");
        assertTrue(rig.entra.accepts(USER, rig.delegated(store).token().value()));
    }

    @Test
    void contactsOnlyTheTokenEndpoint() throws Exception {
        try (ConnectProxy proxy = new ConnectProxy(200)) {
            HttpClient proxied = HttpClient.newBuilder()
                    .sslContext(TestCa.get().clientContext())
                    .proxy(proxy.selector())
                    .build();
            AuthorizationRequest request = rig.request();
            SignIn signIn = request.redeem(rig.registration(), rig.code(request), proxied);
            MemoryStore store = new MemoryStore(signIn.tokenCache());
            new DelegatedTokenSource(rig.registration(), TokenRig.SCOPES, store, proxied).refresh();
            new ApplicationTokenSource(rig.registration(), TokenRig.DEFAULT_SCOPE, proxied).token();
            String target = "CONNECT " + rig.entra.origin().substring("https://".length()) + " HTTP/1.1";
            assertEquals(Set.of(target), Set.copyOf(proxy.targets));
        }
        List<EntraCall> ours = rig.entra.calls().stream()
                .filter(call ->
                        !call.path().endsWith("/authorize") && !call.path().endsWith("/login"))
                .toList();
        assertEquals(3, ours.size());
        for (EntraCall call : ours) {
            assertEquals("POST", call.method());
            assertTrue(call.path().endsWith("/oauth2/v2.0/token"), call.path());
        }
    }

    @Test
    void acceptsUpperCaseInTheAuthorityPath() throws Exception {
        Authority authority = Authority.of(rig.entra.origin(), "CONTOSO.Test");
        Registration registration =
                new Registration(TokenRig.CLIENT_ID, authority, new ClientCredential.Secret(TokenRig.SECRET));
        AuthorizationRequest request =
                AuthorizationRequest.create(registration, TokenRig.REDIRECT, TokenRig.SCOPES, USER, Clock.systemUTC());
        SignIn signIn = request.redeem(registration, rig.code(request), rig.http);
        DelegatedTokenSource source =
                new DelegatedTokenSource(registration, TokenRig.SCOPES, new MemoryStore(signIn.tokenCache()), rig.http);
        assertTrue(rig.entra.accepts(USER, source.refresh().value()));
        assertTrue(rig.entra.calls().stream().allMatch(c -> c.path().startsWith("/contoso.test/")));
    }

    @Test
    void worksWithACertificate() throws Exception {
        MemoryStore store = rig.authorized();
        ClientCredential certificate = KeyMaterial.pair(
                Fixtures.certificate("rsa.certificate.pem"),
                Fixtures.key("rsa.openssh.encrypted.pem"),
                Clock.systemUTC());
        DelegatedTokenSource source =
                new DelegatedTokenSource(rig.registration(certificate), TokenRig.SCOPES, store, rig.http);
        assertTrue(rig.entra.accepts(USER, source.refresh().value()));
        EntraCall call = rig.entra.calls().get(rig.entra.calls().size() - 1);
        assertEquals("assertion", call.authentication());
        assertEquals("refresh_token", call.grant());
    }

    @Test
    void expiresWithTheRefreshToken() throws Exception {
        MemoryStore store = rig.authorized();
        rig.entra.advance(Duration.ofDays(91));
        TokenFailure failure =
                assertThrows(TokenFailure.class, () -> rig.delegated(store).refresh());
        assertEquals(TokenFailure.Kind.SIGN_IN_AGAIN, failure.kind());
        assertEquals("invalid_grant", failure.error());
        assertEquals("AADSTS700082", failure.code());
        assertEquals(
                "The sign-in was not used for 90 days and has expired (invalid_grant, AADSTS700082), saying \"The refresh token has expired due to inactivity.\":"
                        + " re-authorize the mail account.",
                failure.getMessage());
    }

    @Test
    void reportsADeletedApplication() throws Exception {
        MemoryStore store = rig.authorized();
        rig.entra.register(EntraApplication.of(TokenRig.CLIENT_ID).withSecrets("another-secret"));
        TokenFailure failure =
                assertThrows(TokenFailure.class, () -> rig.delegated(store).refresh());
        assertEquals(TokenFailure.Kind.CLIENT_REFUSED, failure.kind());
        assertFalse(failure.getMessage().contains(TokenRig.SECRET));
    }
}
