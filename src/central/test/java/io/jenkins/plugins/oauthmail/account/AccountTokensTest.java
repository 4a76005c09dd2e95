package io.jenkins.plugins.oauthmail.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.sun.net.httpserver.HttpServer;
import hudson.ProxyConfiguration;
import io.jenkins.inmemory.InMemoryCredentials;
import io.jenkins.inmemory.InMemoryDisk;
import io.jenkins.plugins.oauthmail.config.ClientSecret;
import io.jenkins.plugins.oauthmail.config.Grant;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tokens of accounts while the disk is full, an answer is lost, a server refuses them or settings change. */
class AccountTokensTest {
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

    private static String error(TokenSources sources) {
        return assertThrows(TokenFailure.class, () -> sources.refresh(JenkinsRig.ACCOUNT))
                .getMessage();
    }

    @Test
    void changedClientSecretKeepsUnsavedTokens() throws Exception {
        InMemoryDisk.full(true);
        TokenSources.get().refresh(JenkinsRig.ACCOUNT);
        rig.jenkins()
                .credentials()
                .add(InMemoryCredentials.secretText(CredentialsScope.SYSTEM, "other", "the other secret"));
        rig.entra().register(rig.registration().withSecrets("the other secret"));
        String before = Files.readString(rig.authorizationFile());
        rig.define(new ClientSecret("other"));
        TokenSources.get().refresh(JenkinsRig.ACCOUNT);
        assertEquals(before, Files.readString(rig.authorizationFile()));
        assertTrue(TokenSources.get().unsavedBecause(JenkinsRig.ACCOUNT).isPresent());

        InMemoryDisk.full(false);
        rig.send(MAIL);
        assertNotEquals(before, Files.readString(rig.authorizationFile()));
        assertTrue(TokenSources.get().unsavedBecause(JenkinsRig.ACCOUNT).isEmpty());
        new TokenSources().refresh(JenkinsRig.ACCOUNT);
    }

    @Test
    void remembersALostResponseAfterARestart() throws Exception {
        rig.entra().loseNextAnswer();
        assertTrue(error(TokenSources.get()).startsWith("No connection to the token endpoint"));
        String refusal = error(new TokenSources());
        assertTrue(refusal.contains("was lost"), refusal);
        assertFalse(refusal.contains("by its owner"), refusal);
        assertEquals(refusal, error(new TokenSources()), "as long as nobody signs in anew");
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        rig.entra().revokeRefreshTokens();
        assertTrue(error(TokenSources.get()).contains("by its owner"));
    }

    /** Who reads an authorization just before it is replaced must not be told that there is none. */
    @Test
    void usesASignInThatReplacesAnotherMeanwhile() throws Exception {
        List<Credentials> credentials = rig.jenkins().credentials();
        Credentials usual = credentials.get(0);
        AtomicBoolean first = new AtomicBoolean(true);
        Object slow = Proxy.newProxyInstance(
                StringCredentials.class.getClassLoader(),
                new Class<?>[] {StringCredentials.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("getSecret") && first.getAndSet(false)) {
                        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
                    }
                    return method.invoke(usual, arguments);
                });
        credentials.set(0, (Credentials) slow);
        TokenSources.get().refresh(JenkinsRig.ACCOUNT);
        assertFalse(first.get());
    }

    @Test
    void replacesARefusedToken() throws Exception {
        rig.send(MAIL);
        rig.entra().expireAccessTokens();
        MailSenders.get().authorized(JenkinsRig.ACCOUNT);
        rig.send(MAIL);
        assertEquals(1, rig.entra().count("refresh_token"));
        rig.entra().expireAccessTokens();
        assertEquals(
                2,
                rig.read(Map.of("account", JenkinsRig.ACCOUNT, "folder", "INBOX"))
                        .size());
        assertEquals(2, rig.entra().count("refresh_token"));
    }

    @Test
    void replacesARefusedTokenOfAnApplication() throws Exception {
        rig.entra().grantMailbox(JenkinsRig.CLIENT_ID, JenkinsRig.ADDRESS);
        MailAccount account =
                OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow();
        account.setGrant(Grant.APPLICATION);
        OAuthMailConfiguration.get().put(account, JenkinsRig.ACCOUNT);
        rig.send(MAIL);
        rig.entra().expireAccessTokens();
        MailSenders.get().authorized(JenkinsRig.ACCOUNT);
        rig.send(MAIL);
        assertEquals(2, rig.entra().count("client_credentials"));
    }

    @Test
    void reportsARevokedSignInWhenTheServerRefusesTheToken() throws Exception {
        rig.send(MAIL);
        rig.entra().expireAccessTokens();
        rig.entra().revokeRefreshTokens();
        MailSenders.get().authorized(JenkinsRig.ACCOUNT);
        Exception failure = assertThrows(Exception.class, () -> rig.send(MAIL));
        assertTrue(failure.getMessage().contains("revoked by its owner"), failure.getMessage());
    }

    @Test
    void sharesOneHttpClientUntilTheProxyChanges() throws Exception {
        HttpClient client = TokenSources.httpClient();
        for (int i = 0; i < 3; i++) {
            assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
            TokenSources.get().refresh(JenkinsRig.ACCOUNT);
            rig.define(new ClientSecret("secret"));
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
        TokenSources.get().refresh(JenkinsRig.ACCOUNT);
    }

    /** A connection of HTTP/2 that died silently would be used again and again, for all accounts. */
    @Test
    void speaksHttp1ToEntraAndGraph() {
        assertEquals(HttpClient.Version.HTTP_1_1, TokenSources.httpClient().version());
        Jenkins.get().setProxy(new ProxyConfiguration("localhost", 1, "anna", "secret"));
        HttpClient loggingIn = TokenSources.httpClient();
        assertTrue(loggingIn.authenticator().isEmpty(), "the login is our own");
        assertEquals(HttpClient.Version.HTTP_1_1, loggingIn.version());
    }

    /** Entra refuses an application with 401, and asks for no login. */
    @Test
    void understandsRefusalsIfTheProxyHasALogin() throws Exception {
        Jenkins.get().setProxy(new ProxyConfiguration("localhost", 1, "jenkins", "proxy password", "localhost"));
        rig.entra().register(rig.registration().withSecrets("another secret"));
        String refusal = error(TokenSources.get());
        assertTrue(refusal.contains("AADSTS7000215"), refusal);
    }

    @Test
    void logsInAtTheProxyAndNowhereElse() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        HttpServer proxy = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        proxy.createContext("/", exchange -> {
            heard.add(exchange.getRequestURI().getPath() + " "
                    + exchange.getRequestHeaders().getFirst("Proxy-Authorization"));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        proxy.start();
        try {
            int port = proxy.getAddress().getPort();
            Jenkins.get().setProxy(new ProxyConfiguration("127.0.0.1", port, "jenkins", "p:w", "localhost"));
            get("http://other.test/by-the-proxy");
            get("http://localhost:" + port + "/directly");
        } finally {
            proxy.stop(0);
        }
        assertEquals(List.of("/by-the-proxy Basic amVua2luczpwOnc=", "/directly null"), heard);
    }

    private static void get(String url) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
        assertEquals(
                204,
                TokenSources.httpClient()
                        .send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode());
    }
}
