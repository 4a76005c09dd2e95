package io.jenkins.plugins.oauthmail.mail.connect;

import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Permanence;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Limits how long one read may take as a whole. The time-outs of a connection limit each reply of the server, but not
 * how many replies a read needs, which depends on what others have sent and on how fast attachments can be stored.
 * Processing of fetched messages checks it as well.
 */
public final class ReadDeadline {
    /** Has no limit, for background work; an interrupt still ends it. */
    public static final ReadDeadline ENDLESS = new ReadDeadline(null, () -> 0);

    /** Reading the clock may cost more than processing one character. */
    private static final int STEPS = 256;

    private final Duration most;
    private final LongSupplier nanoTime;
    private long begin;
    private int steps;

    /**
     * Starts now.
     *
     * @param most the time allowed; null for no limit
     * @param nanoTime a clock like {@link System#nanoTime}
     */
    public ReadDeadline(Duration most, LongSupplier nanoTime) {
        this.most = most;
        this.nanoTime = nanoTime;
        this.begin = nanoTime.getAsLong();
    }

    /** The clock, in nanoseconds. */
    public long now() {
        return nanoTime.getAsLong();
    }

    /** Does not count this time, which was spent on waiting for others. */
    public void exclude(long nanos) {
        begin += nanos;
    }

    /** @return the time left, zero or less if there is none; null if there is no limit */
    public Duration left() {
        return most == null ? null : most.minusNanos(nanoTime.getAsLong() - begin);
    }

    /**
     * Must be called before each piece of work that may take long by itself.
     *
     * @throws MailFailure if the time is over or the thread was interrupted; the thread's interrupt flag stays set
     */
    public void check() throws MailFailure {
        if (Thread.currentThread().isInterrupted()) {
            throw stopped();
        }
        if (most != null && nanoTime.getAsLong() - begin >= most.toNanos()) {
            throw over();
        }
    }

    /** Must be called for each small piece of work of which there may be many; it checks only now and then. */
    public void step() throws MailFailure {
        if (++steps >= STEPS) {
            steps = 0;
            check();
        }
    }

    /** The failure to throw when the thread was interrupted. */
    public static MailFailure stopped() {
        return new MailFailure(Layer.MESSAGE, Messages.ReadDeadline_stopped());
    }

    /** The failure to throw when the time is over; it may have been enough before, and be enough the next time. */
    public MailFailure over() {
        return MailFailure.refused(
                Layer.MESSAGE, Messages.ReadDeadline_over(most.toMinutes()), Permanence.UNKNOWN, null, null);
    }

    /** Whether the time is over and more than half of it was spent on waiting. */
    boolean isOverAfterMuch(Duration waiting) {
        return most != null && !leaves(Duration.ZERO) && waiting.multipliedBy(2).compareTo(most) > 0;
    }

    /** The sentence for when the time is over because the server was refusing for most of it. */
    String overWaiting(String refusal) {
        return Messages.Patience_over(most.toMinutes(), refusal);
    }

    /** Whether there would be time left after this wait. */
    public boolean leaves(Duration wait) {
        return most == null || nanoTime.getAsLong() - begin + wait.toNanos() < most.toNanos();
    }
}
