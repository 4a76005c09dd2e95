package io.jenkins.plugins.oauthmail.watch;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * How often messages could not be read, which may be a problem of the server that passes, before they are skipped. Mail
 * that arrives causes further checks, in a busy folder many within a moment, so tries only count if they are apart.
 * Thread-safe.
 */
@Restricted(NoExternalUse.class)
public final class UnreadableMails {
    private static final int MAX_TRIES = 3;

    /** Less than the minute after which whoever waits checks again. */
    private static final Duration APART = Duration.ofSeconds(45);

    private static volatile Duration apart = APART;

    private final TimeSource time;
    private final Map<MailId, Failures> failures = new HashMap<>();

    private record Failures(int count, Instant last) {}

    public UnreadableMails() {
        this(TimeSource.SYSTEM);
    }

    UnreadableMails(TimeSource time) {
        this.time = time;
    }

    /** Has all tries count, for tests, or again only those that are apart. */
    static void countAll(boolean all) {
        apart = all ? Duration.ZERO : APART;
    }

    /**
     * Records that a message cannot be read; returns whether that has been so often enough for it to be skipped. It is
     * skipped until {@link #keep}, because a check that skips it may fail at another message and be repeated.
     */
    public synchronized boolean isHopeless(@NonNull MailId mail) {
        Instant now = time.now();
        Failures before = failures.get(mail);
        boolean hopeless = before != null && before.count() > MAX_TRIES;
        if (hopeless || before != null && now.isBefore(before.last().plus(apart))) {
            return hopeless;
        }
        int count = before == null ? 1 : before.count() + 1;
        failures.put(mail, new Failures(count, now));
        return count > MAX_TRIES;
    }

    /** Forgets the failures of messages that did not fail in the last check: they were read, or are gone. */
    public synchronized void keep(@NonNull Set<MailId> failed) {
        failures.keySet().retainAll(failed);
    }
}
