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
 * 30 and defers or refuses more.
 */
public final class RateLimit {

    static final int MAX = 30;
    static final Duration SPAN = Duration.ofMinutes(1);

    private final List<Instant> turns = new ArrayList<>();

    /**
     * Reserves the next slot.
     *
     * @return the time of the slot, now or later
     */
    public synchronized Instant next(Instant now) {
        turns.removeIf(turn -> !turn.plus(SPAN).isAfter(now));
        Instant turn = turns.isEmpty() ? now : latest(now, turns.get(turns.size() - 1));
        if (turns.size() >= MAX) {
            turn = latest(turn, turns.get(turns.size() - MAX).plus(SPAN));
        }
        turns.add(turn);
        return turn;
    }

    /** Returns a slot that will not be used. Does nothing if it is long over. */
    public synchronized void giveBack(Instant turn) {
        turns.remove(turn);
    }

    /**
     * Waits until a message may be sent.
     *
     * @param patience how long the message may wait
     * @param notices receives a sentence if it has to wait
     * @throws MailFailure a temporary one, at once, if its turn comes later than that
     */
    public void awaitTurn(TimeSource time, Duration patience, Consumer<String> notices)
            throws MailFailure, InterruptedException {
        Instant now = time.now();
        Instant turn = next(now);
        Duration wait = Duration.between(now, turn);
        if (wait.isZero()) {
            return;
        }
        if (wait.compareTo(patience) > 0) {
            giveBack(turn);
            throw MailFailure.temporary(MailFailure.Layer.SEND, Messages.RateLimit_notYet(Backoff.seconds(wait), MAX));
        }
        notices.accept(Messages.RateLimit_waiting(Backoff.seconds(wait), MAX));
        boolean waited = false;
        try {
            time.pause(wait);
            waited = true;
        } finally {
            if (!waited) {
                giveBack(turn);
            }
        }
    }

    private static Instant latest(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
