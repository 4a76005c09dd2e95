package io.jenkins.plugins.oauthmail.mail.imap;

import io.jenkins.plugins.oauthmail.mail.connect.ConnectionDeadline;
import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.connect.Tokens;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;

/**
 * The connections with which one mailbox is read: a few at a time, one of which is kept open for a while after use, and
 * used for the next read of any build. Thread-safe.
 */
final class ImapPool implements AutoCloseable {

    /**
     * How many may be open at a time, beside those that watch folders. Exchange limits the connections of a mailbox,
     * but does not say to how many.
     */
    static final int MAX = 3;

    /**
     * How many of them may be used by reads that save attachments, which are as slow as the agent that stores them.
     * Whoever waits for mail must not have to wait for agents as well.
     */
    static final int MAX_SAVING = MAX - 1;

    /** How long an idle connection is kept open. */
    static final Duration IDLE = Duration.ofMinutes(1);

    /** A connection is only used again if its token is valid for this much longer; Exchange ends it with the token. */
    private static final Duration TOKEN_LEFT = Duration.ofMinutes(1);

    private final Mailbox mailbox;
    private final Timeouts timeouts;
    private final TimeSource time;
    private final boolean keeps;
    private final Semaphore places;
    private final Semaphore savingPlaces;
    private Kept idle;
    private boolean closed;

    /** @param keeps whether connections are kept and limited; otherwise each read opens its own */
    ImapPool(Mailbox mailbox, Timeouts timeouts, TimeSource time, boolean keeps) {
        this.mailbox = mailbox;
        this.timeouts = timeouts;
        this.time = time;
        this.keeps = keeps;
        this.places = new Semaphore(keeps ? MAX : Integer.MAX_VALUE, true);
        this.savingPlaces = new Semaphore(keeps ? MAX_SAVING : Integer.MAX_VALUE, true);
    }

    /** @param since when it was last used */
    private record Kept(Tokens.Login<ImapConnection> login, Instant since) {}

    /** A connection that is logged in and reserved for one piece of work; {@link #giveBack} must follow. */
    record Lease(Tokens.Login<ImapConnection> login, boolean reused) {
        ImapConnection connection() {
            return login.connection();
        }
    }

    /**
     * Reserves a place. If all are taken, waits, which does not count as reading.
     *
     * @param limit begins now, unless it has begun before
     * @param saves whether it is for a read that saves attachments
     */
    void enter(ReadDeadline limit, boolean saves) throws InterruptedException {
        if (saves) {
            take(savingPlaces, limit);
        }
        boolean entered = false;
        try {
            take(places, limit);
            entered = true;
        } finally {
            if (saves && !entered) {
                savingPlaces.release();
            }
        }
    }

    private static void take(Semaphore some, ReadDeadline limit) throws InterruptedException {
        if (!some.tryAcquire()) {
            long begin = limit.now();
            some.acquire();
            limit.exclude(limit.now() - begin);
        }
    }

    /** Must follow {@link #enter}, for the same kind of work. */
    void leave(boolean saves) {
        places.release();
        if (saves) {
            savingPlaces.release();
        }
    }

    /** The kept connection, or a new one. */
    Lease borrow(ReadDeadline limit) throws MailFailure, InterruptedException {
        Tokens.Login<ImapConnection> kept = kept();
        if (kept == null) {
            return open(limit);
        }
        kept.connection().resume(limit);
        return new Lease(kept, true);
    }

    /** A new connection. */
    Lease open(ReadDeadline limit) throws MailFailure, InterruptedException {
        return new Lease(Tokens.login(mailbox, token -> connect(token, limit)), false);
    }

    private ImapConnection connect(AccessToken token, ReadDeadline limit) throws MailFailure {
        String known = keeps ? KnownCapabilities.of(mailbox.imap(), time.now()) : null;
        try {
            ImapConnection connection = ImapConnection.open(
                            mailbox.imap(), timeouts, new ConnectionDeadline(), limit, known)
                    .loggedIn(mailbox.user(), token.value());
            if (keeps) {
                KnownCapabilities.remember(mailbox.imap(), connection.wire().announced(), time.now());
            }
            return connection;
        } catch (MailFailure failure) {
            KnownCapabilities.forget(mailbox.imap());
            throw failure;
        }
    }

    /** @param good whether the work succeeded */
    void giveBack(Lease lease, boolean good) {
        ImapConnection connection = lease.connection();
        boolean usable = keeps && good && connection.rest();
        Tokens.Login<ImapConnection> surplus = lease.login();
        if (usable) {
            synchronized (this) {
                if (!closed) {
                    surplus = idle == null ? null : idle.login();
                    idle = new Kept(lease.login(), time.now());
                    time.later(IDLE, () -> closeSince(IDLE));
                }
            }
        }
        if (surplus != null) {
            surplus.connection().close();
        }
    }

    /** Closes the idle connection now, and those in use when they are given back. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        closeSince(Duration.ZERO);
    }

    private Tokens.Login<ImapConnection> kept() {
        Kept kept;
        synchronized (this) {
            kept = idle;
            idle = null;
        }
        if (kept == null || kept.login().token().expiresAt().isAfter(time.now().plus(TOKEN_LEFT))) {
            return kept == null ? null : kept.login();
        }
        kept.login().connection().close();
        return null;
    }

    private void closeSince(Duration duration) {
        Kept late = null;
        synchronized (this) {
            if (idle != null && !idle.since().isAfter(time.now().minus(duration))) {
                late = idle;
                idle = null;
            }
        }
        if (late != null) {
            late.login().connection().close();
        }
    }
}
