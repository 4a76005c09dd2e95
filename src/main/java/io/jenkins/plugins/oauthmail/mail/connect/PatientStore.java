package io.jenkins.plugins.oauthmail.mail.connect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.model.AttachmentSink;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReadResult;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Whether a store retries and what it does about messages that it cannot read, for all protocols. */
public abstract class PatientStore implements MailStore {
    private final Duration maxTime;
    private final LongSupplier nanoTime;
    private final TimeSource time;

    /**
     * @param maxTime the longest that one read may take; when it is over, the read fails
     * @param nanoTime a clock like {@link System#nanoTime}
     * @param time clock for waiting between retries
     */
    protected PatientStore(Duration maxTime, LongSupplier nanoTime, TimeSource time) {
        this.maxTime = maxTime;
        this.nanoTime = nanoTime;
        this.time = time;
    }

    /**
     * Reads the messages that match a query, once.
     *
     * @param sink receives the attachments of each message; null to list them only
     * @param unreadable is asked about each message that cannot be read
     * @return a result without problems
     */
    protected abstract ReadResult find(
            MailQuery query, @CheckForNull AttachmentSink sink, ReadDeadline limit, Unreadable unreadable)
            throws MailFailure, InterruptedException;

    @Override
    @NonNull
    public final List<ReceivedMail> read(@NonNull MailQuery query, @CheckForNull AttachmentSink sink)
            throws MailFailure, InterruptedException {
        return find(query, sink, limit(), (id, failure) -> {
                    throw failure;
                })
                .mails();
    }

    @Override
    @NonNull
    public final ReadResult read(
            @NonNull MailQuery query, @CheckForNull AttachmentSink sink, @NonNull Consumer<String> notices)
            throws MailFailure, InterruptedException {
        ReadDeadline limit = limit();
        return patiently(limit, notices, () -> {
            List<MailFailure> unreadable = new ArrayList<>();
            ReadResult found = find(query, sink, limit, (id, failure) -> unreadable.add(failure));
            if (found.mails().isEmpty() && !unreadable.isEmpty()) {
                throw unreadable.get(0);
            }
            return with(found, unreadable);
        });
    }

    @Override
    @NonNull
    public final ReadResult look(@NonNull MailQuery query) throws MailFailure, InterruptedException {
        List<MailFailure> unreadable = new ArrayList<>();
        return with(find(query, null, limit(), (id, failure) -> unreadable.add(failure)), unreadable);
    }

    private static ReadResult with(ReadResult found, List<MailFailure> unreadable) {
        // Once for each message, although several connections may have been needed.
        List<String> problems =
                unreadable.stream().map(MailFailure::getMessage).distinct().toList();
        return new ReadResult(found.mails(), problems, found.gone());
    }

    /** The longest that one read may take. */
    protected final Duration maxTime() {
        return maxTime;
    }

    /** The time limit of a read that begins now. */
    public final ReadDeadline limit() {
        return new ReadDeadline(maxTime, nanoTime);
    }

    /** @param notices receives a sentence with the reason whenever there is something to wait for; null not to retry */
    protected final <T> T patiently(
            ReadDeadline limit, @CheckForNull Consumer<String> notices, Patience.Attempt<T> attempt)
            throws MailFailure, InterruptedException {
        return notices == null ? attempt.make() : new Patience(limit, time, notices).insist(attempt);
    }

    /** Waits for as long as a server suggests, and a little longer. */
    public final void pause(@NonNull Duration suggested) throws InterruptedException {
        time.pause(Patience.spread(suggested, time));
    }

    /** The clock. */
    protected final TimeSource time() {
        return time;
    }
}
