package io.jenkins.plugins.oauthmail.token.entra;

import io.jenkins.plugins.oauthmail.testing.TestCa;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** A TLS server that misbehaves below HTTP: for each request it does what the script says. */
final class RawServer implements AutoCloseable {

    /** Answers one request. */
    interface Script {
        void answer(int number, OutputStream out) throws IOException;
    }

    final AtomicInteger requests = new AtomicInteger();
    private final SSLServerSocket server;

    RawServer(Script script) throws IOException {
        this(TestCa.get().serverContext(), script);
    }

    RawServer(SSLContext context, Script script) throws IOException {
        server = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        Thread thread = new Thread(() -> serve(script), "raw-server");
        thread.setDaemon(true);
        thread.start();
    }

    Authority authority() {
        return Authority.of("https://localhost:" + server.getLocalPort(), "t1");
    }

    private void serve(Script script) {
        while (!server.isClosed()) {
            try (SSLSocket client = (SSLSocket) server.accept()) {
                readRequest(client.getInputStream());
                script.answer(requests.incrementAndGet(), client.getOutputStream());
                // The client hangs up, or its patience ends.
                client.getOutputStream().flush();
            } catch (IOException e) {
                // The client may leave whenever it likes.
            }
        }
    }

    private static void readRequest(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int c = in.read();
            if (c < 0) {
                throw new IOException("no request");
            }
            head.append((char) c);
        }
        int length = Integer.parseInt(head.toString()
                .replaceFirst("(?is).*content-length:\\s*(\\d+).*", "$1")
                .trim());
        in.readNBytes(length);
    }

    static byte[] http(String headers, String body) {
        return ("HTTP/1.1 " + headers + "\r\n\r\n" + body).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
