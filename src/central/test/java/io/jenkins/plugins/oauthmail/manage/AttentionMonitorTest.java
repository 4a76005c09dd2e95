package io.jenkins.plugins.oauthmail.manage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cloudbees.plugins.credentials.CredentialsScope;
import io.jenkins.inmemory.InMemoryCredentials;
import io.jenkins.plugins.oauthmail.config.AuthorizationStore;
import io.jenkins.plugins.oauthmail.config.ClientCertificate;
import io.jenkins.plugins.oauthmail.demo.Stage;
import io.jenkins.plugins.oauthmail.token.Fixtures;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When administrators are warned, and when no longer. */
class AttentionMonitorTest {
    private Stage stage;

    @BeforeEach
    void open() throws Exception {
        stage = Stage.defined();
    }

    @AfterEach
    void close() throws Exception {
        stage.close();
    }

    @Test
    void itComesAndGoesWithTheAuthorization() throws Exception {
        AttentionMonitor monitor = new AttentionMonitor();
        assertEquals(List.of("Mail account build-mail: Not authorized."), monitor.getProblems());
        assertTrue(stage.authorizeAs(Stage.ADDRESS).good());
        assertFalse(monitor.isActivated());
        Files.writeString(stage.authorizationFile(), "<x");
        assertTrue(monitor.isActivated());
        assertTrue(monitor.getProblems().get(0).contains("cannot be read"), monitor.getProblems().get(0));
        AuthorizationStore.get().forget(Stage.ACCOUNT);
        assertTrue(stage.authorizeAs(Stage.ADDRESS).good());
        assertFalse(monitor.isActivated());
    }

    @Test
    void aCertificateNearItsEndIsNamedThirtyDaysBefore() throws Exception {
        stage.jenkins()
                .credentials()
                .add(InMemoryCredentials.certificate(
                        CredentialsScope.SYSTEM, "certificate", Fixtures.keyStore("certificate-only.p12"), Fixtures.PASSPHRASE));
        stage.define(new ClientCertificate("certificate"));
        Instant end = Fixtures.certificate("rsa.certificate.pem").getNotAfter().toInstant();
        assertEquals(List.of(), certificates(end.minus(Duration.ofDays(30)).minusSeconds(1)));
        assertTrue(certificates(end.minus(Duration.ofDays(29))).get(0).contains("in 29 days"));
        assertTrue(certificates(end.plusSeconds(1)).get(0).contains("ended on"));
    }

    private static List<String> certificates(Instant now) {
        return new AttentionMonitor(Clock.fixed(now, ZoneOffset.UTC))
                .getProblems().stream()
                        .filter(problem -> problem.contains("certificate"))
                        .toList();
    }
}
