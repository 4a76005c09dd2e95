package io.jenkins.plugins.oauthmail.watch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.FolderReader;
import io.jenkins.plugins.oauthmail.mail.MailReader;
import io.jenkins.plugins.oauthmail.mail.model.Arrivals;
import io.jenkins.plugins.oauthmail.mail.model.FolderCheckpoint;
import io.jenkins.plugins.oauthmail.mail.model.FolderLook;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Reads a folder for its listeners, one after another: they share a connection, and a message is fetched once for all.
 * What a listener is given was read after it became due. Used by the listener whose turn it is.
 */
@Restricted(NoExternalUse.class)
public final class SharedReading {
    private final TimeSource time;
    private FolderReader folder;
    private MailReader source;
    /** Those whose connections were ended at once, to be closed by the thread that uses this. */
    private final List<FolderReader> aborted = new ArrayList<>();

    /** Since when what the reader says holds. */
    private Instant fresh;

    private Instant asked;
    private int askers = 1;
    /** When something was last read; null for never. */
    private volatile Instant answered;

    private volatile boolean awaited;

    SharedReading(TimeSource time) {
        this.time = time;
        asked = time.now();
    }

    /**
     * Looks whether the folder contains enough messages; see {@link FolderReader#look(MailQuery, FolderCheckpoint, int)}.
     *
     * @param reader for the account as the listener knows it
     * @throws MailFailure if reading failed
     * @throws InterruptedException if interrupted
     */
    @NonNull
    public FolderLook look(
            @NonNull MailReader reader, @NonNull MailQuery query, @CheckForNull FolderCheckpoint since, int enough)
            throws MailFailure, InterruptedException {
        FolderLook look = folder(reader, query).look(query, since, enough);
        answered = time.now();
        return look;
    }

    /**
     * Reads the messages after a position; see {@link FolderReader#arrivals}.
     *
     * @param reader for the account as the listener knows it
     * @throws MailFailure if reading failed
     * @throws InterruptedException if interrupted
     */
    @NonNull
    public Arrivals arrivals(
            @NonNull MailReader reader,
            @NonNull MailQuery query,
            @CheckForNull FolderPosition after,
            @NonNull Predicate<MailId> skips)
            throws MailFailure, InterruptedException {
        Arrivals arrivals = folder(reader, query).arrivals(query, after, skips);
        answered = time.now();
        return arrivals;
    }

    /**
     * Whether another listener, whose time is up, waits for the end of this turn. Whoever has much to read goes on in
     * another turn then.
     */
    public boolean isAwaited() {
        return awaited;
    }

    private FolderReader folder(MailReader reader, MailQuery query) {
        List<FolderReader> old;
        FolderReader now;
        synchronized (this) {
            old = new ArrayList<>(aborted);
            aborted.clear();
            if (folder != null && !reader.readsTheSameAs(source)) {
                old.add(folder);
                folder = null;
            }
            if (folder == null || fresh.isBefore(asked)) {
                folder = folder == null ? reader.folder(query.folder()) : folder;
                source = reader;
                fresh = time.now();
                folder.refresh(askers);
            }
            now = folder;
        }
        old.forEach(FolderReader::close);
        return now;
    }

    /**
     * @param since when the next listener became due
     * @param howMany how many are due, this one included
     */
    synchronized void next(Instant since, int howMany) {
        asked = since;
        askers = howMany;
        awaited = false;
    }

    /** Has {@link #isAwaited} return true for the rest of the turn. */
    void setAwaited() {
        awaited = true;
    }

    /** When the server last answered, be it in the middle of a check; null for never. */
    @CheckForNull
    Instant answered() {
        return answered;
    }

    synchronized boolean isOpen() {
        return folder != null;
    }

    /** Ends the connection at once; the next listener who asks opens another one. */
    synchronized void abort() {
        if (folder != null) {
            folder.abort();
            // It holds a place among the connections of the mailbox, and perhaps files.
            aborted.add(folder);
            folder = null;
        }
    }

    /** Ends the connection properly, which may take a moment; the next listener who asks opens another one. */
    void close() {
        List<FolderReader> old;
        synchronized (this) {
            old = new ArrayList<>(aborted);
            aborted.clear();
            if (folder != null) {
                old.add(folder);
            }
            folder = null;
        }
        old.forEach(FolderReader::close);
    }
}
