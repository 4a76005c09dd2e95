package io.jenkins.plugins.oauthmail.mail.imap;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.connect.ConnectFailure;
import io.jenkins.plugins.oauthmail.mail.connect.ConnectionDeadline;
import io.jenkins.plugins.oauthmail.mail.connect.ContextLoader;
import io.jenkins.plugins.oauthmail.mail.connect.FolderMonitor;
import io.jenkins.plugins.oauthmail.mail.connect.MailFailures;
import io.jenkins.plugins.oauthmail.mail.connect.MailSession;
import io.jenkins.plugins.oauthmail.mail.connect.Pause;
import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.connect.Tokens;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.eclipse.angus.mail.iap.CommandFailedException;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.eclipse.angus.mail.iap.Response;
import org.eclipse.angus.mail.imap.protocol.IMAPResponse;

/**
 * Watches one folder over one connection, with IDLE if the server supports it, otherwise by polling.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc2177">RFC 2177, IDLE</a>
 */
public final class ImapFolderMonitor implements FolderMonitor {
    /** Less than the ten minutes after which many firewalls drop an idle connection; RFC 2177 requires less than 29. */
    private static final Duration RENEWAL = Duration.ofMinutes(9);

    private static final Duration POLL = Duration.ofMinutes(1);

    /** From this delay on, the connection is not kept. */
    private static final Duration MAX_DELAY = Duration.ofMinutes(1);

    /** For a command, and for the answer to DONE. */
    private static final Duration ANSWER = Duration.ofMinutes(1);

    /** The socket time-out must exceed the silence during IDLE; everything else is limited by a deadline. */
    private static final Timeouts PATIENT =
            new Timeouts(20_000, 11 * 60_000, 60_000, ANSWER, ANSWER, ANSWER, Timeouts.DEFAULT.receipt());

    private static final ScheduledThreadPoolExecutor ALARM = MailSession.daemon("oauth-mail idle");

    private final Mailbox mailbox;
    private final String folder;
    private final Duration renewal;
    private final Duration poll;
    private final Timeouts timeouts;
    private final ConnectionDeadline deadline = new ConnectionDeadline();

    /** Held while DONE is written, which may block; never held by close(). */
    private final Object writing = new Object();

    /** Whether the folder has been watched. */
    private boolean begun;

    private boolean idling;
    private ImapWire present;
    private volatile boolean closed;

    public ImapFolderMonitor(@NonNull Mailbox mailbox, @NonNull String folder) {
        this(mailbox, folder, RENEWAL, POLL, PATIENT);
    }

    public ImapFolderMonitor(Mailbox mailbox, String folder, Duration renewal, Duration poll) {
        this(mailbox, folder, renewal, poll, PATIENT);
    }

    /** @param timeouts the limits for a command also apply to the answer to DONE */
    public ImapFolderMonitor(Mailbox mailbox, String folder, Duration renewal, Duration poll, Timeouts timeouts) {
        this.mailbox = mailbox;
        this.folder = folder;
        this.renewal = renewal;
        this.poll = poll;
        this.timeouts = timeouts;
    }

