package io.jenkins.plugins.oauthmail.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A server on this machine as if it were far away: whatever is sent arrives after half of the round-trip time. */
final class DelayedServer implements AutoCloseable {
    private final ServerSocket listening = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
    private final int port;
    private final long delay;

    /**
     * @param port of the server
     * @param millis round-trip time
     */
    DelayedServer(int port, long millis) throws IOException {
        this.port = port;
        delay = TimeUnit.MILLISECONDS.toNanos(millis) / 2;
        daemon(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "far away");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                daemon(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        // TCP takes one round trip to connect.
        LockSupport.parkNanos(2 * delay);
        try {
            Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            pump(client, server);
            pump(server, client);
        } catch (IOException e) {
            close(client);
        }
    }

    private record Chunk(byte[] bytes, long due) {}

    private void pump(Socket from, Socket to) {
        BlockingQueue<Chunk> underway = new LinkedBlockingQueue<>();
        daemon(() -> {
            byte[] buffer = new byte[16_384];
            int count = 0;
            while (count >= 0) {
                try {
                    InputStream in = from.getInputStream();
                    count = in.read(buffer);
                } catch (IOException e) {
                    count = -1;
                }
                byte[] bytes = new byte[Math.max(0, count)];
                System.arraycopy(buffer, 0, bytes, 0, bytes.length);
                underway.add(new Chunk(bytes, System.nanoTime() + delay));
            }
        });
        daemon(() -> {
            try {
                OutputStream out = to.getOutputStream();
                Chunk next = underway.take();
                while (next.bytes().length > 0) {
                    LockSupport.parkNanos(next.due() - System.nanoTime());
                    out.write(next.bytes());
                    out.flush();
                    next = underway.take();
                }
            } catch (IOException e) {
                close(from);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                close(to);
            }
        });
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // A socket that cannot be closed is not open.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
