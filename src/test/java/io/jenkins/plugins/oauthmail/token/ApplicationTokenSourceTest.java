package io.jenkins.plugins.oauthmail.token;

import static io.jenkins.plugins.oauthmail.token.Mailroom.USER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.testing.EntraAnswer;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ApplicationTokenSourceTest {

    private Mailroom room;

    @BeforeEach
    void open() {
        room = new Mailroom();
    }

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void getsATokenWithTheSecretAndKeepsIt() throws Exception {
        ApplicationTokenSource source = room.application();
        AccessToken token = source.token();
        assertTrue(room.entra.accepts(USER, token.value()));
        assertEquals(token, source.token());
        assertEquals(1, room.entra.count("client_credentials"));
        assertEquals("secret", room.entra.calls().get(0).authentication());
    }

    @Test
    void getsATokenWithTheCertificateAnewAssertionEachTime() throws Exception {
        ClientCredential certificate = KeyMaterial.pair(
                Fixtures.certificate("rsa.certificate.pem"),
                Fixtures.key("rsa.pkcs1.encrypted.pem"),
                Clock.systemUTC());
        ApplicationTokenSource source =
                new ApplicationTokenSource(room.registration(certificate), Mailroom.DEFAULT_SCOPE, room.http);
        AccessToken one = source.token();
        AccessToken two = source.refresh();
        assertNotEquals(one.value(), two.value());
        assertTrue(room.entra.accepts(USER, two.value()), "the server refuses an assertion it has seen");
        assertEquals("assertion", room.entra.calls().get(1).authentication());
    }

    @Test
    void asksAgainWhenLessThanFiveMinutesAreLeft() throws Exception {
        room.entra.accessTokenLife(Duration.ofSeconds(299));
        ApplicationTokenSource source = room.application();
        AccessToken one = source.token();
        assertNotEquals(one.value(), source.token().value());
        assertEquals(2, room.entra.count("client_credentials"));
    }

    @Test
    void checksTheCertificateBeforeEachUse() {
        ClientCredential expired = new ClientCredential.Certificate(
                Fixtures.key("rsa.pkcs8.pem"), Fixtures.certificate("rsa.expired.certificate.pem"));
        ApplicationTokenSource source =
                new ApplicationTokenSource(room.registration(expired), Mailroom.DEFAULT_SCOPE, room.http);
        TokenFailure failure = assertThrows(TokenFailure.class, source::token);
        assertEquals(TokenFailure.Kind.KEY_MATERIAL, failure.kind());
        assertTrue(failure.getMessage().startsWith("The certificate expired on 2021-01-01"), failure.getMessage());
        assertEquals(0, room.entra.calls().size());
    }

    @Test
    void saysWhatIsWrongWithAForeignCertificate() throws Exception {
        ClientCredential foreign = KeyMaterial.pair(
                Fixtures.certificate("foreign.certificate.pem"), Fixtures.key("foreign.pkcs8.pem"), Clock.systemUTC());
        ApplicationTokenSource source =
                new ApplicationTokenSource(room.registration(foreign), Mailroom.DEFAULT_SCOPE, room.http);
        TokenFailure failure = assertThrows(TokenFailure.class, source::token);
        assertEquals(TokenFailure.Kind.CLIENT_REFUSED, failure.kind());
        assertEquals(
                "The certificate does not belong to the application, or its signature was not accepted"
                        + " (invalid_client, AADSTS700027): upload this very certificate to the app registration,"
                        + " or select the credentials that belong to it.",
                failure.getMessage());
    }

    @Test
    void neverAsksAPersonToSignIn() throws Exception {
        ApplicationTokenSource source = new ApplicationTokenSource(
                room.registration(), Set.of("https://outlook.office.com/SMTP.Send"), room.http);
        TokenFailure failure = assertThrows(TokenFailure.class, source::token);
        assertEquals(TokenFailure.Kind.REQUEST_REFUSED, failure.kind());
        assertEquals(
                "A scope is not known to the provider (invalid_scope, AADSTS70011): check mail resource and extra scopes of "
                        + "the OAuth application.",
                failure.getMessage());
        room.entra.answerNext(EntraAnswer.aadsts(65001));
        assertEquals(
                TokenFailure.Kind.REQUEST_REFUSED,
                assertThrows(TokenFailure.class, source::token).kind());
    }
}