    @Override
    public void run(@NonNull Runnable news) throws MailFailure, InterruptedException {
        if (closed) {
            return;
        }
        try (ContextLoader loader = new ContextLoader()) {
            connected(() -> {
                begun = true;
                news.run();
            });
        } catch (MailFailure failure) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (!closed) {
                throw failure;
            }
        }
    }

    private void connected(Runnable news) throws MailFailure, InterruptedException {
        Tokens.Login<ImapConnection> login =
                Tokens.login(mailbox, token -> ImapConnection.open(mailbox.imap(), timeouts, deadline, null)
                        .loggedIn(mailbox.user(), token.value()));
        try (ImapConnection connection = login.connection()) {
            connection.examine(folder);
            connection.wire().addResponseHandler(response -> {
                if (response instanceof IMAPResponse told && told.keyEquals("EXISTS")) {
                    news.run();
                }
            });
            askForCapabilities(connection);
            try {
                watch(connection, news);
            } catch (ProtocolException end) {
                heed(connection, end.getResponse());
                // Every connection is lost sooner or later, and the caller opens a new one. But somebody should know
                // if the folder is never watched.
                if (!begun) {
                    throw ConnectFailure.lost(
                            Messages.ConnectFailure_lostReading(connection.endpoint()), end.getMessage(), end);
                }
            }
        } catch (MailFailure failure) {
            login.failed(failure);
            throw failure;
        }
    }

    /**
     * Some servers announce all their capabilities only after the login. If they refuse to for a while, those from
     * before must do: to begin anew would repeat the commands that have just succeeded.
     */
    private void askForCapabilities(ImapConnection connection) throws MailFailure, InterruptedException {
        try {
            connection.capability();
        } catch (MailFailure refused) {
            Duration delay = refused.retryAfter().orElse(MAX_DELAY);
            if (delay.compareTo(MAX_DELAY) >= 0 || connection.isEnded()) {
                throw refused;
            }
            pause(delay);
        }
    }

    private void watch(ImapConnection connection, Runnable news)
            throws ProtocolException, MailFailure, InterruptedException {
        ImapWire wire = connection.wire();
        if (wire.hasCapability("IDLE")) {
            try {
                idle(connection, news);
                return;
            } catch (CommandFailedException refused) {
                // Some servers announce IDLE to everybody, but refuse it for some mailboxes.
                pause(refusal(connection, refused.getResponse())
                        .flatMap(MailFailure::retryAfter)
                        .orElse(Duration.ZERO));
            }
        }
        ask(wire, news);
    }

    /**
     * @param said the server's final response; may be null
     * @throws MailFailure if the server asks to wait before the next attempt
     */
    private void heed(ImapConnection connection, Response said) throws MailFailure {
        Optional<MailFailure> refusal = refusal(connection, said).filter(failure -> !closed);
        if (refusal.isPresent()) {
            throw refusal.get();
        }
    }

    /** Empty if the server suggests no delay. */
    private Optional<MailFailure> refusal(ImapConnection connection, Response said) {
        if (said == null || said.isOK()) {
            return Optional.empty();
        }
        MailFailure failure = MailFailures.reading(
                Layer.FOLDER,
                Messages.ImapFolderMonitor_refused(connection.endpoint(), QuotedText.clean(folder)),
                said.toString(),
                true);
        return Optional.of(failure).filter(refused -> refused.retryAfter().isPresent());
    }

    private void idle(ImapConnection connection, Runnable news) throws ProtocolException, MailFailure {
        ImapWire wire = connection.wire();
        while (!closed) {
            wire.idleStart();
            begin(wire);
            Future<?> renew = ALARM.schedule(() -> done(wire), renewal.toMillis(), TimeUnit.MILLISECONDS);
            try {
                // Also after each renewal, because Exchange has been known not to report anything in IDLE for weeks.
                news.run();
                Response response;
                do {
                    response = wire.readIdleResponse();
                } while (response != null && wire.processIdleResponse(response));
                heed(connection, response);
            } finally {
                renew.cancel(false);
                end();
            }
        }
    }

    private synchronized void begin(ImapWire wire) {
        idling = true;
        present = wire;
        if (closed) {
            leave();
        }
    }

    private void end() {
        synchronized (this) {
            idling = false;
        }
        synchronized (writing) {
            // If another thread was about to write DONE, it has done so by now; otherwise DONE would break the next
            // command.
            deadline.end();
        }
    }

    /** Makes the server end IDLE in time. */
    private void done(ImapWire wire) {
        synchronized (writing) {
            synchronized (this) {
                if (!idling) {
                    return;
                }
                if (!closed) {
                    deadline.begin(timeouts.command());
                }
            }
            wire.idleAbort();
        }
    }

    private void ask(ImapWire wire, Runnable news) throws ProtocolException, InterruptedException {
        news.run();
        Instant due = TimeSource.SYSTEM.now().plus(renewal);
        while (pause(poll)) {
            wire.noop();
            if (TimeSource.SYSTEM.now().isAfter(due)) {
                due = TimeSource.SYSTEM.now().plus(renewal);
                news.run();
            }
        }
    }

    /** Waits; returns whether the whole time passed without close(). */
    private synchronized boolean pause(Duration time) throws InterruptedException {
        return Pause.on(this, time, () -> closed);
    }

    /** While the server is in IDLE, the session is ended properly, which may take a few seconds. */
    @Override
    public synchronized void close() {
        closed = true;
        if (idling) {
            leave();
        } else {
            deadline.close();
        }
        notifyAll();
    }

    private void leave() {
        ImapWire wire = present;
        deadline.begin(Timeouts.CLOSING);
        ALARM.execute(() -> done(wire));
    }
}
