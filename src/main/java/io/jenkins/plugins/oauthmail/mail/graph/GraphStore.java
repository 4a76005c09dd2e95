package io.jenkins.plugins.oauthmail.mail.graph;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.connect.ContextLoader;
import io.jenkins.plugins.oauthmail.mail.connect.FolderSession;
import io.jenkins.plugins.oauthmail.mail.connect.PatientStore;
import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.connect.Unreadable;
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
import io.jenkins.plugins.oauthmail.token.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** Reads a mailbox with Microsoft Graph. */
public final class GraphStore extends PatientStore {

    private final Mailbox mailbox;
    private final Timeouts timeouts;
    private final AuthenticationRule rule;
    private final long maxBytes;
    private final GraphClient client;
    private final GraphFolders folders;
    private final GraphLinks links;

    /**
     * @param mailbox one that has a {@link Mailbox#graph}
     * @param rule decides whether the receiving server vouches for a sender
     * @param maxBytes the most that one read may save as attachments, in bytes
     * @param maxTime the longest that one read may take; when it is over, the read fails
     * @param nanoTime a clock like {@link System#nanoTime}
     * @param time clock for waiting between retries
     */
    public GraphStore(
            Mailbox mailbox,
            AuthenticationRule rule,
            long maxBytes,
            Duration maxTime,
            Timeouts timeouts,
            LongSupplier nanoTime,
            TimeSource time) {
        super(maxTime, nanoTime, time);
        this.mailbox = mailbox;
        this.timeouts = timeouts;
        this.rule = rule;
        this.maxBytes = maxBytes;
        this.client = new GraphClient(mailbox, timeouts);
        this.folders = new GraphFolders(client, time);
        this.links = new GraphLinks(client.mark(), time);
    }

    @NonNull
    AuthenticationRule rule() {
        return rule;
    }

    @Override
    protected ReadResult find(
            MailQuery query, @CheckForNull AttachmentSink sink, ReadDeadline limit, Unreadable unreadable)
            throws MailFailure, InterruptedException {
        try (GraphSource source = new GraphSource(client, folders, false)) {
            return read(source, query, sink, limit, unreadable);
        }
    }

    /** The result is without problems. */
    ReadResult read(
            GraphSource source,
            MailQuery query,
            @CheckForNull AttachmentSink sink,
            ReadDeadline limit,
            Unreadable unreadable)
            throws MailFailure, InterruptedException {
        try (ContextLoader loader = new ContextLoader()) {
            GraphReading reading = new GraphReading(source, query, rule, sink, maxBytes, limit, unreadable);
            List<MailId> gone = List.of();
            if (query.ids().isEmpty()) {
                reading.folder();
            } else {
                gone = reading.single(query.ids());
            }
            return new ReadResult(reading.mails(), List.of(), gone);
        }
    }

    @Override
    @NonNull
    public Arrivals arrivals(
            @NonNull MailQuery query, @CheckForNull FolderPosition after, @NonNull Predicate<MailId> skips)
            throws MailFailure, InterruptedException {
        try (GraphSource source = new GraphSource(client, folders, false)) {
            return arrivals(source, query, after, skips, limit());
        }
    }

    Arrivals arrivals(
            GraphSource source,
            MailQuery wanted,
            @CheckForNull FolderPosition after,
            Predicate<MailId> skips,
            ReadDeadline limit)
            throws MailFailure, InterruptedException {
        MailQuery query = wanted.toBuilder().newestFirst(false).build();
        try (ContextLoader loader = new ContextLoader()) {
            return new GraphArrivals(source, links, query, rule, maxBytes, limit)
                    .after(after, skips, maxTime().dividedBy(2));
        }
    }

    /** As {@link GraphLinks#end}. */
    @CheckForNull
    GraphPosition end(GraphSource source, String folder, ReadDeadline limit) throws MailFailure, InterruptedException {
        return links.end(source, folder, limit);
    }

    /** The present time, by the clock of this store. */
    @NonNull
    Instant instant() {
        return time().now();
    }

    /**
     * Looks for matching messages behind a checkpoint only.
     *
     * @param problems receives the ids of messages that cannot be read, each with the reason
     * @return the next checkpoint; null if the whole folder has to be read to know
     */
    @CheckForNull
    GraphCheckpoint since(
            GraphSource source,
            GraphCheckpoint begin,
            MailQuery query,
            ReadDeadline limit,
            Map<String, String> problems)
            throws MailFailure, InterruptedException {
        GraphPosition from = begin.position();
        if (!begin.isYoung(time().now())
                || !from.folder().equals(source.folders().id(query.folder(), limit))) {
            return null;
        }
        GraphDelta.Round round = source.round(query.folder(), from, limit);
        if (round == null || !round.complete()) {
            return null;
        }
        GraphReading reading = new GraphReading(source, query, rule, null, maxBytes, limit, collecting(problems));
        try (ContextLoader loader = new ContextLoader()) {
            WantedFields fields = WantedFields.and(query.headers());
            GraphSource.Found again = source.messages(begin.unreadable(), fields, query.folder(), limit, Duration.ZERO);
            for (GraphMessage message : again.messages().values()) {
                if (from.folder().equals(message.folder()) && !reading.full()) {
                    reading.take(message);
                }
            }
            GraphSource.Found fresh =
                    source.messages(round.without(from.done()), fields, query.folder(), limit, Duration.ZERO);
            for (GraphMessage message : GraphReading.inOrder(
                    source, query.folder(), fresh.messages().values(), limit)) {
                if (!reading.full()) {
                    reading.take(message);
                }
            }
            reading.report(again.unreadable());
            reading.report(fresh.unreadable());
        }
        if (!GraphCheckpoint.isPossible(query, problems.keySet())) {
            return null;
        }
        GraphPosition to = round.ids().isEmpty() ? from : links.behind(from, round);
        return begin.at(to, reading.mails().size(), problems.keySet());
    }

    /** Collects the ids of messages that cannot be read, each with the reason. */
    @NonNull
    Unreadable collecting(@NonNull Map<String, String> problems) {
        return (id, failure) -> problems.put(GraphId.of(client.mark(), id), failure.getMessage());
    }

    @Override
    @NonNull
    public FolderSession folder(@NonNull String name) {
        GraphClient patient = GraphClient.patient(mailbox, timeouts, time());
        return new GraphFolderSession(this, patient, folders.by(patient));
    }

    @Override
    @NonNull
    public List<MailId> change(
            @NonNull String folder,
            @NonNull List<MailId> ids,
            @NonNull MailChange change,
            @CheckForNull Consumer<String> notices,
            @NonNull Consumer<MailId> changed)
            throws MailFailure, InterruptedException {
        if (ids.isEmpty() || change.nothing()) {
            return List.of();
        }
        ReadDeadline limit = limit();
        GraphChange work = new GraphChange(client, folders, folder, ids, change);
        try {
            return patiently(limit, notices, () -> work.carryOut(limit));
        } finally {
            work.changed().forEach(changed);
        }
    }

    /** Does nothing: the HTTP connections belong to a shared client. */
    @Override
    public void close() {
        // Requests in progress end by themselves.
    }
}
