package io.jenkins.plugins.oauthmail.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.testing.VaultFake;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import io.jenkins.plugins.oauthmail.token.TokenSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What stores the client secret is unavailable for a moment, while a token is at hand. */
class CredentialAwayTest {
    private JenkinsRig rig;
    private VaultFake vault;
    private TokenSource tokens;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        vault = VaultFake.instead(rig.jenkins());
        tokens = TokenSources.get().of(JenkinsRig.ACCOUNT, MailUse.SEND);
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = VaultFake.State.class,
            names = {"LISTS_NOTHING", "THROWS"})
    void tokenAtHandIsUsed(VaultFake.State away) throws Exception {
        AccessToken before = tokens.token();
        vault.become(away);
        assertEquals(before.value(), tokens.token().value());
    }

    /** Whoever asks for a new one wants to know whether the provider still issues tokens. */
    @Test
    void noOtherTokenIsRequested() throws Exception {
        AccessToken before = tokens.token();
        vault.become(VaultFake.State.LISTS_NOTHING);
        TokenFailure missing = assertThrows(TokenFailure.class, tokens::refresh);
        assertEquals(TokenFailure.Kind.CREDENTIAL_MISSING, missing.kind());
        tokens.refused(before);
        assertThrows(TokenFailure.class, tokens::token);
    }

    @Test
    void nothingIsUsedWithoutATokenAtHand() throws Exception {
        tokens.token();
        TokenSources.get().authorized(JenkinsRig.ACCOUNT);
        vault.become(VaultFake.State.LISTS_NOTHING);
        assertThrows(TokenFailure.class, tokens::token);
    }

    /** The settings may differ from those that the token was requested with. */
    @Test
    void tokenFromBeforeTheSettingsWereSavedIsNotUsed() throws Exception {
        tokens.token();
        vault.become(VaultFake.State.LISTS_NOTHING);
        TokenSources.get().changed();
        assertThrows(TokenFailure.class, tokens::token);
    }
}
