package io.jenkins.plugins.oauthmail.mail.connect;

import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long one reading may take as a whole. A timeout of the connection bounds each answer of the server, but not how many
 * answers a reading needs, which depends on what strangers have sent and on how fast attachments can be stored.
 */
public final class ReadTime {
    private final Duration most;
    private final LongSupplier nanoTime;
    private final long begin;

    /**
     * Begins now.
     *
     * @param nanoTime a clock like {@link System#nanoTime}
     */
    public ReadTime(Duration most, LongSupplier nanoTime) {
        this.most = most;
        this.nanoTime = nanoTime;
        this.begin = nanoTime.getAsLong();
    }

    /** @return what is left of it; zero or less if it is over */
    public Duration left() {
        return most.minusNanos(nanoTime.getAsLong() - begin);
    }

    /** @throws MailFailure if it is over */
    public void check() throws MailFailure {
        if (nanoTime.getAsLong() - begin >= most.toNanos()) {
            throw over();
        }
    }

    /** What to say when it is over. */
    public MailFailure over() {
        return new MailFailure(Layer.MESSAGE, Messages.ReadTime_over(most.toMinutes()));
    }

    /** Whether it is not yet over after so long a wait. */
    boolean leaves(Duration wait) {
        return nanoTime.getAsLong() - begin + wait.toNanos() < most.toNanos();
    }
}
