package io.jenkins.plugins.oauthmail.mail;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.connect.MailStore;
import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.model.Arrivals;
import io.jenkins.plugins.oauthmail.mail.model.AttachmentSink;
import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.MailChange;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.ReadResult;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** Reads messages of one mailbox. Only {@link #change} modifies the mailbox. Thread-safe. */
public final class MailReader implements AutoCloseable {
    private final MailStore store;
    /** Everything that the results depend on, apart from the mailbox's content. */
    private final List<Object> source;

    /**
     * A reader that opens a connection for each call. See {@link #keeping} for one that is used again and again.
     *
     * @param mailbox the mailbox to read
     * @param rule decides whether the receiving server vouches for a sender
     * @param maxBytes the most that one read may fetch apart from message bodies, in bytes: all attachments together,
     *     plus messages that have to be fetched whole
     * @param maxTime the longest that one read may take, from connecting to the last attachment; when it is over, the
     *     read fails
     */
    public MailReader(
            @NonNull Mailbox mailbox, @NonNull AuthenticationRule rule, long maxBytes, @NonNull Duration maxTime) {
        this(mailbox, rule, maxBytes, maxTime, Timeouts.DEFAULT, System::nanoTime);
    }

    MailReader(
            Mailbox mailbox,
            AuthenticationRule rule,
            long maxBytes,
            Duration maxTime,
            Timeouts timeouts,
            LongSupplier nanoTime) {
        this(mailbox, rule, maxBytes, maxTime, timeouts, nanoTime, TimeSource.SYSTEM);
    }

    MailReader(
            Mailbox mailbox,
            AuthenticationRule rule,
            long maxBytes,
            Duration maxTime,
            Timeouts timeouts,
            LongSupplier nanoTime,
            TimeSource time) {
        this(mailbox, new Protocol.Reading(rule, maxBytes, maxTime, timeouts, nanoTime, time, false));
    }

    private MailReader(Mailbox mailbox, Protocol.Reading reading) {
        Protocol protocol = Protocol.of(mailbox);
        this.store = protocol.store(mailbox, reading);
        this.source = List.of(
                mailbox.user(), protocol.source(mailbox), reading.rule(), reading.maxBytes(), reading.maxTime());
    }

    /**
     * A reader that keeps a connection for the next call, for a minute, and opens no more than a few at a time. It must
     * be closed. The parameters are those of {@link #MailReader(Mailbox, AuthenticationRule, long, Duration)}.
     */
    @NonNull
    public static MailReader keeping(
            @NonNull Mailbox mailbox, @NonNull AuthenticationRule rule, long maxBytes, @NonNull Duration maxTime) {
        return keeping(mailbox, rule, maxBytes, maxTime, Timeouts.DEFAULT, System::nanoTime, TimeSource.SYSTEM);
    }

    static MailReader keeping(
            Mailbox mailbox,
            AuthenticationRule rule,
            long maxBytes,
            Duration maxTime,
            Timeouts timeouts,
            LongSupplier nanoTime,
            TimeSource time) {
        return new MailReader(mailbox, new Protocol.Reading(rule, maxBytes, maxTime, timeouts, nanoTime, time, true));
    }

    /** See {@link MailStore#read(MailQuery, AttachmentSink)}. */
    @NonNull
    public List<ReceivedMail> read(@NonNull MailQuery query, @CheckForNull AttachmentSink sink)
            throws MailFailure, InterruptedException {
        return store.read(query, sink);
    }

    /** See {@link MailStore#read(MailQuery, AttachmentSink, Consumer)}. */
    @NonNull
    public ReadResult read(
            @NonNull MailQuery query, @CheckForNull AttachmentSink sink, @NonNull Consumer<String> notices)
            throws MailFailure, InterruptedException {
        return store.read(query, sink, notices);
    }

    /** See {@link MailStore#look}. */
    @NonNull
    public ReadResult look(@NonNull MailQuery query) throws MailFailure, InterruptedException {
        return store.look(query);
    }

    /** Same as {@link #arrivals(MailQuery, FolderPosition, Predicate)}, skipping every message that cannot be read. */
    @NonNull
    public Arrivals arrivals(@NonNull MailQuery query, @CheckForNull FolderPosition after)
            throws MailFailure, InterruptedException {
        return arrivals(query, after, id -> true);
    }

    /** See {@link MailStore#arrivals}. */
    @NonNull
    public Arrivals arrivals(
            @NonNull MailQuery query, @CheckForNull FolderPosition after, @NonNull Predicate<MailId> skips)
            throws MailFailure, InterruptedException {
        return store.arrivals(query, after, skips);
    }

    /** See {@link MailStore#folder}. */
    @NonNull
    public FolderReader folder(@NonNull String name) {
        return new FolderReader(store.folder(name));
    }

    /** Whether another reader reads the same mailbox with the same limits and the same rule. */
    public boolean readsTheSameAs(@NonNull MailReader other) {
        return source.equals(other.source);
    }

    /** Same as {@link #change(String, List, MailChange, Consumer)}, without retries. */
    @NonNull
    public List<MailId> change(@NonNull String folder, @NonNull List<MailId> ids, @NonNull MailChange change)
            throws MailFailure, InterruptedException {
        return change(folder, ids, change, null);
    }

    /** See {@link MailStore#change}. */
    @NonNull
    public List<MailId> change(
            @NonNull String folder,
            @NonNull List<MailId> ids,
            @NonNull MailChange change,
            @CheckForNull Consumer<String> notices)
            throws MailFailure, InterruptedException {
        return change(folder, ids, change, notices, id -> {});
    }

    /** See {@link MailStore#change}. */
    @NonNull
    public List<MailId> change(
            @NonNull String folder,
            @NonNull List<MailId> ids,
            @NonNull MailChange change,
            @CheckForNull Consumer<String> notices,
            @NonNull Consumer<MailId> changed)
            throws MailFailure, InterruptedException {
        return store.change(folder, ids, change, notices, changed);
    }

    /** See {@link MailStore#close}. */
    @Override
    public void close() {
        store.close();
    }
}
