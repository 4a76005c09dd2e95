package io.jenkins.plugins.oauthmail.token.entra;

import static io.jenkins.plugins.oauthmail.token.entra.TokenRig.USER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.testing.EntraAnswer;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ApplicationTokenSourceTest {

    private TokenRig rig;

    @BeforeEach
    void open() {
        rig = new TokenRig();
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void getsATokenWithASecretAndReusesIt() throws Exception {
        ApplicationTokenSource source = rig.application();
        AccessToken token = source.token();
        assertTrue(rig.entra.accepts(USER, token.value()));
        assertEquals(token, source.token());
        assertEquals(1, rig.entra.count("client_credentials"));
        assertEquals("secret", rig.entra.calls().get(0).authentication());
    }

    @Test
    void signsANewAssertionForEachRequest() throws Exception {
        ClientCredential certificate = KeyMaterial.pair(
                Fixtures.certificate("rsa.certificate.pem"),
                Fixtures.key("rsa.pkcs1.encrypted.pem"),
                Clock.systemUTC());
        ApplicationTokenSource source =
                new ApplicationTokenSource(rig.registration(certificate), TokenRig.DEFAULT_SCOPE, rig.http);
        AccessToken one = source.token();
        AccessToken two = source.refresh();
        assertNotEquals(one.value(), two.value());
        assertTrue(rig.entra.accepts(USER, two.value()), "the server refuses an assertion it has seen");
        assertEquals("assertion", rig.entra.calls().get(1).authentication());
    }

    @Test
    void renewsATokenWithLessThanFiveMinutesLeft() throws Exception {
        rig.entra.accessTokenLife(Duration.ofSeconds(299));
        ApplicationTokenSource source = rig.application();
        AccessToken one = source.token();
        assertNotEquals(one.value(), source.token().value());
        assertEquals(2, rig.entra.count("client_credentials"));
    }

    @Test
    void checksTheCertificateBeforeEachUse() {
        ClientCredential expired = new ClientCredential.Certificate(
                Fixtures.key("rsa.pkcs8.pem"), Fixtures.certificate("rsa.expired.certificate.pem"));
        ApplicationTokenSource source =
                new ApplicationTokenSource(rig.registration(expired), TokenRig.DEFAULT_SCOPE, rig.http);
        TokenFailure failure = assertThrows(TokenFailure.class, source::token);
        assertEquals(TokenFailure.Kind.KEY_MATERIAL, failure.kind());
        assertTrue(failure.getMessage().startsWith("The certificate expired on 2021-01-01"), failure.getMessage());
        assertEquals(0, rig.entra.calls().size());
    }

    @Test
    void reportsAMismatchedCertificate() throws Exception {
        ClientCredential foreign = KeyMaterial.pair(
                Fixtures.certificate("foreign.certificate.pem"), Fixtures.key("foreign.pkcs8.pem"), Clock.systemUTC());
        ApplicationTokenSource source =
                new ApplicationTokenSource(rig.registration(foreign), TokenRig.DEFAULT_SCOPE, rig.http);
        TokenFailure failure = assertThrows(TokenFailure.class, source::token);
        assertEquals(TokenFailure.Kind.CLIENT_REFUSED, failure.kind());
        assertEquals(
                "The certificate does not belong to the application, or its signature was not accepted"
                        + " (invalid_client, AADSTS700027), saying \"Client assertion failed signature validation.\": upload exactly this certificate to the app registration,"
                        + " or select the matching credentials.",
                failure.getMessage());
    }

    @Test
    void neverRequiresASignIn() throws Exception {
        ApplicationTokenSource source = new ApplicationTokenSource(
                rig.registration(), Set.of("https://outlook.office.com/SMTP.Send"), rig.http);
        TokenFailure failure = assertThrows(TokenFailure.class, source::token);
        assertEquals(TokenFailure.Kind.REQUEST_REFUSED, failure.kind());
        assertEquals(
                "The provider does not know a scope (invalid_scope, AADSTS70011), saying \"The provided value for scope is not valid.\": check the Mail resource and Extra scopes of "
                        + "the OAuth application.",
                failure.getMessage());
        rig.entra.answerNext(EntraAnswer.aadsts(65001));
        assertEquals(
                TokenFailure.Kind.REQUEST_REFUSED,
                assertThrows(TokenFailure.class, source::token).kind());
    }
}
