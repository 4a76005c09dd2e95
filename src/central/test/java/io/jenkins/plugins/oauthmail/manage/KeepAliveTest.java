package io.jenkins.plugins.oauthmail.manage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.util.StreamTaskListener;
import io.jenkins.plugins.oauthmail.account.AuthorizationStore;
import io.jenkins.plugins.oauthmail.account.TokenSources;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.testing.EntraAnswer;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The daily work that keeps grants alive which no build uses. */
class KeepAliveTest {
    private static final String DAMAGED = "a-damaged-one";

    private JenkinsRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private static Instant refreshedAt() {
        return AuthorizationStore.get().find(JenkinsRig.ACCOUNT).orElseThrow().getRefreshedAt();
    }

    private void refreshedOn(Instant time) throws Exception {
        String xml = Files.readString(rig.authorizationFile());
        String changed = xml.replaceFirst("<refreshedAt>\\d+<", "<refreshedAt>" + time.toEpochMilli() + "<");
        Files.writeString(rig.authorizationFile(), changed);
        assertEquals(time, refreshedAt());
    }

    private static String work() throws Exception {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        new KeepAlive().execute(new StreamTaskListener(log, StandardCharsets.UTF_8));
        return log.toString(StandardCharsets.UTF_8);
    }

    @Test
    void skipsAccountsInUse() throws Exception {
        Instant before = refreshedAt();
        assertEquals("", work());
        assertEquals(before, refreshedAt());
    }

    @Test
    void refreshesOthersIfOneFails() throws Exception {
        MailAccount good =
                OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow();
        OAuthMailConfiguration.get()
                .setAccounts(List.of(new MailAccount(DAMAGED, "damaged@contoso.test", JenkinsRig.APPLICATION), good));
        Files.writeString(rig.authorizationFile().resolveSibling(DAMAGED + ".xml"), "<x");
        Instant longAgo = Instant.parse("2026-01-01T00:00:00Z");
        refreshedOn(longAgo);

        String log = work();

        assertTrue(log.contains(DAMAGED + " cannot be read"), log);
        assertTrue(log.contains("Refreshed the grant of mail account " + JenkinsRig.ACCOUNT), log);
        assertTrue(refreshedAt().isAfter(longAgo), "not refreshed");
    }

    /** Otherwise nobody would be warned of what has failed once, and not been tried again. */
    @Test
    void triesAgainWhatHasFailed() throws Exception {
        rig.entra().answerNext(EntraAnswer.aadsts(7000222));
        assertThrows(TokenFailure.class, () -> TokenSources.get().refresh(JenkinsRig.ACCOUNT));
        String log = work();
        assertTrue(log.contains("Refreshed the grant of mail account " + JenkinsRig.ACCOUNT), log);
        assertNull(
                AuthorizationStore.get().find(JenkinsRig.ACCOUNT).orElseThrow().getTrouble());
    }

    @Test
    void recordsARefusedRefresh() throws Exception {
        refreshedOn(Instant.parse("2026-01-01T00:00:00Z"));
        rig.entra().close();
        String log = work();
        String error = AuthorizationStore.get()
                .find(JenkinsRig.ACCOUNT)
                .orElseThrow()
                .getTrouble()
                .getSentence();
        assertTrue(log.contains("Mail account " + JenkinsRig.ACCOUNT + ": " + error), log);
        assertFalse(log.contains("\tat "), log);
    }

    @Test
    void keepsAnUnreadableAuthorization() throws Exception {
        Files.writeString(rig.authorizationFile(), "<x");
        Notice refusal = rig.authorizeAs(JenkinsRig.ADDRESS);
        assertFalse(refusal.good());
        assertTrue(refusal.text().contains("press Forget"), refusal.text());
        assertEquals("<x", Files.readString(rig.authorizationFile()));
        AccountState state = AccountState.of(
                OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow());
        assertEquals(AccountState.Level.NEEDS_ATTENTION, state.level());
        assertTrue(state.isForgettable());
    }
}
