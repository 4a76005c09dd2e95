package io.jenkins.plugins.oauthmail.mail.connect;

import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long one reading may take as a whole. A timeout of the connection bounds each answer of the server, but not how many
 * answers a reading needs, which depends on what strangers have sent and on how fast attachments can be stored. Work on
 * what was fetched asks it, too, as it goes along.
 */
public final class ReadDeadline {
    /** Without an end, for work that nobody waits for; an interrupt ends it all the same. */
    public static final ReadDeadline ENDLESS = new ReadDeadline(null, () -> 0);

    /** Asking for the time may cost more than to look at a character. */
    private static final int STEPS = 256;

    private final Duration most;
    private final LongSupplier nanoTime;
    private final long begin;
    private int steps;

    /**
     * Begins now.
     *
     * @param most null for no end
     * @param nanoTime a clock like {@link System#nanoTime}
     */
    public ReadDeadline(Duration most, LongSupplier nanoTime) {
        this.most = most;
        this.nanoTime = nanoTime;
        this.begin = nanoTime.getAsLong();
    }

    /** @return what is left of it, zero or less if it is over; null if it has no end */
    public Duration left() {
        return most == null ? null : most.minusNanos(nanoTime.getAsLong() - begin);
    }

    /**
     * To be called before each piece of work that may take long by itself.
     *
     * @throws MailFailure if it is over, or the thread was interrupted, which it still is then
     */
    public void check() throws MailFailure {
        if (Thread.currentThread().isInterrupted()) {
            throw stopped();
        }
        if (most != null && nanoTime.getAsLong() - begin >= most.toNanos()) {
            throw over();
        }
    }

    /** To be called for each piece of work that is small, of which there may be many; it checks now and then. */
    public void step() throws MailFailure {
        if (++steps >= STEPS) {
            steps = 0;
            check();
        }
    }

    /** What to say when the thread was interrupted. */
    public static MailFailure stopped() {
        return new MailFailure(Layer.MESSAGE, Messages.ReadDeadline_stopped());
    }

    /** What to say when it is over. */
    public MailFailure over() {
        return new MailFailure(Layer.MESSAGE, Messages.ReadDeadline_over(most.toMinutes()));
    }

    /** Whether it is not yet over after so long a wait. */
    boolean leaves(Duration wait) {
        return most == null || nanoTime.getAsLong() - begin + wait.toNanos() < most.toNanos();
    }
}
