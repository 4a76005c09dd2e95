package io.jenkins.plugins.oauthmail.mail.smtp;

import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.connect.Tokens;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
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
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The connections of one mailbox: never more than Microsoft 365 allows, kept open for a while after use, and reused for
 * the next message of any build.
 */
public final class SmtpPool implements AutoCloseable {

    /** Microsoft 365 allows a mailbox this many connections at a time and refuses more with 432. */
    public static final int MAX = 3;

    /** How long an idle connection is kept open. */
    static final Duration IDLE = Duration.ofMinutes(1);

    /** Servers end idle sessions with 421 or without a word, but hardly after such a short time. */
    private static final Duration RECENT = Duration.ofSeconds(5);

    /**
     * A message is only sent if its token is valid for this much longer, because Exchange ends a session when its token
     * expires.
     */
    private static final Duration TOKEN_LEFT = Duration.ofMinutes(1);

    private final Mailbox mailbox;
    private final Timeouts timeouts;
    private final TimeSource time;
    private final Semaphore free;
    private final LongResponse longResponse = new LongResponse();
    private final Deque<Lease> idle = new ArrayDeque<>();
    private boolean closed;

    /**
     * @param places one permit for each connection that may be in use at once, shared with other pools of the mailbox
     */
    public SmtpPool(Mailbox mailbox, Timeouts timeouts, TimeSource time, Semaphore places) {
        this.mailbox = mailbox;
        this.timeouts = timeouts;
        this.time = time;
        this.free = places;
    }

    /** Creates the permits for one mailbox. */
    public static Semaphore places() {
        return new Semaphore(MAX, true);
    }

    public Semaphore free() {
        return free;
    }

    /**
     * A connection that is logged in and reserved for one message.
     *
     * @param token the token that was used to log in
     * @param since when the server last replied
     * @param reused whether it has been used for another message before
     */
    record Lease(SmtpConnection connection, AccessToken token, Instant since, boolean reused) {
        boolean recentAt(Instant now) {
            return since.plus(RECENT).isAfter(now);
        }
    }

    /**
     * Reserves a connection. If all are in use, sends a notice and waits. {@link #giveBack} must follow.
     *
     * @param patience how long to wait for one to become free
     * @throws MailFailure a temporary one, if none does
     */
    Lease borrow(Duration patience, Consumer<String> notices) throws MailFailure, InterruptedException {
        if (!free.tryAcquire()) {
            notices.accept(Messages.SmtpPool_waiting(MAX, mailbox));
            if (!free.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw MailFailure.temporary(Layer.SEND, Messages.SmtpPool_busy(MAX, mailbox));
            }
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
     * Must be called after a failure: if the server refused the token, the token is not used again.
     *
     * @return whether that was the reason
     */
    boolean failed(Lease lease, MailFailure failure) {
        if (failure.tokenRefused()) {
            mailbox.tokens().refused(lease.token());
        }
        return failure.tokenRefused();
    }

    /** Must be called after each message, sent or not. */
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

    /** Closes idle connections now, and connections in use when they are given back. */
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
                SmtpConnection.open(mailbox.smtp(), timeouts, mailbox.user(), token.value(), longResponse);
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
