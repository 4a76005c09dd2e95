package io.jenkins.plugins.oauthmail.mail.connect;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits the duration of each phase of a connection: opening, login, a command, a transfer. A socket time-out restarts
 * with every byte, so a server that sends a byte now and then could keep a connection busy forever. This class closes
 * the socket with a timer instead, which ends any blocked read or write, whatever the protocol, even during a TLS
 * handshake. Between phases there is no limit.
 *
 * <p>Interrupting the thread that connects, reads or writes also closes the socket, immediately; see
 * {@link DeadlineSocket}. Thread-safe; no method blocks.
 */
public final class ConnectionDeadline implements AutoCloseable {

    /** The rate that extends the time of a transfer, both directions together. */
    public static final int MIN_BYTES_PER_SECOND = 8 * 1024;

    /** Why we closed the socket. */
    public enum Reason {
        /** The phase took too long. */
        PHASE,
        /** The work as a whole that uses the connection took too long. */
        LIMIT,
        /** {@link ConnectionDeadline#close()} was called. */
        CLOSED
    }

    /** Shared by all connections, because it only closes sockets, which does not block. */
    static final ScheduledThreadPoolExecutor TIMER = MailSession.daemon("oauth-mail deadlines");

    private final AtomicLong moved = new AtomicLong();
    private Socket socket;
    private Phase phase;
    private Future<?> limit;
    private Reason reason;

    /** A phase in progress. */
    private static final class Phase {
        private final Duration time;
        private final long begin = System.nanoTime();
        private final long most;
        private Future<?> due;

        /**
         * @param time the time allowed for a phase without transfer
         * @param most upper limit in nanoseconds, extensions included
         */
        Phase(Duration time, long most) {
            this.time = time;
            this.most = most;
        }

        boolean extensible(long bytes) {
            return System.nanoTime() - begin < most && bytes >= time.toNanos() / 1e9 * MIN_BYTES_PER_SECOND;
        }
    }

    /**
     * Begins a phase and ends the previous one. The phase must end in time, however many bytes it transfers.
     *
     * @param time the time allowed for the whole phase
     */
    public void begin(Duration time) {
        begin(new Phase(time, 0));
    }

    /**
     * Begins a phase that transfers data, and ends the previous one. Its time is extended whenever it has transferred
     * {@value #MIN_BYTES_PER_SECOND} bytes a second on average, up to the time that the maximum number of bytes takes
     * at that rate.
     *
     * @param time the time within which the phase must end or have transferred enough
     * @param bytes the maximum number of bytes to transfer
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

    /** Ends the phase. There is no limit until the next one begins. */
    public synchronized void end() {
        if (phase != null) {
            phase.due.cancel(false);
            phase = null;
        }
    }

    /** Closes the socket after this time, whatever the phase. Replaces an earlier limit. */
    public synchronized void limit(Duration left) {
        if (limit != null) {
            limit.cancel(false);
        }
        limit = reason != null ? null : TIMER.schedule(() -> close(Reason.LIMIT), left.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Closes the socket now, without ending the session properly. A socket that is opened later is closed at once. */
    @Override
    public void close() {
        close(Reason.CLOSED);
    }

    private synchronized void close(Reason why) {
        if (reason == null) {
            reason = why;
        }
        drop();
    }

    /** Closes the socket now, as {@link #close}, of a session that has already ended for another reason. */
    public synchronized void drop() {
        release();
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                // A socket that cannot be closed is not open.
                return;
            }
        }
    }

    /** Removes all limits, because the connection is being closed properly. */
    public synchronized void release() {
        end();
        if (limit != null) {
            limit.cancel(false);
            limit = null;
        }
    }

    /** @return why we closed the socket; null if we did not */
    public synchronized Reason reason() {
        return reason;
    }

    /** Takes charge of the plain socket that carries the connection. */
    synchronized void watch(Socket plain) throws IOException {
        socket = plain;
        if (reason != null) {
            plain.close();
            throw new IOException("closed before it was opened");
        }
    }

    /** Whether bytes have arrived that have not been read. */
    public synchronized boolean arrived() throws IOException {
        return socket != null && socket.getInputStream().available() > 0;
    }

    /** Must be called after bytes were read or written. */
    void moved(long bytes) {
        moved.addAndGet(bytes);
    }
}
