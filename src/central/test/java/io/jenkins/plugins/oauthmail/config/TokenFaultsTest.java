package io.jenkins.plugins.oauthmail.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cloudbees.plugins.credentials.CredentialsScope;
import hudson.ProxyConfiguration;
import io.jenkins.inmemory.InMemoryCredentials;
import io.jenkins.inmemory.InMemoryDisk;
import io.jenkins.plugins.oauthmail.account.MailSenders;
import io.jenkins.plugins.oauthmail.account.TokenSources;
import io.jenkins.plugins.oauthmail.demo.Stage;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.util.Map;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tokens of accounts while the disk is full, an answer is lost, a server refuses them or settings change. */
class TokenFaultsTest {
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

    private static String error(TokenSources sources) {
        return assertThrows(TokenFailure.class, () -> sources.refresh(Stage.ACCOUNT))
                .getMessage();
    }

    @Test
    void aChangedClientSecretLosesNothingThatIsInMemoryOnly() throws Exception {
        InMemoryDisk.full(true);
        TokenSources.get().refresh(Stage.ACCOUNT);
        stage.jenkins()
                .credentials()
                .add(InMemoryCredentials.secretText(CredentialsScope.SYSTEM, "other", "the other secret"));
        stage.entra().register(stage.registration().withSecrets("the other secret"));
        String before = Files.readString(stage.authorizationFile());
        stage.define(new ClientSecret("other"));
        TokenSources.get().refresh(Stage.ACCOUNT);
        assertEquals(before, Files.readString(stage.authorizationFile()));
        assertTrue(TokenSources.get().unsavedBecause(Stage.ACCOUNT).isPresent());

        InMemoryDisk.full(false);
        stage.send(MAIL);
        assertNotEquals(before, Files.readString(stage.authorizationFile()));
        assertTrue(TokenSources.get().unsavedBecause(Stage.ACCOUNT).isEmpty());
        new TokenSources().refresh(Stage.ACCOUNT);
    }

    @Test
    void aLostAnswerIsRememberedAcrossARestart() throws Exception {
        stage.entra().loseNextAnswer();
        assertTrue(error(TokenSources.get()).startsWith("No connection to the token endpoint"));
        String refusal = error(new TokenSources());
        assertTrue(refusal.contains("was lost"), refusal);
        assertFalse(refusal.contains("by its owner"), refusal);
        assertEquals(refusal, error(new TokenSources()), "as long as nobody signs in anew");
        assertTrue(stage.authorizeAs(Stage.ADDRESS).good());
        stage.entra().revokeRefreshTokens();
        assertTrue(error(TokenSources.get()).contains("by its owner"));
    }

    @Test
    void aTokenThatTheServerRefusesIsReplacedAtOnce() throws Exception {
        stage.send(MAIL);
        stage.entra().expireAccessTokens();
        MailSenders.drop(Stage.ACCOUNT);
        stage.send(MAIL);
        assertEquals(1, stage.entra().count("refresh_token"));
        stage.entra().expireAccessTokens();
        assertEquals(
                2,
                stage.read(Map.of("account", Stage.ACCOUNT, "folder", "INBOX")).size());
        assertEquals(2, stage.entra().count("refresh_token"));
    }

    @Test
    void anApplicationsOwnTokenIsReplacedToo() throws Exception {
        stage.entra().grantMailbox(Stage.CLIENT_ID, Stage.ADDRESS);
        MailAccount account =
                OAuthMailConfiguration.get().account(Stage.ACCOUNT).orElseThrow();
        account.setGrant(Grant.APPLICATION);
        OAuthMailConfiguration.get().put(account, Stage.ACCOUNT);
        stage.send(MAIL);
        stage.entra().expireAccessTokens();
        MailSenders.drop(Stage.ACCOUNT);
        stage.send(MAIL);
        assertEquals(2, stage.entra().count("client_credentials"));
    }

    @Test
    void aSignInThatWasRevokedIsSaidWhenTheServerRefusesTheToken() throws Exception {
        stage.send(MAIL);
        stage.entra().expireAccessTokens();
        stage.entra().revokeRefreshTokens();
        MailSenders.drop(Stage.ACCOUNT);
        Exception failure = assertThrows(Exception.class, () -> stage.send(MAIL));
        assertTrue(failure.getMessage().contains("revoked by its owner"), failure.getMessage());
    }

    @Test
    void allSourcesShareOneHttpClientUntilTheProxyChanges() throws Exception {
        HttpClient client = TokenSources.httpClient();
        for (int i = 0; i < 3; i++) {
            assertTrue(stage.authorizeAs(Stage.ADDRESS).good());
            TokenSources.get().refresh(Stage.ACCOUNT);
            stage.define(new ClientSecret("secret"));
            assertSame(client, TokenSources.httpClient());
        }

        Jenkins.get().setProxy(new ProxyConfiguration("localhost", 1));
        assertNotSame(client, TokenSources.httpClient());
        HttpClient proxied = TokenSources.httpClient();
        Jenkins.get().setProxy(new ProxyConfiguration("localhost", 1));
        assertSame(proxied, TokenSources.httpClient(), "the same settings");
        assertTrue(error(TokenSources.get()).contains("proxy"), "the change counts at once");
        Jenkins.get().setProxy(new ProxyConfiguration("localhost", 1, null, null, "localhost"));
        assertNotSame(proxied, TokenSources.httpClient());
        TokenSources.get().refresh(Stage.ACCOUNT);
    }
}
