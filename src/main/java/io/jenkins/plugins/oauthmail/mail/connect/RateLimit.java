package io.jenkins.plugins.oauthmail.mail.connect;

import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Limits how many messages of one mailbox are sent within any minute, first come, first served. Microsoft 365 accepts
 * 30 and defers or refuses more. Thread-safe.
 */
public final class RateLimit {

    static final int MAX = 30;
    static final Duration SPAN = Duration.ofMinutes(1);

    /** How long it may take to notice that others have left, whose turns come earlier then. */
    static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

    /** When the last messages had their turn, in order. */
    private final List<Instant> taken = new ArrayList<>();

    /** Those who wait, in order of arrival. */
    private final List<Object> waiting = new ArrayList<>();

    /**
     * Waits until a message may be sent.
     *
     * @param patience how long the message may wait
     * @param notices receives a sentence if it has to wait
     * @throws MailFailure a temporary one, at once, if its turn comes later than that
     */
    public void awaitTurn(TimeSource time, Duration patience, Consumer<String> notices)
            throws MailFailure, InterruptedException {
        Object message = new Object();
        Duration wait = enter(message, time.now(), patience);
        if (wait.isZero()) {
            return;
        }
        try {
            notices.accept(Messages.RateLimit_waiting(Backoff.seconds(wait), MAX));
            while (!wait.isZero()) {
                time.pause(wait.compareTo(LOOK_AGAIN) < 0 ? wait : LOOK_AGAIN);
                wait = next(message, time.now());
            }
        } finally {
            leave(message);
        }
    }

    private synchronized Duration enter(Object message, Instant now, Duration patience) throws MailFailure {
        waiting.add(message);
        Duration wait = next(message, now);
        if (wait.compareTo(patience) > 0) {
            waiting.remove(message);
            throw MailFailure.temporary(MailFailure.Layer.SEND, Messages.RateLimit_notYet(Backoff.seconds(wait), MAX));
        }
        return wait;
    }

    /** How long a message still has to wait; if not at all, it has its turn. */
    private synchronized Duration next(Object message, Instant now) {
        taken.removeIf(turn -> !turn.plus(SPAN).isAfter(now));
        int place = waiting.indexOf(message);
        int free = MAX - taken.size();
        if (place < free) {
            waiting.remove(place);
            taken.add(now);
            return Duration.ZERO;
        }
        // The turn of whoever is ahead in place of one that is over; each later round takes another minute.
        int behind = place - free;
        Instant turn = taken.isEmpty()
                ? now.plus(SPAN)
                : taken.get(Math.min(behind % MAX, taken.size() - 1)).plus(SPAN);
        return Duration.between(now, turn.plus(SPAN.multipliedBy(behind / MAX)));
    }

    private synchronized void leave(Object message) {
        waiting.remove(message);
    }
}
