package io.jenkins.plugins.oauthmail.mail.smtp;

import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.connect.Tokens;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * The connections of one mailbox: never more than Microsoft 365 allows, kept for a while after use, and given to the
 * next mail, whichever build it comes from.
 */
public final class SmtpPool implements AutoCloseable {

    /** Connections at once that Microsoft 365 allows a mailbox; more are refused with 432. */
    public static final int MAX = 3;

    /** How long a connection without work is kept. */
    static final Duration IDLE = Duration.ofMinutes(1);

    /** A server says 421 or nothing to those that are silent for long, but hardly for so little. */
    private static final Duration RECENT = Duration.ofSeconds(5);

    /** What must be left of the token for a mail to be begun; Exchange ends a session with its token. */
    private static final Duration TOKEN_LEFT = Duration.ofMinutes(1);

    private final Mailbox mailbox;
    private final Timeouts timeouts;
    private final TimeSource time;
    private final Semaphore free;
    private final Deque<Lease> idle = new ArrayDeque<>();
    private boolean closed;

    /** @param places one for each connection that may be in use at once, shared with other pools of the mailbox */
    public SmtpPool(Mailbox mailbox, Timeouts timeouts, TimeSource time, Semaphore places) {
        this.mailbox = mailbox;
        this.timeouts = timeouts;
        this.time = time;
        this.free = places;
    }

    /** As many as a mailbox may have. */
    public static Semaphore places() {
        return new Semaphore(MAX, true);
    }

    public Semaphore free() {
        return free;
    }

    /**
     * A connection that is logged in and belongs to one mail.
     *
     * @param token what it was logged in with
     * @param since when the server answered last
     * @param reused whether it has carried a mail before
     */
    record Lease(SmtpConnection connection, AccessToken token, Instant since, boolean reused) {
        boolean recentAt(Instant now) {
            return since.plus(RECENT).isAfter(now);
        }
    }

    /** Waits for a connection if all are in use, which it says then; {@link #giveBack} must follow. */
    Lease borrow(Consumer<String> notices) throws MailFailure, InterruptedException {
        if (!free.tryAcquire()) {
            notices.accept(Messages.SmtpPool_waiting(MAX, mailbox));
            free.acquire();
        }
        boolean borrowed = false;
        try {
            Lease kept = kept();
            Lease lease = kept == null ? Tokens.login(mailbox, this::connect).connection() : kept;
            borrowed = true;
            return lease;
        } finally {
            if (!borrowed) {
                free.release();
            }
        }
    }

    /**
     * After a failure: a token that is worth nothing to the server is not used again.
     *
     * @return whether it was that
     */
    boolean failed(Lease lease, MailFailure failure) {
        if (failure.tokenRefused()) {
            mailbox.tokens().refused(lease.token());
        }
        return failure.tokenRefused();
    }

    /** After the mail, whatever became of it. */
    void giveBack(Lease lease) {
        try {
            boolean keep;
            synchronized (this) {
                keep = !closed && lease.connection().usable();
                if (keep) {
                    idle.addLast(new Lease(lease.connection(), lease.token(), time.now(), true));
                    time.later(IDLE, () -> closeSince(IDLE));
                }
            }
            if (!keep) {
                lease.connection().close();
            }
        } finally {
            free.release();
        }
    }

    /** Closes what is idle now, and what is in use as soon as it is not. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        closeSince(Duration.ZERO);
    }

    private Lease kept() {
        List<Lease> late = new ArrayList<>();
        Lease kept = null;
        synchronized (this) {
            Instant now = time.now();
            while (kept == null && !idle.isEmpty()) {
                Lease last = idle.removeLast();
                if (last.token().expiresAt().isAfter(now.plus(TOKEN_LEFT))) {
                    kept = last;
                } else {
                    late.add(last);
                }
            }
        }
        late.forEach(lease -> lease.connection().close());
        return kept;
    }

    private Lease connect(AccessToken token) throws MailFailure, InterruptedException {
        SmtpConnection connection =
                SmtpConnection.open(mailbox.smtp(), timeouts).loggedIn(mailbox.user(), token.value());
        return new Lease(connection, token, time.now(), false);
    }

    private void closeSince(Duration duration) {
        List<Lease> late = new ArrayList<>();
        synchronized (this) {
            Instant latest = time.now().minus(duration);
            while (!idle.isEmpty() && !idle.getFirst().since().isAfter(latest)) {
                late.add(idle.removeFirst());
            }
        }
        late.forEach(lease -> lease.connection().close());
    }
}
