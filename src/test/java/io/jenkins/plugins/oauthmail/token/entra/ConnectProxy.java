package io.jenkins.plugins.oauthmail.token.entra;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/** A small HTTP proxy that tunnels (RFC 9110, 9.3.6) and remembers where to; or one that answers with a status. */
final class ConnectProxy implements AutoCloseable {

    final List<String> targets = new CopyOnWriteArrayList<>();
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    private final int status;
    private final AtomicBoolean cut = new AtomicBoolean();

    ConnectProxy(int status) throws IOException {
        this.status = status;
        start(() -> {
            while (!server.isClosed()) {
                Socket client = server.accept();
                start(() -> serve(client));
            }
        });
    }

    /** The next tunnel ends as soon as it stands. */
    void cutNext() {
        cut.set(true);
    }

    ProxySelector selector() {
        return new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                return List.of(new Proxy(Proxy.Type.HTTP, new InetSocketAddress("127.0.0.1", server.getLocalPort())));
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException failure) {
                // There is no other proxy to try.
            }
        };
    }

    private void serve(Socket client) throws IOException {
        try (client) {
            InputStream in = new BufferedInputStream(client.getInputStream());
            String request = line(in);
            while (!line(in).isEmpty()) {
                // Headers say nothing of interest.
            }
            targets.add(request);
            OutputStream out = client.getOutputStream();
            if (cut.getAndSet(false)) {
                out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                // The client begins TLS and finds nobody.
                return;
            }
            if (status != 200) {
                out.write(("HTTP/1.1 " + status + " No\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"
                                + "Content-Length: 0\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                return;
            }
            String target = request.split(" ")[1];
            int colon = target.lastIndexOf(':');
            try (Socket upstream = new Socket("127.0.0.1", Integer.parseInt(target.substring(colon + 1)))) {
                out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                Thread back = start(() -> upstream.getInputStream().transferTo(out));
                in.transferTo(upstream.getOutputStream());
                upstream.shutdownOutput();
                back.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private interface Job {
        void run() throws IOException;
    }

    private static Thread start(Job job) {
        Thread thread = new Thread(
                () -> {
                    try {
                        job.run();
                    } catch (IOException e) {
                        // The other end went away: that is how each of these ends.
                    }
                },
                "connect-proxy");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
