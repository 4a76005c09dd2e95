package io.jenkins.plugins.oauthmail.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.oauthmail.testing.FakeTime;
import io.jenkins.plugins.oauthmail.token.DaemonThreads;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client that gets no answers is replaced, as it may never get any again. */
class RenewedHttpClientTest {
    private final FakeTime time = new FakeTime();
    private int made;
    private HttpClient client;
    private HttpServer server;
    private int nobody;

    @BeforeEach
    void open() throws Exception {
        client = new RenewedHttpClient(
                () -> {
                    made++;
                    return plain();
                },
                time);
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(503, -1);
            exchange.close();
        });
        server.start();
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = closed.getLocalPort();
        }
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private static HttpClient plain() {
        return HttpClient.newBuilder().executor(DaemonThreads.named("test")).build();
    }

    private CompletableFuture<HttpResponse<Void>> ask(int port) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.discarding());
    }

    private int answer() throws Exception {
        return ask(server.getAddress().getPort()).get(20, TimeUnit.SECONDS).statusCode();
    }

    private void fail() {
        assertThrows(ExecutionException.class, () -> ask(nobody).get(20, TimeUnit.SECONDS));
    }

    private static Set<Thread> selectors() {
        Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        threads.removeIf(thread -> !thread.getName().endsWith("SelectorManager"));
        return threads;
    }

    @Test
    void replacesAClientWhoseThreadHasDied() throws Exception {
        Set<Thread> before = selectors();
        client = new RenewedHttpClient(RenewedHttpClientTest::plain, time);
        assertEquals(503, answer());
        Set<Thread> own = selectors();
        own.removeAll(before);
        assertEquals(1, own.size());
        for (Thread selector : own) {
            // In it, an error does the same.
            selector.interrupt();
            selector.join();
        }
        assertThrows(Exception.class, () -> ask(server.getAddress().getPort())
                .orTimeout(200, TimeUnit.MILLISECONDS)
                .get());
        time.advance(Duration.ofMinutes(10));
        assertEquals(503, answer());
    }

    @Test
    void keepsAClientThatIsAnsweredNowAndThen() throws Exception {
        for (int i = 0; i < 5; i++) {
            fail();
            time.advance(Duration.ofMinutes(9));
            answer();
            time.advance(Duration.ofHours(1));
        }
        assertEquals(1, made);
    }

    /** While Entra cannot be reached for days, threads must not accumulate. */
    @Test
    void doublesItsPatienceUntilThereIsAnAnswer() throws Exception {
        for (int minute = 0; minute < 24 * 60; minute++) {
            fail();
            time.advance(Duration.ofMinutes(1));
        }
        assertEquals(8, made);
        answer();
        fail();
        time.advance(Duration.ofMinutes(10));
        answer();
        assertEquals(9, made);
    }

    /** It says nothing about the present one. */
    @Test
    void ignoresLateFailuresOfAnEarlierClient() throws Exception {
        CompletableFuture<HttpResponse<Void>> late;
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            late = ask(silent.getLocalPort());
            fail();
            time.advance(Duration.ofMinutes(10));
            answer();
            late.cancel(true);
        }
        time.advance(Duration.ofHours(1));
        answer();
        assertEquals(2, made);
    }
}
