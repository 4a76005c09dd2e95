package io.jenkins.plugins.oauthmail.bench;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Stands between a client and a server on this machine, delivers everything late, and counts what passes. A flight is
 * what a client sends without waiting for an answer: it begins with bytes that follow bytes of the server and come no
 * sooner than an answer to the client's previous bytes could have, and it counts if the client was still there to
 * receive an answer. So a QUIT that is not waited for is none, nor is a connection by itself.
 */
final class FlightMeter implements Closeable {

    /** Of what passed since the last {@link #take}. */
    record Cost(int connections, int flights, long sent, long received) {}

    private static final int CHUNK = 256 << 10;

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final InetSocketAddress server;
    private final long oneWay;
    private final List<Conversation> conversations = new ArrayList<>();

    /** @param roundTripMillis how long an answer takes at least, without the server's own time */
    FlightMeter(String host, int port, long roundTripMillis) throws IOException {
        server = new InetSocketAddress(host, port);
        oneWay = TimeUnit.MILLISECONDS.toNanos(roundTripMillis) / 2;
        start("accept", this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** What has passed since the last call; connections that are still open are closed first. */
    synchronized Cost take() throws IOException {
        int flights = 0;
        long sent = 0;
        long received = 0;
        for (Conversation each : conversations) {
            each.close();
            synchronized (each) {
                flights += each.flights;
                sent += each.sent;
                received += each.received;
            }
        }
        Cost cost = new Cost(conversations.size(), flights, sent, received);
        conversations.clear();
        return cost;
    }

    private void accept() throws IOException, InterruptedException {
        while (true) {
            Socket client = listener.accept();
            client.setTcpNoDelay(true);
            Conversation conversation = new Conversation(client);
            synchronized (this) {
                conversations.add(conversation);
            }
            start("connect", conversation::run);
        }
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static void start(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException | InterruptedException e) {
                        // One of the two has closed the connection.
                        Thread.currentThread().interrupt();
                    }
                },
                "meter " + name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    /** One connection. */
    private final class Conversation implements Closeable {
        private final Socket client;
        private final Socket upstream = new Socket();
        private int flights;
        private long sent;
        private long received;
        private boolean clientTurn;
        private boolean answered = true;
        private boolean gone;
        private long lastSent;

        Conversation(Socket client) {
            this.client = client;
        }

        /** Connecting and the greeting take two round trips, as over a real network. */
        void run() throws IOException, InterruptedException {
            TimeUnit.NANOSECONDS.sleep(3 * oneWay);
            upstream.connect(server);
            upstream.setTcpNoDelay(true);
            pump(client, upstream, true);
            pump(upstream, client, false);
        }

        private void pump(Socket from, Socket to, boolean ofClient) {
            BlockingQueue<Late> queue = new LinkedBlockingQueue<>();
            start("read", () -> {
                byte[] buffer = new byte[CHUNK];
                try {
                    InputStream in = from.getInputStream();
                    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                        if (ofClient) {
                            sent(n);
                        }
                        queue.add(new Late(System.nanoTime() + oneWay, Arrays.copyOf(buffer, n)));
                    }
                } finally {
                    gone |= ofClient;
                    queue.add(new Late(System.nanoTime() + oneWay, null));
                }
            });
            start("write", () -> {
                OutputStream out = to.getOutputStream();
                for (Late late = queue.take(); late.bytes() != null; late = queue.take()) {
                    TimeUnit.NANOSECONDS.sleep(late.due() - System.nanoTime());
                    if (!ofClient) {
                        received(late.bytes().length);
                    }
                    out.write(late.bytes());
                }
                to.shutdownOutput();
            });
        }

        private synchronized void sent(int bytes) {
            long now = System.nanoTime();
            if (!clientTurn && (sent == 0 || now - lastSent >= 2 * oneWay * 95 / 100)) {
                answered = false;
            }
            clientTurn = true;
            lastSent = now;
            sent += bytes;
        }

        private synchronized void received(int bytes) {
            if (gone) {
                return;
            }
            flights += answered ? 0 : 1;
            answered = true;
            clientTurn = false;
            received += bytes;
        }

        @Override
        public void close() throws IOException {
            client.close();
            upstream.close();
        }
    }

    private record Late(long due, byte[] bytes) {}
}
