package io.jenkins.plugins.oauthmail.faults;

import io.jenkins.plugins.oauthmail.testing.TestCa;
import io.jenkins.plugins.oauthmail.testing.mail.Tampering;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;

/** Stands before a token endpoint and tampers with what it answers, line by line. */
final class FaultyEndpoint implements AutoCloseable {

    private static final int MAX_HEAD = 64 << 10;

    private final URI behind;
    private final ServerSocket server;
    private final HttpClient client =
            HttpClient.newBuilder().sslContext(TestCa.get().clientContext()).build();
    /** Below TLS, whose close waits for a writer whose client does not read. */
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    private final List<String> presented = new CopyOnWriteArrayList<>();
    private volatile FaultyLines lines = new FaultyLines();
    private volatile int carriedOut;

    FaultyEndpoint(URI behind) throws IOException {
        this.behind = behind;
        server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        start(this::accept);
    }

    /** The authority to ask instead of the one behind. */
    URI authority() {
        return URI.create("https://localhost:" + server.getLocalPort() + behind.getRawPath());
    }

    /** From now on. */
    void tamper(FaultyLines with) {
        lines = with;
        presented.clear();
        carriedOut = 0;
    }

    /** The grants that were presented since then, in whatever request. */
    List<String> presented() {
        return List.copyOf(presented);
    }

    /** How many requests reached the endpoint behind since then. */
    int carriedOut() {
        return carriedOut;
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "faulty endpoint");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket plain = server.accept();
                start(() -> serve(plain));
            }
        } catch (IOException e) {
            // Closed: the test is over.
            return;
        }
    }

    private void serve(Socket plain) {
        open.add(plain);
        try (plain) {
            SSLSocket socket = (SSLSocket)
                    TestCa.get().serverContext().getSocketFactory().createSocket(plain, null, plain.getPort(), true);
            socket.setUseClientMode(false);
            Client other = new Client(plain, socket);
            String head;
            while ((head = head(socket.getInputStream())) != null) {
                byte[] form = socket.getInputStream().readNBytes(length(head));
                answer(head.split(" ", 3)[1], new String(form, StandardCharsets.UTF_8), other);
            }
        } catch (IOException e) {
            // The client went away, or was sent away.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(plain);
        }
    }

    /** The next request without its body, null if there is none. */
    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0 && head.length() < MAX_HEAD) {
            int c = in.read();
            if (c < 0) {
                return null;
            }
            head.append((char) c);
        }
        return head.toString();
    }

    private static int length(String head) {
        for (String line : head.split("\r\n")) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                return Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
            }
        }
        return 0;
    }

    private void answer(String target, String form, Client other) throws IOException, InterruptedException {
        FaultyLines now = lines;
        for (String field : form.split("&")) {
            if (field.matches("(refresh_token|code)=.*")) {
                presented.add(field);
            }
        }
        Tampering.Instead instead = now.command("POST");
        if (instead != null) {
            if (instead.reply() != null) {
                other.send(instead.reply().getBytes(StandardCharsets.UTF_8));
            }
            if (instead.drop()) {
                throw new IOException("dropped");
            }
            return;
        }
        HttpRequest request = HttpRequest.newBuilder(behind.resolve(target))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build();
        // Before it is, as a client that has no more patience may ask while it is being done.
        carriedOut++;
        HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        now.line("HTTP/1.1 " + answer.statusCode() + " Said", other);
        now.line("Content-Type: " + answer.headers().firstValue("content-type").orElse("text/plain"), other);
        now.line("Content-Length: " + answer.body().length, other);
        now.line("", other);
        now.literal(answer.body(), other);
    }

    private static final class Client implements Tampering.Client {
        private final Socket plain;
        private final SSLSocket socket;

        Client(Socket plain, SSLSocket socket) {
            this.plain = plain;
            this.socket = socket;
        }

        @Override
        public void send(byte[] octets) throws IOException {
            socket.getOutputStream().write(octets);
            socket.getOutputStream().flush();
        }

        @Override
        public boolean leaves(Duration most) throws IOException {
            long until = System.nanoTime() + most.toNanos();
            long left = most.toNanos();
            try {
                while (left > 0) {
                    socket.setSoTimeout((int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
                    if (socket.getInputStream().read() < 0) {
                        return true;
                    }
                    left = until - System.nanoTime();
                }
                return false;
            } catch (SocketTimeoutException e) {
                return false;
            } catch (IOException e) {
                return true;
            } finally {
                if (!socket.isClosed()) {
                    socket.setSoTimeout(0);
                }
            }
        }

        @Override
        public void close() {
            end(plain);
        }
    }

    private static void end(Socket plain) {
        try {
            plain.close();
        } catch (IOException e) {
            // It is gone either way.
            return;
        }
    }

    /** Closes all connections. */
    void drop() {
        open.forEach(FaultyEndpoint::end);
    }

    @Override
    public void close() throws IOException {
        server.close();
        drop();
    }
}
