package io.jenkins.plugins.oauthmail.testing.mail;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A server without TLS that answers as it is told until a certain command comes. Its answer to that one never ends: a byte
 * now and then, so that no time-out between bytes is ever reached, or as fast as the client takes them.
 */
public final class TrickleServer implements AutoCloseable {

    /** What the greeting is the answer to. */
    public static final String CONNECT = "";

    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(10);

    private final ServerSocket server;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final CountDownLatch reached = new CountDownLatch(1);
    private int trickling;
    private final Map<String, String> replies;
    private final String at;
    private final byte[] begin;
    private final byte[] forever;
    private final long pause;

    /**
     * @param replies by what the command contains, the greeting by {@link #CONNECT}; {@code TAG} stands for the command's
     *     first word
     * @param at what the command contains that is never answered to its end
     * @param begin of that answer
     * @param forever follows, again and again, in Latin-1 as the other texts
     * @param slow whether a byte comes now and then only
     */
    public TrickleServer(
            @NonNull Map<String, String> replies,
            @NonNull String at,
            @NonNull String begin,
            @NonNull String forever,
            boolean slow) {
        this.replies = replies;
        this.at = at;
        this.begin = begin.getBytes(StandardCharsets.ISO_8859_1);
        this.forever =
                (slow ? forever : forever.repeat(1 + 8192 / forever.length())).getBytes(StandardCharsets.ISO_8859_1);
        this.pause = slow ? PAUSE : 0;
        try {
            server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        } catch (IOException e) {
            throw new IllegalStateException("no free port on loopback", e);
        }
        start(this::accept);
    }

    @NonNull
    public Endpoint endpoint(@NonNull Security security) {
        return new Endpoint("localhost", server.getLocalPort(), security);
    }

    /** Every line that came. */
    @NonNull
    public List<String> heard() {
        return heard;
    }

    /** How many clients came. */
    public int connections() {
        return open.size();
    }

    /** Waits until the endless answer has begun. */
    public void awaitReached() throws InterruptedException {
        if (!reached.await(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("never came to " + at + ": " + heard);
        }
    }

    /** Waits until so many are being given an endless answer. */
    public synchronized void awaitTrickling(int clients) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (trickling < clients) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                throw new IllegalStateException("only " + trickling + " clients: " + heard);
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /** Waits until nobody is being given an endless answer, as all have closed their connections. */
    public synchronized void awaitLeft() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (trickling > 0) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                throw new IllegalStateException("the client is still there");
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    private synchronized void count(int change) {
        trickling += change;
        notifyAll();
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "trickle server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                open.add(client);
                start(() -> serve(client));
            }
        } catch (IOException e) {
            // Closed: the test is over.
            return;
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            OutputStream out = client.getOutputStream();
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
            if (at.equals(CONNECT)) {
                trickle(out);
            }
            reply(out, replies.get(CONNECT));
            String line;
            while ((line = in.readLine()) != null) {
                heard.add(line);
                if (!at.equals(CONNECT) && line.contains(at)) {
                    trickle(out);
                }
                String reply = replyTo(line);
                reply(out, reply == null ? null : reply.replace("TAG", line.split(" ", 2)[0]));
            }
        } catch (IOException e) {
            // The client went away.
            return;
        }
    }

    private String replyTo(String line) {
        return replies.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(CONNECT) && line.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    private static void reply(OutputStream out, String reply) throws IOException {
        if (reply != null) {
            out.write((reply + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }
    }

    private void trickle(OutputStream out) throws IOException {
        count(1);
        reached.countDown();
        try {
            out.write(begin);
            while (true) {
                if (pause == 0) {
                    out.write(forever);
                } else {
                    for (byte b : forever) {
                        out.write(b);
                        out.flush();
                        LockSupport.parkNanos(pause);
                    }
                }
            }
        } finally {
            count(-1);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket client : open) {
                client.close();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
