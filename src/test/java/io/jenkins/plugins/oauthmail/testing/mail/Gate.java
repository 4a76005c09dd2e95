package io.jenkins.plugins.oauthmail.testing.mail;

import io.jenkins.plugins.oauthmail.mail.imap.Strangers;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.testing.TestCa;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiPredicate;
import javax.net.ssl.SSLContext;

/** One protocol's front: ports, connections, what was heard, what is scripted. The talking is a {@link Session}'s. */
final class Gate implements AutoCloseable {

    /** Talks to one client until either has enough. */
    interface Session {
        void run(Gate gate, Wire client) throws IOException;
    }

    private final String name;
    private final int backend;
    private final Session session;
    private final BiPredicate<String, String> tokens;
    private final Exchange exchange;
    private final Script script = new Script();
    private final ServerTraits traits = new ServerTraits();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong content = new AtomicLong();
    private final Map<Security, ServerSocket> listening = new ConcurrentHashMap<>();
    private final Set<Wire> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger clients = new AtomicInteger();
    private final Object changing = new Object();
    private final Set<Wire> idling = ConcurrentHashMap.newKeySet();
    private volatile Tampering tampering;

    Gate(String name, int backend, Session session, BiPredicate<String, String> tokens, Exchange exchange) {
        this.name = name;
        this.backend = backend;
        this.session = session;
        this.tokens = tokens;
        this.exchange = exchange;
    }

    Endpoint endpoint(Security security) {
        ServerSocket socket = listening.computeIfAbsent(security, this::listen);
        return new Endpoint("localhost", socket.getLocalPort(), security);
    }

    Script script() {
        return script;
    }

    void tamper(Tampering with) {
        tampering = with;
    }

    /** What is scripted for a command of that client, null to carry it out. */
    Script.Rule match(Wire client, String command) {
        Tampering.Instead instead =
                client.tampering() == null ? null : client.tampering().command(command);
        return instead == null
                ? script.match(command)
                : new Script.Rule(command, instead.reply(), instead.drop(), new AtomicInteger());
    }

    /** Waits until nobody is served any more. */
    boolean quiet(Duration most) throws InterruptedException {
        long until = System.nanoTime() + most.toNanos();
        synchronized (open) {
            long left = most.toNanos();
            while (!open.isEmpty() && left > 0) {
                TimeUnit.NANOSECONDS.timedWait(open, left);
                left = until - System.nanoTime();
            }
            return open.isEmpty();
        }
    }

    /** Closes all connections. */
    void drop() {
        open.forEach(Wire::close);
    }

    Exchange exchange() {
        return exchange;
    }

    ServerTraits traits() {
        return traits;
    }

    List<String> heard() {
        return heard;
    }

    void hear(String line) {
        heard.add(line);
    }

    AtomicInteger connections() {
        return connections;
    }

    /** How many clients are connected. */
    int clients() {
        return clients.get();
    }

    AtomicLong content() {
        return content;
    }

    BiPredicate<String, String> tokens() {
        return tokens;
    }

    /** Held by whoever changes a folder; GreenMail drops a client whose NOOP meets a change. */
    Object changing() {
        return changing;
    }

    /** Clients that wait for news and have said nothing since. */
    Set<Wire> idling() {
        return idling;
    }

    SSLContext tls() {
        return traits.wrongHost()
                ? TestCa.get().wrongHostContext()
                : TestCa.get().serverContext();
    }

    /** A connection to GreenMail behind. */
    Wire backend() throws IOException {
        return new Wire(new Socket(InetAddress.getLoopbackAddress(), backend));
    }

    private ServerSocket listen(Security security) {
        try {
            ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
            Strangers.forget(server.getLocalPort());
            start("accept", () -> accept(server, security));
            return server;
        } catch (IOException e) {
            throw new IllegalStateException("no free port on loopback", e);
        }
    }

    private void accept(ServerSocket server, Security security) {
        try {
            while (true) {
                Socket socket = server.accept();
                clients.incrementAndGet();
                connections.incrementAndGet();
                Wire wire = new Wire(socket);
                open.add(wire);
                start("session", () -> serve(wire, security));
            }
        } catch (IOException e) {
            // Closed: the test is over.
            return;
        }
    }

    private void serve(Wire client, Security security) {
        try (client) {
            if (security == Security.TLS) {
                client.secure(tls());
            }
            if (tampering != null) {
                client.tamper(tampering);
            }
            session.run(this, client);
        } catch (IOException e) {
            // The client went away, or did not like our certificate, as tests make it do.
            return;
        } finally {
            forget(client);
            clients.decrementAndGet();
        }
    }

    private void forget(Wire client) {
        synchronized (open) {
            open.remove(client);
            open.notifyAll();
        }
    }

    Thread start(String what, Runnable work) {
        Thread thread = new Thread(work, "fake " + name + " " + what);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Override
    public void close() {
        for (ServerSocket server : listening.values()) {
            try {
                server.close();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
        open.forEach(Wire::close);
    }
}
