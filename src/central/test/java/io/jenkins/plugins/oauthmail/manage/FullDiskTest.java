package io.jenkins.plugins.oauthmail.manage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.TaskListener;
import io.jenkins.inmemory.InMemoryDisk;
import io.jenkins.plugins.oauthmail.account.TokenSources;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.demo.Stage;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What administrators are told while nothing can be written. */
class FullDiskTest {
    private static final Map<String, Object> MAIL =
            Map.of("account", Stage.ACCOUNT, "to", Stage.ADDRESS, "subject", "x");

    private Stage stage;

    @BeforeEach
    void open() throws Exception {
        stage = Stage.defined();
        assertTrue(stage.authorizeAs(Stage.ADDRESS).good());
        stage.entra().refreshTokensWorkOnce(true);
    }

    @AfterEach
    void close() throws Exception {
        InMemoryDisk.full(false);
        stage.close();
    }

    private static AccountState state() {
        return AccountState.of(
                OAuthMailConfiguration.get().account(Stage.ACCOUNT).orElseThrow(), Instant.now());
    }

    @Test
    void aRenewalThatCannotBeSavedWorksAndIsNamedUntilItIsSaved() throws Exception {
        InMemoryDisk.full(true);
        TokenSources.get().refresh(Stage.ACCOUNT);
        stage.send(MAIL);
        assertEquals(AccountState.Level.NEEDS_ATTENTION, state().level());
        String problem = new AttentionMonitor().getProblems().get(0);
        assertTrue(problem.contains("cannot be saved (No space left on device)"), problem);

        InMemoryDisk.full(false);
        stage.read(Map.of("account", Stage.ACCOUNT, "folder", "INBOX"));
        assertEquals(AccountState.Level.WORKING, state().level());
        assertFalse(new AttentionMonitor().isActivated());
        new TokenSources().refresh(Stage.ACCOUNT);
    }

    @Test
    void aSignInThatWasRevokedIsNamedThoughThatCannotBeWrittenDown() throws Exception {
        InMemoryDisk.full(true);
        stage.entra().revokeRefreshTokens();
        assertThrows(TokenFailure.class, () -> TokenSources.get().refresh(Stage.ACCOUNT));
        assertEquals(AccountState.Level.NEEDS_ATTENTION, state().level());
        assertTrue(state().detail().contains("revoked"), state().detail());
    }

    @Test
    void theKeepAliveSavesWhatCouldNotBeSaved() throws Exception {
        InMemoryDisk.full(true);
        TokenSources.get().refresh(Stage.ACCOUNT);
        InMemoryDisk.full(false);
        new KeepAlive().execute(TaskListener.NULL);
        assertEquals(AccountState.Level.WORKING, state().level());
    }
}
