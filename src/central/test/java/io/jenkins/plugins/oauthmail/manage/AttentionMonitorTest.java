package io.jenkins.plugins.oauthmail.manage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cloudbees.plugins.credentials.CredentialsScope;
import io.jenkins.inmemory.InMemoryCredentials;
import io.jenkins.plugins.oauthmail.account.AccountActivity;
import io.jenkins.plugins.oauthmail.account.AuthorizationStore;
import io.jenkins.plugins.oauthmail.config.ClientCertificate;
import io.jenkins.plugins.oauthmail.config.ClientSecret;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.token.entra.Fixtures;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When administrators are warned, and when no longer. */
class AttentionMonitorTest {
    private JenkinsRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @Test
    void comesAndGoesWithTheAuthorization() throws Exception {
        AttentionMonitor monitor = new AttentionMonitor();
        assertEquals(List.of("Mail account build-mail: Not authorized."), monitor.getProblems());
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        assertFalse(monitor.isActivated());
        Files.writeString(rig.authorizationFile(), "<x");
        assertTrue(monitor.isActivated());
        assertTrue(
                monitor.getProblems().get(0).contains("cannot be read"),
                monitor.getProblems().get(0));
        AuthorizationStore.get().forget(JenkinsRig.ACCOUNT);
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        assertFalse(monitor.isActivated());
    }

    @Test
    void warnsThirtyDaysBeforeACertificateExpires() throws Exception {
        rig.jenkins()
                .credentials()
                .add(InMemoryCredentials.certificate(
                        CredentialsScope.SYSTEM,
                        "certificate",
                        Fixtures.keyStore("certificate-only.p12"),
                        Fixtures.PASSPHRASE));
        rig.define(new ClientCertificate("certificate"));
        Instant end = Fixtures.certificate("rsa.certificate.pem").getNotAfter().toInstant();
        assertEquals(
                List.of(),
                problems("certificate", end.minus(Duration.ofDays(30)).minusSeconds(1)));
        assertTrue(
                problems("certificate", end.minus(Duration.ofDays(29))).get(0).contains("in 29 days"));
        assertTrue(problems("certificate", end.plusSeconds(1)).get(0).contains("expired on"));
    }

    @Test
    void warnsThirtyDaysBeforeASecretExpires() throws Exception {
        ClientSecret secret = new ClientSecret("secret");
        rig.define(secret);
        assertEquals(List.of(), problems("client secret", Instant.parse("2099-01-01T00:00:00Z")));
        secret.setExpiresOn("2027-05-31");
        assertEquals(List.of(), problems("client secret", Instant.parse("2027-04-30T23:59:59Z")));
        assertTrue(problems("client secret", Instant.parse("2027-05-30T00:00:00Z"))
                .get(0)
                .contains("expires on 2027-05-31, in 1 day."));
        assertTrue(problems("client secret", Instant.parse("2027-06-01T00:00:00Z"))
                .get(0)
                .contains("expired on"));
    }

    @Test
    void warnsAboutAGlobalCredential() throws Exception {
        rig.jenkins().credentials().add(InMemoryCredentials.secretText(CredentialsScope.GLOBAL, "open", "a secret"));
        rig.define(new ClientSecret("open"));
        assertTrue(problems("Global scope", Instant.now()).get(0).contains("'open'"));
    }

    @Test
    void warnsAboutARefusedLoginUntilItWorks() throws Exception {
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        AccountActivity activity = AccountActivity.get();
        activity.failed(
                JenkinsRig.ACCOUNT, MailUse.SEND, new MailFailure(MailFailure.Layer.SEND, "Refused recipient."));
        activity.failed(JenkinsRig.ACCOUNT, MailUse.SEND, new MailFailure(MailFailure.Layer.CONNECT, "No route."));
        assertFalse(new AttentionMonitor().isActivated(), "one mail's trouble, or a passing one");
        activity.failed(
                JenkinsRig.ACCOUNT, MailUse.SEND, new MailFailure(MailFailure.Layer.LOGIN, "SMTP AUTH is off."));
        assertTrue(new AttentionMonitor().getProblems().get(0).contains("SMTP AUTH is off."));
        rig.send(Map.of("account", JenkinsRig.ACCOUNT, "to", JenkinsRig.ADDRESS, "subject", "x"));
        assertFalse(new AttentionMonitor().isActivated());
    }

    private static List<String> problems(String about, Instant now) {
        return new AttentionMonitor(Clock.fixed(now, ZoneOffset.UTC))
                .getProblems().stream()
                        .filter(problem -> problem.contains(about))
                        .toList();
    }
}
