package io.jenkins.plugins.oauthmail.manage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.util.StreamTaskListener;
import io.jenkins.plugins.oauthmail.account.AuthorizationStore;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.demo.Stage;
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

    private Stage stage;

    @BeforeEach
    void open() throws Exception {
        stage = Stage.defined();
        assertTrue(stage.authorizeAs(Stage.ADDRESS).good());
    }

    @AfterEach
    void close() throws Exception {
        stage.close();
    }

    private static Instant refreshedAt() {
        return AuthorizationStore.get().find(Stage.ACCOUNT).orElseThrow().getRefreshedAt();
    }

    private void refreshedOn(Instant time) throws Exception {
        String xml = Files.readString(stage.authorizationFile());
        String changed = xml.replaceFirst("<refreshedAt>\\d+<", "<refreshedAt>" + time.toEpochMilli() + "<");
        Files.writeString(stage.authorizationFile(), changed);
        assertEquals(time, refreshedAt());
    }

    private static String work() throws Exception {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        new KeepAlive().execute(new StreamTaskListener(log, StandardCharsets.UTF_8));
        return log.toString(StandardCharsets.UTF_8);
    }

    @Test
    void oneThatIsInUseIsLeftAlone() throws Exception {
        Instant before = refreshedAt();
        assertEquals("", work());
        assertEquals(before, refreshedAt());
    }

    @Test
    void anAccountInTroubleDoesNotKeepTheOthersFromBeingRefreshed() throws Exception {
        MailAccount good = OAuthMailConfiguration.get().account(Stage.ACCOUNT).orElseThrow();
        OAuthMailConfiguration.get()
                .setAccounts(List.of(new MailAccount(DAMAGED, "damaged@contoso.test", Stage.APPLICATION), good));
        Files.writeString(stage.authorizationFile().resolveSibling(DAMAGED + ".xml"), "<x");
        Instant longAgo = Instant.parse("2026-01-01T00:00:00Z");
        refreshedOn(longAgo);

        String log = work();

        assertTrue(log.contains(DAMAGED + " cannot be read"), log);
        assertTrue(log.contains("Refreshed the grant of mail account " + Stage.ACCOUNT), log);
        assertTrue(refreshedAt().isAfter(longAgo), "not refreshed");
    }

    @Test
    void aRefusedRefreshIsKeptForThePage() throws Exception {
        refreshedOn(Instant.parse("2026-01-01T00:00:00Z"));
        stage.entra().close();
        String log = work();
        String error = AuthorizationStore.get()
                .find(Stage.ACCOUNT)
                .orElseThrow()
                .getTrouble()
                .getSentence();
        assertTrue(log.contains("Mail account " + Stage.ACCOUNT + ": " + error), log);
        assertFalse(log.contains("\tat "), log);
    }

    @Test
    void aNewSignInDoesNotReplaceWhatCannotBeRead() throws Exception {
        Files.writeString(stage.authorizationFile(), "<x");
        Notice refusal = stage.authorizeAs(Stage.ADDRESS);
        assertFalse(refusal.good());
        assertTrue(refusal.text().contains("press Forget"), refusal.text());
        assertEquals("<x", Files.readString(stage.authorizationFile()));
        AccountState state = AccountState.of(
                OAuthMailConfiguration.get().account(Stage.ACCOUNT).orElseThrow(), Instant.now());
        assertEquals(AccountState.Level.NEEDS_ATTENTION, state.level());
        assertTrue(state.isForgettable());
    }
}
