package io.jenkins.plugins.oauthmail.mail.connect;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds how long one connection may take for each phase of its life: opening, login, a command, a transfer. A time-out of
 * the socket begins anew with every byte, so that a server which sends one now and then could hold a conversation for
 * ever. Here a timer closes the socket when the time is over, which ends a read or a write that is blocked in it, in
 * whatever protocol or TLS handshake it is. Between two phases nothing is due.
 *
 * <p>An interrupt of the thread that connects, reads or writes closes the socket as well, at once; see
 * {@link DeadlineSocket}. Any thread may call any method, and none of them blocks.
 */
public final class ConnectionDeadline implements AutoCloseable {

    /** What a transfer has to move for its time to be extended, both directions together. */
    static final int MIN_BYTES_PER_SECOND = 8 * 1024;

    /** Why a socket was closed from this side. */
    public enum Reason {
        /** The phase took longer than it may. */
        PHASE,
        /** The work that the connection serves took longer than it may as a whole. */
        LIMIT,
        /** Somebody called {@link ConnectionDeadline#close()}. */
        CLOSED
    }

    /** One for all connections; it only ever closes sockets, which does not block. */
    static final ScheduledThreadPoolExecutor TIMER = MailSession.daemon("oauth-mail deadlines");

    private final AtomicLong moved = new AtomicLong();
    private Socket socket;
    private Phase phase;
    private Future<?> limit;
    private Reason reason;

    /** A phase that is under way. */
    private static final class Phase {
        private final Duration time;
        private final long begin = System.nanoTime();
        private final long most;
        private Future<?> due;

        /** @param most nanoseconds for the whole of it, extensions included */
        Phase(Duration time, long most) {
            this.time = time;
            this.most = most;
        }

        boolean extensible(long bytes) {
            return System.nanoTime() - begin < most && bytes >= time.toNanos() / 1e9 * MIN_BYTES_PER_SECOND;
        }
    }

    /**
     * Begins a phase, which ends the one before. It must be over in time, however much is said in it.
     *
     * @param time for the whole phase
     */
    public void begin(Duration time) {
        begin(new Phase(time, 0));
    }

    /**
     * Begins a phase in which much may travel, which ends the one before. It gets its time once more each time it has moved
     * {@value #MIN_BYTES_PER_SECOND} bytes a second meanwhile, but no more than the bytes that may travel need at that
     * rate.
     *
     * @param time in which the phase must be over or have moved enough
     * @param bytes that may travel at most
     */
    public void begin(Duration time, long bytes) {
        begin(new Phase(time, time.plusSeconds(bytes / MIN_BYTES_PER_SECOND).toNanos()));
    }

    private synchronized void begin(Phase next) {
        end();
        if (reason == null) {
            moved.set(0);
            phase = next;
            schedule(next);
        }
    }

    private void schedule(Phase next) {
        next.due = TIMER.schedule(() -> due(next), next.time.toNanos(), TimeUnit.NANOSECONDS);
    }

    private synchronized void due(Phase late) {
        if (late != phase) {
            return;
        }
        if (late.extensible(moved.getAndSet(0))) {
            schedule(late);
        } else {
            close(Reason.PHASE);
        }
    }

    /** Ends the phase; nothing is due until the next one begins. */
    public synchronized void end() {
        if (phase != null) {
            phase.due.cancel(false);
            phase = null;
        }
    }

    /** Closes the socket after that time, whatever phase it is in; replaces a limit that was set before. */
    public synchronized void limit(Duration left) {
        if (limit != null) {
            limit.cancel(false);
        }
        limit = reason != null ? null : TIMER.schedule(() -> close(Reason.LIMIT), left.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Closes the socket now, without a good-bye; one that is opened later is closed as well. */
    @Override
    public void close() {
        close(Reason.CLOSED);
    }

    private synchronized void close(Reason why) {
        if (reason == null) {
            reason = why;
        }
        release();
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                // What cannot be closed is not open.
                return;
            }
        }
    }

    /** The connection is closed in an orderly way: nothing is due any more. */
    public synchronized void release() {
        end();
        if (limit != null) {
            limit.cancel(false);
            limit = null;
        }
    }

    /** @return why the socket was closed from here; null if it was not */
    public synchronized Reason reason() {
        return reason;
    }

    /** Takes charge of the socket under all others of the connection. */
    synchronized void watch(Socket plain) throws IOException {
        socket = plain;
        if (reason != null) {
            plain.close();
            throw new IOException("closed before it was opened");
        }
    }

    /** Whether bytes have come over the socket that nobody has read. */
    public synchronized boolean arrived() throws IOException {
        return socket != null && socket.getInputStream().available() > 0;
    }

    /** To be told of bytes that were read or written. */
    void moved(long bytes) {
        moved.addAndGet(bytes);
    }
}
