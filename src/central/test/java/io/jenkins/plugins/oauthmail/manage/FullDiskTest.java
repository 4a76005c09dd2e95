package io.jenkins.plugins.oauthmail.manage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.TaskListener;
import io.jenkins.inmemory.InMemoryDisk;
import io.jenkins.plugins.oauthmail.account.TokenSources;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What administrators are told while nothing can be written. */
class FullDiskTest {
    private static final Map<String, Object> MAIL =
            Map.of("account", JenkinsRig.ACCOUNT, "to", JenkinsRig.ADDRESS, "subject", "x");

    private JenkinsRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        rig.entra().refreshTokensWorkOnce(true);
    }

    @AfterEach
    void close() throws Exception {
        InMemoryDisk.full(false);
        rig.close();
    }

    private static AccountState state() {
        return AccountState.of(
                OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow());
    }

    @Test
    void reportsAnUnsavedRenewalUntilItIsSaved() throws Exception {
        InMemoryDisk.full(true);
        TokenSources.get().refresh(JenkinsRig.ACCOUNT);
        rig.send(MAIL);
        assertEquals(AccountState.Level.NEEDS_ATTENTION, state().level());
        String problem = new AttentionMonitor().getProblems().get(0);
        assertTrue(problem.contains("cannot be saved (No space left on device)"), problem);

        InMemoryDisk.full(false);
        rig.read(Map.of("account", JenkinsRig.ACCOUNT, "folder", "INBOX"));
        assertEquals(AccountState.Level.WORKING, state().level());
        assertFalse(new AttentionMonitor().isActivated());
        new TokenSources().refresh(JenkinsRig.ACCOUNT);
    }

    @Test
    void reportsARevokedSignInAlthoughItCannotBeSaved() throws Exception {
        InMemoryDisk.full(true);
        rig.entra().revokeRefreshTokens();
        assertThrows(TokenFailure.class, () -> TokenSources.get().refresh(JenkinsRig.ACCOUNT));
        assertEquals(AccountState.Level.NEEDS_ATTENTION, state().level());
        assertTrue(state().detail().contains("revoked"), state().detail());
    }

    @Test
    void keepAliveSavesUnsavedRenewals() throws Exception {
        InMemoryDisk.full(true);
        TokenSources.get().refresh(JenkinsRig.ACCOUNT);
        InMemoryDisk.full(false);
        assertEquals(AccountState.Level.NEEDS_ATTENTION, state().level());
        new KeepAlive().execute(TaskListener.NULL);
        assertEquals(AccountState.Level.NOT_TESTED, state().level());
    }
}
