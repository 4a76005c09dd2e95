package io.jenkins.plugins.oauthmail.watch;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.ReadResult;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Shares the results of reading between listeners of one folder: a listener that asks the same question as another one
 * is given the other's result, if that reading started after this listener became due.
 */
@Restricted(NoExternalUse.class)
public final class SharedReading {
    /** How many results with messages are kept at most; empty results need hardly any memory. */
    private static final int MAX_KEPT = 4;

    private final Map<Object, Result> results = new HashMap<>();
    private int kept;
    private final TimeSource time;
    private Instant asked;

    SharedReading(TimeSource time) {
        this.time = time;
        asked = time.now();
    }

    /**
     * Reads, or returns a shared result.
     *
     * @param question everything that the result depends on; compared with {@code equals}
     * @param reading reads the result
     * @return the result
     * @throws MailFailure if the reading throws it; likewise {@code InterruptedException}
     */
    @NonNull
    public ReadResult read(@NonNull Object question, @NonNull Reading reading)
            throws MailFailure, InterruptedException {
        Instant begin = time.now();
        synchronized (this) {
            Result known = results.get(question);
            if (known != null && !known.begin().isBefore(asked)) {
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

    /** @param since when the next listener is due */
    synchronized void askedAt(Instant since) {
        asked = since;
    }

    synchronized void clear() {
        results.clear();
        kept = 0;
    }

    /** Reads messages. */
    @FunctionalInterface
    public interface Reading {
        /** Reads them. */
        ReadResult read() throws MailFailure, InterruptedException;
    }

    private record Result(Instant begin, ReadResult read) {}
}
