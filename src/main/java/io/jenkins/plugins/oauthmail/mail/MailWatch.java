package io.jenkins.plugins.oauthmail.mail;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.eclipse.angus.mail.iap.CommandFailedException;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.eclipse.angus.mail.iap.Response;
import org.eclipse.angus.mail.imap.protocol.IMAPResponse;

/**
 * Watches one folder over one connection: by IDLE where the server has it, else by asking now and then. It decides
 * nothing; it says when something may have come. Each is run once, by one thread.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc2177">RFC 2177, IDLE</a>
 */
public final class MailWatch implements AutoCloseable {
    /** Below the ten minutes after which many firewalls forget a silent connection; RFC 2177 asks for less than 29. */
    private static final Duration RENEWAL = Duration.ofMinutes(9);

    private static final Duration POLL = Duration.ofMinutes(1);

    /** Longer than the server may be silent; nobody waits for this thread. */
    private static final Timeouts PATIENT = new Timeouts(20_000, 11 * 60_000, 60_000);

    private static final ScheduledThreadPoolExecutor ALARM = MailSession.daemon("oauth-mail idle");

    private final Mailbox mailbox;
    private final String folder;
    private final Duration renewal;
    private final Duration poll;
    private final Timeouts timeouts;

    private ImapWire idling;
    private boolean closed;

    /**
     * @param mailbox whose IMAP server and tokens are used
     * @param folder to watch
     */
    public MailWatch(@NonNull Mailbox mailbox, @NonNull String folder) {
        this(mailbox, folder, RENEWAL, POLL);
    }

    MailWatch(Mailbox mailbox, String folder, Duration renewal, Duration poll) {
        this(mailbox, folder, renewal, poll, PATIENT);
    }

    MailWatch(Mailbox mailbox, String folder, Duration renewal, Duration poll, Timeouts timeouts) {
        this.mailbox = mailbox;
        this.folder = folder;
        this.renewal = renewal;
        this.poll = poll;
        this.timeouts = timeouts;
    }

    /**
     * Connects and watches until the connection ends, as it does with its token, or {@link #close} is called.
     *
     * @param news called as soon as nothing can be missed any more, and then each time something may have come; must
     *     not block
     * @throws MailFailure if the folder could not be opened; a connection that ends later is no failure
     * @throws InterruptedException if the thread was interrupted while it waited for a token or the next time to ask
     */
    public void run(@NonNull Runnable news) throws MailFailure, InterruptedException {
        try (ContextLoader loader = new ContextLoader()) {
            String token = Tokens.ask(mailbox);
            try (ImapConnection connection = ImapConnection.open(mailbox.imap(), timeouts)) {
                connection.login(mailbox.user(), token);
                connection.examine(folder);
                ImapWire wire = connection.wire();
                wire.addResponseHandler(response -> {
                    if (response instanceof IMAPResponse told && told.keyEquals("EXISTS")) {
                        news.run();
                    }
                });
                try {
                    // What a server can do, it may tell only after the login.
                    wire.capability();
                    watch(wire, news);
                } catch (ProtocolException end) {
                    // The connection is gone, as all are after a while; the caller opens another one.
                }
            }
        }
    }

    private void watch(ImapWire wire, Runnable news) throws ProtocolException, InterruptedException {
        if (wire.hasCapability("IDLE")) {
            try {
                idle(wire, news);
                return;
            } catch (CommandFailedException refused) {
                // Some offer it to everybody and refuse it to some mailboxes.
            }
        }
        ask(wire, news);
    }

    private void idle(ImapWire wire, Runnable news) throws ProtocolException {
        boolean first = true;
        while (begin(wire)) {
            Future<?> renew = ALARM.schedule(wire::idleAbort, renewal.toMillis(), TimeUnit.MILLISECONDS);
            try {
                if (first) {
                    news.run();
                    first = false;
                }
                Response response;
                do {
                    response = wire.readIdleResponse();
                } while (response != null && wire.processIdleResponse(response));
            } finally {
                renew.cancel(false);
                end();
            }
        }
    }

    /** Whether to idle once more; close() ends it from then on. */
    private boolean begin(ImapWire wire) throws ProtocolException {
        synchronized (this) {
            if (closed) {
                return false;
            }
        }
        wire.idleStart();
        synchronized (this) {
            idling = wire;
            if (closed) {
                wire.idleAbort();
            }
        }
        return true;
    }

    private synchronized void end() {
        idling = null;
    }

    private void ask(ImapWire wire, Runnable news) throws ProtocolException, InterruptedException {
        news.run();
        while (pause()) {
            wire.noop();
        }
    }

    /** Whether the time went by without close(). */
    private synchronized boolean pause() throws InterruptedException {
        long end = System.nanoTime() + poll.toNanos();
        long left = poll.toNanos();
        while (!closed && left > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = end - System.nanoTime();
        }
        return !closed;
    }

    /** Ends the watching soon; any thread may call it. */
    @Override
    public synchronized void close() {
        closed = true;
        if (idling != null) {
            idling.idleAbort();
        }
        notifyAll();
    }
}
