package io.jenkins.plugins.oauthmail.testing.mail;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.testing.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands between one IMAP client and a server without TLS, and counts flights: how often the client has to wait for
 * answers. It keeps back what the server says until everything that the client has sent is answered and the client does
 * nothing but read. So the count is exact, however slow the machine is.
 */
public final class FlightCounter implements AutoCloseable {

    private static final Pattern COMMAND = Pattern.compile("(?m)^([A-Z]{1,3}\\d+) [A-Z]");
    private static final Pattern COMPLETED = Pattern.compile("(?m)^([A-Z]{1,3}\\d+) (?:OK|NO|BAD)\\b");

    private final Endpoint behind;
    private final Thread client;
    private final ServerSocket listening;
    private final List<Link> links = new CopyOnWriteArrayList<>();

    /**
     * @param behind the server
     * @param client the thread that is going to read
     */
    public FlightCounter(@NonNull Endpoint behind, @NonNull Thread client) throws IOException {
        this.behind = behind;
        this.client = client;
        listening = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        start(this::accept);
    }

    /** Where clients connect to. */
    @NonNull
    public Endpoint endpoint() {
        return new Endpoint("localhost", listening.getLocalPort(), Security.NONE);
    }

    /** How often the client waited for answers to what it had sent, over all connections. */
    public int flights() {
        return links.stream().mapToInt(link -> link.flights).sum();
    }

    /** How often the client connected. */
    public int connections() {
        return links.size();
    }

    /** Bytes from the server. */
    public long received() {
        return links.stream().mapToLong(link -> link.received).sum();
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "flight counter");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Link link = new Link(listening.accept(), new Socket(InetAddress.getLoopbackAddress(), behind.port()));
                links.add(link);
                start(link::commands);
                start(link::answers);
                start(link::deliver);
            }
        } catch (IOException e) {
            // Closed: the test is over.
            return;
        }
    }

    /** Whether the client is blocked in reading a response. */
    private boolean isReading() {
        StackTraceElement[] stack = client.getStackTrace();
        if (stack.length == 0 || !stack[0].isNativeMethod()) {
            return false;
        }
        for (StackTraceElement frame : stack) {
            if (frame.getClassName().endsWith(".ResponseInputStream")) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Link link : links) {
            link.close();
        }
    }

    /** One connection. */
    private final class Link {
        private final Socket client;
        private final Socket server;
        private final Set<String> underWay = new HashSet<>();
        private final ByteArrayOutputStream held = new ByteArrayOutputStream();
        private boolean sent;
        private boolean ended;
        private volatile int flights;
        private volatile long received;

        Link(Socket client, Socket server) throws IOException {
            this.client = client;
            this.server = server;
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        }

        void commands() {
            byte[] buffer = new byte[65_536];
            try {
                InputStream in = client.getInputStream();
                int n;
                while ((n = in.read(buffer)) > 0) {
                    synchronized (this) {
                        sent = true;
                        Matcher commands = COMMAND.matcher(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
                        while (commands.find()) {
                            underWay.add(commands.group(1));
                        }
                    }
                    server.getOutputStream().write(buffer, 0, n);
                }
            } catch (IOException e) {
                // One of the two has gone, so the other goes as well.
                close();
                return;
            }
            close();
        }

        void answers() {
            byte[] buffer = new byte[65_536];
            String tail = "";
            try {
                InputStream in = server.getInputStream();
                int n;
                while ((n = in.read(buffer)) > 0) {
                    String text = tail + new String(buffer, 0, n, StandardCharsets.ISO_8859_1);
                    List<String> done = new ArrayList<>();
                    Matcher completed = COMPLETED.matcher(text);
                    while (completed.find()) {
                        done.add(completed.group(1));
                    }
                    tail = text.substring(Math.max(0, text.lastIndexOf('\n') + 1));
                    synchronized (this) {
                        underWay.removeAll(done);
                        held.write(buffer, 0, n);
                        received += n;
                        if (text.startsWith("+")) {
                            underWay.clear();
                        }
                    }
                }
            } catch (IOException e) {
                // Whatever it said is delivered.
                end();
                return;
            }
            end();
        }

        private synchronized void end() {
            ended = true;
            notifyAll();
        }

        void deliver() {
            try {
                while (true) {
                    Await.until(() -> isDue() && isReading() && isDue() || isOver());
                    byte[] bytes;
                    synchronized (this) {
                        if (isOver()) {
                            close();
                            return;
                        }
                        bytes = held.toByteArray();
                        held.reset();
                        flights += sent ? 1 : 0;
                        sent = false;
                    }
                    client.getOutputStream().write(bytes);
                }
            } catch (IOException e) {
                close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        private synchronized boolean isDue() {
            return held.size() > 0 && (underWay.isEmpty() || ended);
        }

        private synchronized boolean isOver() {
            return held.size() == 0 && ended || client.isClosed();
        }

        void close() {
            try {
                client.close();
                server.close();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
