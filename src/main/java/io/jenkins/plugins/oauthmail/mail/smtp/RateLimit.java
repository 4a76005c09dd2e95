package io.jenkins.plugins.oauthmail.mail.smtp;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

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

    /** Returns a slot that will not be used. */
    public synchronized void giveBack(Instant turn) {
        turns.remove(turns.lastIndexOf(turn));
    }

    private static Instant latest(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
