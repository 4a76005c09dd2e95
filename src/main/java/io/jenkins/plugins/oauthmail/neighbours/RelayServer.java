package io.jenkins.plugins.oauthmail.neighbours;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.token.DaemonThreads;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.subethamail.smtp.MessageContext;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.server.SMTPServer;
import org.subethamail.smtp.server.Session;
import org.subethamail.smtp.server.SessionHandler;

/**
 * The relay's SMTP server (RFC 6409) on 127.0.0.1. Programs log in with PLAIN or LOGIN: the user name is the ID of an
 * account, the password that of the account's credential.
 */
final class RelayServer {
    private static final Logger LOGGER = Logger.getLogger(RelayServer.class.getName());

    /** The library's, which would have a log recorder keep passwords. Referenced, as a logger is lost with its filter. */
    private static final Logger LINES = Logger.getLogger(Session.class.getName());

    private static final int MAX_CONNECTIONS = 100;
    private static final int MAX_RECIPIENTS = 500;
    private static final Duration IDLE = Duration.ofMinutes(1);

    /** Makes guessing a password slow, even over all connections: 100 times a second at most. */
    private static final Duration AFTER_WRONG_PASSWORD = Duration.ofSeconds(1);

    private final InFlight inFlight = new InFlight();

    /** Digests of the passwords that programs logged in with. */
    private final Map<MessageContext, byte[]> logins = Collections.synchronizedMap(new WeakHashMap<>());

    private final ExecutorService threads = DaemonThreads.named("relay");
    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
    private final SMTPServer server;

    static {
        LINES.setFilter(line -> line.getLevel().intValue() >= Level.INFO.intValue());
    }

    private RelayServer(int port) {
        server = SMTPServer.port(port)
                .bindAddress(InetAddress.getLoopbackAddress())
                .hostName("localhost")
                .softwareName("OAuth Mail")
                .executorService(threads)
                .serverThreadName("OAuth Mail relay, port " + port)
                .enableTLS(false)
                .requireAuth(true)
                .showAuthCapabilitiesBeforeSTARTTLS(true)
                .insertReceivedHeaders(false)
                .authenticationHandlerFactory(new EasyAuthenticationHandlerFactory(this::logIn))
                .maxConnections(MAX_CONNECTIONS)
                .maxRecipients(MAX_RECIPIENTS)
                .connectionTimeoutMs((int) IDLE.toMillis())
                .sessionHandler(new Doorkeeper())
                .messageHandlerFactory(context -> new RelayedMessage(context, inFlight, this::isStillPassword))
                .build();
    }

    /**
     * Begins to listen.
     *
     * @param port 1 to 65535; 0 for any free one
     * @throws BindException if another program listens at this port
     */
    @NonNull
    static RelayServer start(int port) throws BindException {
        RelayServer relay = new RelayServer(port);
        try {
            relay.server.start();
        } catch (RuntimeException e) {
            if (e.getCause() instanceof BindException taken) {
                throw taken;
            }
            throw e;
        }
        return relay;
    }

    /** The port that it listens at. */
    int port() {
        return server.getPortAllocated();
    }

    /** Refuses new messages from now on. */
    void refuse() {
        inFlight.end();
    }

    /**
     * Refuses new messages, waits for those that are being sent, and ends all connections.
     *
     * @param patience how long to wait for them
     */
    void stop(Duration patience) {
        refuse();
        try {
            if (!inFlight.await(patience)) {
                LOGGER.log(Level.WARNING, "The relay is stopped while messages are being sent");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // The library waits without end for sessions that wait for their program or for the mail server.
        threads.shutdownNow();
        sessions.forEach(RelayServer::close);
        server.stop();
    }

    private static void close(Session session) {
        try {
            session.closeSocket();
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "Cannot close a connection", e);
        }
    }

    private void logIn(String user, String password, MessageContext context) throws LoginFailedException {
        String expected = OAuthMailConfiguration.get()
                .account(user)
                .flatMap(RelayServer::password)
                .orElse(null);
        // Compared in any case: the time depends on the given password only, and tells neither accounts nor passwords.
        boolean same = MessageDigest.isEqual(bytes(password), bytes(expected == null ? "" : expected));
        if (expected == null || !same) {
            try {
                TimeUnit.MILLISECONDS.sleep(AFTER_WRONG_PASSWORD.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new LoginFailedException(Messages.RelayServer_wrongPassword());
        }
        logins.put(context, digest(password));
    }

    /** Whether a program that logged in could still do so: whoever changes a password locks out those who know the old one. */
    private boolean isStillPassword(MessageContext context, String password) {
        byte[] login = logins.get(context);
        return login != null && MessageDigest.isEqual(login, digest(password));
    }

    private static byte[] digest(String password) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes(password));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Optional<String> password(MailAccount account) {
        try {
            return account.relayPassword();
        } catch (TokenFailure e) {
            LOGGER.log(Level.WARNING, () -> Messages.RelayServer_noPassword(account.getId(), e.getMessage()));
            return Optional.empty();
        }
    }

    /** Refuses connections while the relay ends. */
    private final class Doorkeeper implements SessionHandler {
        @Override
        public SessionAcceptance accept(Session session) {
            sessions.add(session);
            return inFlight.isEnding()
                    ? SessionAcceptance.failure(421, Messages.RelayServer_ending())
                    : SessionAcceptance.success();
        }

        @Override
        public void onSessionEnd(Session session) {
            sessions.remove(session);
            logins.remove(session);
        }
    }
}
