package io.jenkins.plugins.oauthmail.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpServer;
import io.jenkins.inmemory.InMemoryJenkins;
import io.jenkins.plugins.oauthmail.testing.FakeTime;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that gets no answers is replaced, as it may never get any again. */
class TokenHttpClientTest {
    private final FakeTime time = new FakeTime();
    private final TokenHttpClient shared = new TokenHttpClient(time);
    private InMemoryJenkins jenkins;
    private HttpServer server;
    private int nobody;

    @BeforeEach
    void open(@TempDir Path home) throws Exception {
        jenkins = InMemoryJenkins.start(home, "http://localhost/");
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
    void close() throws Exception {
        server.stop(0);
        jenkins.close();
    }

    private static HttpRequest request(int port) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                .build();
    }

    private int status(int port) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                .build();
        return shared.current()
                .sendAsync(request, HttpResponse.BodyHandlers.discarding())
                .get(20, TimeUnit.SECONDS)
                .statusCode();
    }

    private int answer() throws Exception {
        return status(server.getAddress().getPort());
    }

    private void fail() {
        assertThrows(ExecutionException.class, () -> status(nobody));
    }

    private static Set<Thread> selectors() {
        Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        threads.removeIf(thread -> !thread.getName().endsWith("SelectorManager"));
        return threads;
    }

    @Test
    void replacesAClientWhoseThreadHasDied() throws Exception {
        Set<Thread> before = selectors();
        assertEquals(503, answer());
        Set<Thread> own = selectors();
        own.removeAll(before);
        for (Thread selector : own) {
            // In it, an error does the same.
            selector.interrupt();
            selector.join();
        }
        HttpClient dead = shared.current();
        CompletableFuture<HttpResponse<Void>> never = dead.sendAsync(
                        request(server.getAddress().getPort()), HttpResponse.BodyHandlers.discarding())
                .orTimeout(200, TimeUnit.MILLISECONDS);
        assertThrows(ExecutionException.class, never::get);
        assertSame(dead, shared.current());
        time.advance(Duration.ofMinutes(10));
        assertEquals(503, answer());
    }

    @Test
    void keepsAClientThatIsAnsweredNowAndThen() throws Exception {
        HttpClient first = shared.current();
        for (int i = 0; i < 5; i++) {
            fail();
            time.advance(Duration.ofMinutes(9));
            answer();
            time.advance(Duration.ofHours(1));
        }
        assertSame(first, shared.current());
    }

    /** While Entra cannot be reached for days, threads must not accumulate. */
    @Test
    void doublesItsPatience() throws Exception {
        int clients = 1;
        HttpClient last = shared.current();
        for (int minute = 0; minute < 24 * 60; minute++) {
            if (shared.current() != last) {
                clients++;
                last = shared.current();
            }
            fail();
            time.advance(Duration.ofMinutes(1));
        }
        assertEquals(8, clients);
        answer();
        fail();
        time.advance(Duration.ofMinutes(10));
        assertNotSame(last, shared.current());
    }
}
