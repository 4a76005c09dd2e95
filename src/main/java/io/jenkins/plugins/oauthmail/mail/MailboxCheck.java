package io.jenkins.plugins.oauthmail.mail;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.connect.ConnectFailure;
import io.jenkins.plugins.oauthmail.mail.connect.ContextLoader;
import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.connect.Tokens;
import io.jenkins.plugins.oauthmail.mail.graph.GraphProbe;
import io.jenkins.plugins.oauthmail.mail.imap.ImapConnection;
import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.OutgoingMail;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.mail.smtp.SmtpConnection;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Tests a mailbox layer by layer and so finds the first layer that does not work. Except for {@link #runWithMail}, it
 * changes nothing and sends nothing.
 */
public final class MailboxCheck {

    /** Shorter than for a build, because a person is waiting for the result. */
    private static final Timeouts TIMEOUTS = new Timeouts(10_000, 20_000, 20_000);

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final long MAX_READ = 1 << 20;

    private static final Duration MAX_READ_TIME = Duration.ofMinutes(1);

    /** The steps, in the order in which they are tried: SMTP and IMAP, or Graph. TLS is skipped for connections without it. */
    public enum Step {
        TOKEN,
        SMTP_CONNECT,
        SMTP_TLS,
        SMTP_LOGIN,
        IMAP_CONNECT,
        IMAP_TLS,
        IMAP_LOGIN,
        FOLDER,
        GRAPH_CONNECT,
        GRAPH_LOGIN,
        GRAPH_FOLDER,
        SEND,
        ARRIVAL
    }

    /**
     * The result of one step.
     *
     * @param step the step
     * @param millis how long it took, in milliseconds
     * @param failure what is wrong and how to fix it; null if the step succeeded
     */
    public record Outcome(
            @NonNull Step step, long millis, @CheckForNull MailFailure failure) {
        public boolean good() {
            return failure == null;
        }
    }

    private final Mailbox sending;
    private final Mailbox reading;
    private final Timeouts timeouts;
    private final Duration patience;
    private final TimeSource time;
    private final List<Outcome> outcomes = new ArrayList<>();
    private Consumer<Outcome> progress;

    /**
     * @param sending the mailbox whose server and tokens for sending are tested
     * @param reading the same mailbox with tokens for reading; null to leave reading out, because no job may read the
     *     mailbox
     */
    public MailboxCheck(@NonNull Mailbox sending, @CheckForNull Mailbox reading) {
        this(sending, reading, TIMEOUTS, PATIENCE, TimeSource.SYSTEM);
    }

    MailboxCheck(Mailbox sending, Mailbox reading, Timeouts timeouts, Duration patience, TimeSource time) {
        this.sending = sending;
        this.reading = reading;
        this.timeouts = timeouts;
        this.patience = patience;
        this.time = time;
    }

    /**
     * Runs the test without sending anything. Steps that depend on a failed step are skipped; SMTP and IMAP do not
     * depend on each other.
     *
     * @param progress receives the result of each step as soon as it is known
     * @return the result of each step that was tried, in order
     * @throws InterruptedException if the thread was interrupted
     */
    @NonNull
    public List<Outcome> run(@NonNull Consumer<Outcome> progress) throws InterruptedException {
        try (ContextLoader loader = new ContextLoader()) {
            begin(progress);
            connect();
        }
        return List.copyOf(outcomes);
    }

    /**
     * Same as {@link #run}, but finally sends a message from the mailbox to itself and waits for it to arrive.
     *
     * @param progress receives the result of each step as soon as it is known
     * @return the result of each step that was tried, in order
     * @throws InterruptedException if the thread was interrupted
     */
    @NonNull
    public List<Outcome> runWithMail(@NonNull Consumer<Outcome> progress) throws InterruptedException {
        try (ContextLoader loader = new ContextLoader()) {
            begin(progress);
            Connected connected = connect();
            String mark = UUID.randomUUID().toString();
            if (connected.sends() && tried(Step.SEND, () -> send(mark)) && connected.reads()) {
                tried(Step.ARRIVAL, () -> await(mark));
            }
        }
        return List.copyOf(outcomes);
    }

    private void begin(Consumer<Outcome> listener) {
        progress = listener;
        outcomes.clear();
    }

    private record Connected(boolean sends, boolean reads) {}

    private Connected connect() throws InterruptedException {
        if (tried(Step.TOKEN, () -> {
            Tokens.askProvider(sending);
            if (reading != null) {
                // Of the same source; the sign-in may not cover reading.
                Tokens.ask(reading);
            }
        })) {
            return switch (Protocol.of(sending)) {
                case IMAP_AND_SMTP -> new Connected(smtp(), reading != null && imap());
                case GRAPH -> graph(new GraphProbe(reading == null ? sending : reading, timeouts));
            };
        }
        return new Connected(false, false);
    }

    private Connected graph(GraphProbe probe) throws InterruptedException {
        boolean open = tried(Step.GRAPH_CONNECT, probe::connect)
                && tried(Step.GRAPH_LOGIN, () -> probe.logIn(reading != null))
                && (reading == null || tried(Step.GRAPH_FOLDER, () -> probe.open("INBOX")));
        return new Connected(open, open && reading != null);
    }

    private boolean smtp() throws InterruptedException {
        AtomicReference<SmtpConnection> opened = new AtomicReference<>();
        Endpoint server = sending.smtp();
        try {
            return opened(
                            server,
                            Step.SMTP_CONNECT,
                            Step.SMTP_TLS,
                            () -> opened.set(SmtpConnection.open(server, timeouts)))
                    && tried(
                            Step.SMTP_LOGIN,
                            () -> opened.set(Tokens.login(sending, token -> {
                                        // A second token needs a new connection.
                                        SmtpConnection first = opened.getAndSet(null);
                                        return (first == null ? SmtpConnection.open(server, timeouts) : first)
                                                .loggedIn(sending.user(), token.value());
                                    })
                                    .connection()));
        } finally {
            SmtpConnection left = opened.get();
            if (left != null) {
                left.close();
            }
        }
    }

    private boolean imap() throws InterruptedException {
        AtomicReference<ImapConnection> opened = new AtomicReference<>();
        AtomicReference<Tokens.Login<ImapConnection>> login = new AtomicReference<>();
        Endpoint server = reading.imap();
        try {
            return opened(
                            server,
                            Step.IMAP_CONNECT,
                            Step.IMAP_TLS,
                            () -> opened.set(ImapConnection.open(server, timeouts)))
                    && tried(Step.IMAP_LOGIN, () -> {
                        login.set(Tokens.login(reading, token -> {
                            ImapConnection first = opened.getAndSet(null);
                            return (first == null ? ImapConnection.open(server, timeouts) : first)
                                    .loggedIn(reading.user(), token.value());
                        }));
                        opened.set(login.get().connection());
                    })
                    && tried(Step.FOLDER, () -> examine(login.get()));
        } finally {
            ImapConnection left = opened.get();
            if (left != null) {
                left.close();
            }
        }
    }

    private static void examine(Tokens.Login<ImapConnection> login) throws MailFailure {
        try {
            login.connection().examine("INBOX");
        } catch (MailFailure failure) {
            login.failed(failure);
            throw failure;
        }
    }

    /**
     * Opens a connection. With TLS, a plain TCP connection is made first, so that an unreachable server is reported as
     * CONNECT and not as TLS.
     */
    private boolean opened(Endpoint server, Step connect, Step tls, Attempt open) throws InterruptedException {
        return server.security() == Security.NONE
                ? tried(connect, open)
                : tried(connect, () -> reach(server)) && tried(tls, open);
    }

    private void reach(Endpoint server) throws MailFailure {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(server.host(), server.port()), timeouts.connect());
        } catch (IOException e) {
            throw ConnectFailure.opening(server, e);
        }
    }

    /** Without retries, because an administrator wants to see the server's first reply. */
    private void send(String mark) throws MailFailure, InterruptedException {
        OutgoingMail mail = OutgoingMail.from(sending.user())
                .to(List.of(sending.user()))
                .subject(Messages.MailboxCheck_subject(mark))
                .text(Messages.MailboxCheck_text() + "\n")
                .build();
        try (MailSender sender = new MailSender(sending, timeouts, time, 1)) {
            sender.send(mail);
        }
    }

    private void await(String mark) throws MailFailure, InterruptedException {
        MailQuery query = MailQuery.in("INBOX").subject(mark).limit(1).build();
        MailReader reader =
                new MailReader(reading, AuthenticationRule.NONE, MAX_READ, MAX_READ_TIME, timeouts, System::nanoTime);
        Instant end = time.now().plus(patience);
        while (reader.read(query, null).isEmpty()) {
            if (!time.now().isBefore(end)) {
                throw new MailFailure(Layer.FOLDER, Messages.MailboxCheck_notArrived(patience.toSeconds()));
            }
            time.pause(PAUSE);
        }
    }

    private boolean tried(Step step, Attempt attempt) throws InterruptedException {
        Instant begin = time.now();
        MailFailure failure = null;
        try {
            attempt.make();
        } catch (MailFailure e) {
            failure = e;
        }
        Outcome outcome = new Outcome(step, Duration.between(begin, time.now()).toMillis(), failure);
        outcomes.add(outcome);
        progress.accept(outcome);
        return failure == null;
    }

    private interface Attempt {
        void make() throws MailFailure, InterruptedException;
    }
}
