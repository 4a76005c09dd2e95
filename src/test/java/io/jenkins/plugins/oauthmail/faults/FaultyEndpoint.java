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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocket;

/** Stands before a server that speaks HTTP, with or without TLS, and tampers with what it answers, line by line. */
final class FaultyEndpoint implements AutoCloseable {

    private static final int MAX_HEAD = 64 << 10;

    /** What is said about one connection; each request goes to the server behind over another one. */
    private static final Pattern OF_CONNECTION = Pattern.compile("(?im)^(Connection|Upgrade|HTTP2-Settings):.*\\r\\n");

    private static final Pattern LENGTH = Pattern.compile("(?im)^Content-Length: *(\\d+)");
    private static final Pattern STATUS = Pattern.compile("^\\S+ (\\d+)");

    private final URI behind;
    private final boolean secured;
    private final UnaryOperator<String> names;
    private final ServerSocket server;
    /** Below TLS, whose close waits for a writer whose client does not read. */
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    private final List<String> presented = new CopyOnWriteArrayList<>();
    private volatile FaultyLines lines = new FaultyLines();
    private volatile int carriedOut;

    /** @param names makes the name of a command out of the first line of a request */
    FaultyEndpoint(URI behind, UnaryOperator<String> names) throws IOException {
        this.behind = behind;
        this.secured = behind.getScheme().equals("https");
        this.names = names;
        server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        start(this::accept);
    }

    /** The URL to ask instead of the one behind. */
    URI url() {
        return URI.create(
                (secured ? "https://localhost:" : "http://127.0.0.1:") + server.getLocalPort() + behind.getRawPath());
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
            Socket socket = plain;
            if (secured) {
                SSLSocket tls = (SSLSocket) TestCa.get()
                        .serverContext()
                        .getSocketFactory()
                        .createSocket(plain, null, plain.getPort(), true);
                tls.setUseClientMode(false);
                socket = tls;
            }
            Client other = new Client(plain, socket);
            String head;
            while ((head = head(socket.getInputStream())) != null) {
                answer(head, socket.getInputStream().readNBytes(Math.max(0, length(head))), other);
            }
        } catch (IOException e) {
            // The client went away, or was sent away.
            return;
        } finally {
            open.remove(plain);
        }
    }

    /** The next request or answer without its body, null if there is none. */
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

    /** The length of the body; negative if it is not said. */
    private static int length(String head) {
        Matcher length = LENGTH.matcher(head);
        return length.find() ? Integer.parseInt(length.group(1)) : -1;
    }

    private void answer(String request, byte[] body, Client other) throws IOException {
        FaultyLines now = lines;
        for (String field : new String(body, StandardCharsets.UTF_8).split("&")) {
            if (field.matches("(refresh_token|code)=.*")) {
                presented.add(field);
            }
        }
        Tampering.Instead instead = now.command(names.apply(request.substring(0, request.indexOf("\r\n"))));
        if (instead != null) {
            if (instead.reply() != null) {
                other.send(instead.reply().getBytes(StandardCharsets.UTF_8));
            }
            if (instead.drop()) {
                throw new IOException("dropped");
            }
            return;
        }
        // Before it is, as a client that has no more patience may ask while it is being done.
        carriedOut++;
        try (Socket socket = connection()) {
            String once = OF_CONNECTION.matcher(request).replaceAll("");
            once = once.substring(0, once.length() - 2) + "Connection: close\r\n\r\n";
            socket.getOutputStream().write(once.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().write(body);
            socket.getOutputStream().flush();
            String head = head(socket.getInputStream());
            if (head == null) {
                throw new IOException("no answer");
            }
            int length = length(head);
            byte[] content = length < 0
                    ? socket.getInputStream().readAllBytes()
                    : socket.getInputStream().readNBytes(length);
            pass(head, content, now, other);
        }
    }

    private Socket connection() throws IOException {
        return secured
                ? TestCa.get().clientContext().getSocketFactory().createSocket(behind.getHost(), behind.getPort())
                : new Socket(behind.getHost(), behind.getPort());
    }

    private static void pass(String head, byte[] content, FaultyLines now, Client other) throws IOException {
        Matcher status = STATUS.matcher(head);
        if (!status.find()) {
            throw new IOException("no status");
        }
        now.line("HTTP/1.1 " + status.group(1) + " Said", other);
        for (String field : List.of("Content-Type", "Location", "Retry-After")) {
            Matcher said = Pattern.compile("(?im)^" + field + ": *(.*)").matcher(head);
            if (said.find()) {
                now.line(field + ": " + said.group(1).strip(), other);
            }
        }
        now.line("Content-Length: " + content.length, other);
        now.line("", other);
        if (content.length > 0) {
            now.literal(content, other);
        }
    }

    private static final class Client implements Tampering.Client {
        private final Socket plain;
        private final Socket socket;

        Client(Socket plain, Socket socket) {
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

    /** Whether all connections have ended, and with them what was being carried out. */
    boolean isQuiet() {
        return open.isEmpty();
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
