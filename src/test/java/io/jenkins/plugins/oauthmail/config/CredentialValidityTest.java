package io.jenkins.plugins.oauthmail.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.util.FormValidation;
import io.jenkins.plugins.oauthmail.token.entra.Fixtures;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class CredentialValidityTest {
    private final X509Certificate certificate = Fixtures.certificate("rsa.certificate.pem");
    private final Instant end = certificate.getNotAfter().toInstant();

    private FormValidation before(Duration left) {
        return CredentialValidity.of(certificate, Clock.fixed(end.minus(left), ZoneOffset.UTC));
    }

    @Test
    void showsRemainingDays() {
        FormValidation enough = before(Duration.ofDays(30));
        assertEquals(FormValidation.Kind.OK, enough.kind);
        String last = end.atOffset(ZoneOffset.UTC).toLocalDate().toString();
        assertTrue(enough.getMessage().contains("Valid until " + last + ": 30 days left"), enough.getMessage());
    }

    @Test
    void warnsIfFewDaysRemain() {
        FormValidation few = before(Duration.ofDays(30).minusSeconds(1));
        assertEquals(FormValidation.Kind.WARNING, few.kind);
        assertTrue(few.getMessage().contains("only 29 days left"), few.getMessage());
    }
}
