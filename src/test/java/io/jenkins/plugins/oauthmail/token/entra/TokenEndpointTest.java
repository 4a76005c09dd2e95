package io.jenkins.plugins.oauthmail.token.entra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.testing.EntraAnswer;
import io.jenkins.plugins.oauthmail.testing.EntraHold;
import io.jenkins.plugins.oauthmail.testing.FakeTime;
import io.jenkins.plugins.oauthmail.testing.TestCa;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenEndpointTest {

    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final byte[] TOKEN = RawServer.http(
            "200 OK\r\nContent-Type: application/json\r\nConnection: close",
            "{\"token_type\":\"Bearer\",\"expires_in\":3600,\"access_token\":\"the-token\"}");

    private static HttpClient.Builder client() {
        return HttpClient.newBuilder().sslContext(TestCa.get().clientContext());
    }

    private static ApplicationTokenSource source(Authority authority, HttpClient client, Duration patience) {
        Registration registration = new Registration("app", authority, new ClientCredential.Secret("a-secret"));
        return new ApplicationTokenSource(registration, TokenRig.DEFAULT_SCOPE, client, patience, new FakeTime());
    }

    private static String unreachable(ApplicationTokenSource source) {
        TokenFailure failure = assertThrows(TokenFailure.class, source::token);
        assertEquals(TokenFailure.Kind.UNREACHABLE, failure.kind());
        return failure.getMessage();
    }

    @Test
    void reportsAClosedPort() throws Exception {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = taken.getLocalPort();
        }
        String said = unreachable(source(Authority.of("https://localhost:" + port, "t1"), client().build(), LONG));
        assertTrue(said.startsWith("No connection to the token endpoint localhost:" + port), said);
        assertTrue(said.endsWith(": check the authority, Jenkins' proxy settings and the firewall."), said);
    }

    @Test
    void reportsAnUnknownHost() {
        String said = unreachable(source(Authority.of("https://no-such-host.invalid", "t1"), client().build(), LONG));
        assertEquals(
                "The host name no-such-host.invalid of the token endpoint cannot be found:"
                        + " check the authority, DNS and Jenkins' proxy settings.",
                said);
    }

    @Test
    void timesOutOnASilentServer() {
        try (TokenRig rig = new TokenRig();
                EntraHold hold = rig.entra.hold()) {
            HttpClient client = new ImpatientClient(rig.http, hold::awaitRequest);
            String said = unreachable(source(rig.registration().authority(), client, LONG));
            assertTrue(said.contains("did not answer within 20 s: try again later"), said);
        }
    }

    @Test
    void timesOutOnATruncatedResponse() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (RawServer server = new RawServer((number, out) -> {
            out.write(RawServer.http("200 OK\r\nContent-Length: 500", "{\"access_token\":"));
            out.flush();
            await(over);
        })) {
            String said = unreachable(source(server.authority(), client().build(), SHORT));
            assertTrue(said.contains("did not answer within"), said);
        } finally {
            over.countDown();
        }
    }

    /** MSAL would read on and on. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"expires_in\":[]",
                "\"expires_in\":{}",
                "\"token_type\":[\"Bearer\"]",
                "\"refresh_token\":{\"a\":1}",
                "\"scope\":[\"a\",\"b\"]",
                "\"id_token\":\"e30.eyJhdWQiOlsieCJdfQ.x\"",
                "\"id_token\":\"e30.eyJpc3MiOiJ4Ig.x\"",
                "\"id_token\":\"e30\"",
                "\"client_info\":\"eyJ1aWQiOltdfQ\"",
                "\"client_info\":\"eyJ1aWQiOiJ4Ig\"",
                "\"client_info\":\"W10\""
            })
    @Timeout(value = 50, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void rejectsOtherContentTypes(String member) throws Exception {
        byte[] answer = RawServer.http(
                "200 OK\r\nContent-Type: application/json\r\nConnection: close",
                "{\"access_token\":\"the-token\"," + member + "}");
        try (RawServer server = new RawServer((number, out) -> out.write(answer))) {
            String said = unreachable(source(server.authority(), client().build(), LONG));
            assertTrue(said.contains("could not be used (" + member.split("\"")[1] + ")"), said);
        }
    }

    @Test
    void limitsTheLengthOfTheResponse() throws Exception {
        byte[] much = "x".repeat(64 * 1024).getBytes(StandardCharsets.US_ASCII);
        try (RawServer server = new RawServer((number, out) -> {
            out.write(RawServer.http("200 OK\r\nContent-Length: 1000000000", ""));
            for (int i = 0; i < 1000; i++) {
                out.write(much);
            }
        })) {
            String said = unreachable(source(server.authority(), client().build(), LONG));
            assertTrue(said.contains("the response is longer than 1048576 bytes"), said);
            assertEquals(1, server.requests.get());
        }
    }

    @Test
    void retriesOnceForAnApplicationIfTheConnectionIsLost() throws Exception {
        try (RawServer server = new RawServer((number, out) -> {
            if (number > 1) {
                out.write(TOKEN);
            }
        })) {
            assertEquals(
                    "the-token",
                    source(server.authority(), client().build(), LONG).token().value());
            assertEquals(2, server.requests.get());
        }
    }

    @Test
    void retriesOnceAfterATimeout() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        try (RawServer server = new RawServer((number, out) -> {
            if (number > 1) {
                out.write(TOKEN);
            } else {
                asked.countDown();
                await(over);
            }
        })) {
            HttpClient client = new ImpatientClient(
                    client().build(),
                    () -> {
                        asked.await();
                        over.countDown();
                    },
                    1);
            assertEquals(
                    "the-token",
                    source(server.authority(), client, LONG).token().value());
            assertEquals(2, server.requests.get());
        }
    }

    @Test
    void reportsTheFirstFailureIfTheCodeIsUsedUp() throws Exception {
        try (TokenRig rig = new TokenRig()) {
            AuthorizationRequest request = AuthorizationRequest.create(
                    rig.registration(), TokenRig.REDIRECT, TokenRig.SCOPES, null, Clock.systemUTC());
            rig.entra.answerNext(EntraAnswer.badGateway());
            rig.entra.answerNext(EntraAnswer.aadsts(54005));
            TokenFailure failure = assertThrows(
                    TokenFailure.class, () -> request.redeem(rig.registration(), "a-code", client().build()));
            assertEquals(TokenFailure.Kind.UNREACHABLE, failure.kind());
            assertTrue(failure.getMessage().contains("(HTTP 502)"), failure.getMessage());
            assertEquals(2, rig.entra.count("authorization_code"));
        }
    }

    @Test
    void sendsAnAuthorizationCodeOnlyOnce() throws Exception {
        try (RawServer server = new RawServer((number, out) -> {})) {
            Registration registration =
                    new Registration("app", server.authority(), new ClientCredential.Secret("a-secret"));
            AuthorizationRequest request = AuthorizationRequest.create(
                    registration, TokenRig.REDIRECT, TokenRig.SCOPES, null, Clock.systemUTC());
            TokenFailure failure =
                    assertThrows(TokenFailure.class, () -> request.redeem(registration, "a-code", client().build()));
            assertEquals(TokenFailure.Kind.UNREACHABLE, failure.kind());
            assertEquals(1, server.requests.get());
        }
    }

    @Test
    void retriesAFailingServerOnce() throws Exception {
        try (RawServer server = new RawServer(
                (number, out) -> out.write(RawServer.http("503 No\r\nContent-Length: 0\r\nConnection: close", "")))) {
            String said = unreachable(source(server.authority(), client().build(), LONG));
            assertTrue(said.endsWith("sent no token response (HTTP 503): try again later."), said);
            assertEquals(2, server.requests.get());
        }
    }

    @Test
    void timesOutOnAnEndlessBody() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        CountDownLatch begun = new CountDownLatch(1);
        try (RawServer server = new RawServer((number, out) -> {
            out.write(RawServer.http("200 OK\r\nTransfer-Encoding: chunked", ""));
            begun.countDown();
            while (!over.get()) {
                out.write("1\r\nx\r\n".getBytes(StandardCharsets.US_ASCII));
                out.flush();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        })) {
            HttpClient client = new ImpatientClient(client().build(), begun::await);
            String said = unreachable(source(server.authority(), client, LONG));
            assertTrue(said.contains("did not answer within"), said);
            assertEquals(1, server.requests.get());
        } finally {
            over.set(true);
        }
    }

    @Test
    void timesOutOnEndlessHeaders() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        try (RawServer server = new RawServer((number, out) -> {
            out.write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII));
            while (!over.get()) {
                out.write("X-More: and more\r\n".getBytes(StandardCharsets.US_ASCII));
                out.flush();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        })) {
            String said = unreachable(source(server.authority(), client().build(), SHORT));
            assertTrue(said.contains("did not answer within"), said);
        } finally {
            over.set(true);
        }
    }

    @Test
    void repeatsUnsentRequestsOnly() throws Exception {
        try (TokenRig rig = new TokenRig();
                ConnectProxy proxy = new ConnectProxy(200)) {
            MemoryStore store = rig.authorized();
            proxy.cutNext();
            HttpClient through = client().proxy(proxy.selector()).build();
            DelegatedTokenSource source = new DelegatedTokenSource(
                    rig.registration(), TokenRig.SCOPES, new TokenCacheKeeper(store), through, LONG, rig.time);
            assertTrue(rig.entra.accepts(TokenRig.USER, source.refresh().value()));
            assertEquals(1, rig.entra.count("refresh_token"));
            assertEquals(1, rig.time.pauses().size(), "not at once");
        }
    }

    @Test
    void rejectsAnUntrustedCertificate() throws Exception {
        try (RawServer server = new RawServer((number, out) -> out.write(TOKEN))) {
            String said = unreachable(source(server.authority(), HttpClient.newHttpClient(), LONG));
            assertTrue(said.startsWith("No TLS connection to the token endpoint localhost:"), said);
            assertTrue(said.contains("trust store"), said);
            assertEquals(0, server.requests.get());
        }
    }

    @Test
    void checksTheHostName() throws Exception {
        try (RawServer server = new RawServer(TestCa.get().wrongHostContext(), (number, out) -> out.write(TOKEN))) {
            String said = unreachable(source(server.authority(), client().build(), LONG));
            assertTrue(said.startsWith("No TLS connection to the token endpoint localhost:"), said);
            assertEquals(0, server.requests.get());
        }
    }

    @Test
    void doesNotFollowRedirects() throws Exception {
        try (RawServer server = new RawServer((number, out) -> out.write(RawServer.http(
                "307 Elsewhere\r\nLocation: https://elsewhere.test/\r\nContent-Length: 0\r\nConnection: close", "")))) {
            String said = unreachable(source(server.authority(), client().build(), LONG));
            assertTrue(said.contains("(HTTP 307): check that the authority is that of an Entra tenant"), said);
        }
    }

    @Test
    void usesTheProxy() throws Exception {
        try (TokenRig rig = new TokenRig();
                ConnectProxy proxy = new ConnectProxy(200)) {
            HttpClient proxied = client().proxy(proxy.selector()).build();
            ApplicationTokenSource source =
                    new ApplicationTokenSource(rig.registration(), TokenRig.DEFAULT_SCOPE, proxied);
            assertTrue(rig.entra.accepts(TokenRig.USER, source.token().value()));
            assertEquals(List.of("CONNECT " + rig.registration().authority().host() + " HTTP/1.1"), proxy.targets);
        }
    }

    @Test
    void reportsAProxyThatRequiresALogin() throws Exception {
        try (TokenRig rig = new TokenRig();
                ConnectProxy proxy = new ConnectProxy(407)) {
            String said = unreachable(source(
                    rig.registration().authority(),
                    client().proxy(proxy.selector()).build(),
                    LONG));
            assertTrue(said.contains("requires a login (HTTP 407): enter a user name and password in"), said);
            assertEquals(0, rig.entra.calls().size());
        }
    }

    @Test
    void reportsARefusalOfTheProxy() throws Exception {
        try (TokenRig rig = new TokenRig();
                ConnectProxy proxy = new ConnectProxy(403)) {
            String said = unreachable(source(
                    rig.registration().authority(),
                    client().proxy(proxy.selector()).build(),
                    LONG));
            assertTrue(said.contains("403"), said);
            assertTrue(said.contains("proxy"), said);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "login.microsoftonline.com",
                "login.microsoftonline.us",
                "login.partner.microsoftonline.cn",
                "login.test"
            })
    void doesNotRequestInstanceDiscovery(String host) throws Exception {
        try (ConnectProxy proxy = new ConnectProxy(403)) {
            ApplicationTokenSource source = source(
                    Authority.of("https://" + host, "t1"),
                    client().proxy(proxy.selector()).build(),
                    LONG);
            String said = unreachable(source);
            assertTrue(said.contains(host), said);
            assertEquals(Set.of("CONNECT " + host + ":443 HTTP/1.1"), Set.copyOf(proxy.targets));
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
