package io.jenkins.plugins.oauthmail.watch;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.ReadResult;
import java.util.HashMap;
import java.util.Map;

/**
 * What several who wait for mail in one folder want to know is read once: whoever asks the same is given what was read
 * for another, if that began after it was to look.
 */
public final class SharedReading {
    /** Results with mails that are kept at most; empty ones, which are the most, need no memory. */
    private static final int MAX_KEPT = 4;

    private final Map<Object, Result> results = new HashMap<>();
    private int kept;
    private long asked;

    SharedReading() {}

    /**
     * Reads, or gives what was read.
     *
     * @param question all that the result depends on, with {@code equals}
     * @param reading how to answer it
     * @return what was read
     * @throws MailFailure as the reading does; so {@code InterruptedException}
     */
    @NonNull
    public ReadResult read(@NonNull Object question, @NonNull Reading reading)
            throws MailFailure, InterruptedException {
        long begin = System.nanoTime();
        synchronized (this) {
            Result known = results.get(question);
            if (known != null && known.begin() - asked >= 0) {
                return known.read();
            }
        }
        ReadResult read = reading.read();
        keep(question, new Result(begin, read));
        return read;
    }

    private synchronized void keep(Object question, Result result) {
        Result before = results.remove(question);
        if (before != null && !before.read().mails().isEmpty()) {
            kept--;
        }
        if (result.read().mails().isEmpty()) {
            results.put(question, result);
        } else if (kept < MAX_KEPT) {
            kept++;
            results.put(question, result);
        }
    }

    /** @param time {@link System#nanoTime} since which the next one is to look */
    synchronized void askedAt(long time) {
        asked = time;
    }

    synchronized void clear() {
        results.clear();
        kept = 0;
    }

    /** Reads mails. */
    @FunctionalInterface
    public interface Reading {
        /** Does it. */
        ReadResult read() throws MailFailure, InterruptedException;
    }

    private record Result(long begin, ReadResult read) {}
}
