package io.jenkins.plugins.oauthmail.mail.graph;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.connect.ContextLoader;
import io.jenkins.plugins.oauthmail.mail.connect.FolderSession;
import io.jenkins.plugins.oauthmail.mail.connect.PatientStore;
import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.connect.Skipping;
import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.connect.Unreadable;
import io.jenkins.plugins.oauthmail.mail.model.Arrivals;
import io.jenkins.plugins.oauthmail.mail.model.AttachmentSink;
import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.MailChange;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.ReadResult;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
        String folder = source.folders().id(query.folder(), limit);
        GraphPosition begin = GraphPosition.of(after, client.mark(), folder).orElse(null);
        GraphDelta.Round round = begin == null ? null : source.round(query.folder(), folder, begin.link(), limit);
        boolean again = begin != null && round == null;
        if (again) {
            // Microsoft forgets links when it likes, and what has come since must not be lost with them.
            begin = links.again(begin, new GraphDelta(source.client(), query.folder(), folder)::from);
            round = source.round(query.folder(), folder, begin.link(), limit);
            if (round == null) {
                // That link is new, so there is nothing to forget.
                throw MailFailure.temporary(Layer.FOLDER, Messages.GraphDelta_noLink(client.endpoint()));
            }
        }
        if (round == null) {
            GraphPosition now = now(source, query.folder(), limit);
            if (now == null) {
                throw new MailFailure(
                        Layer.FOLDER, Messages.GraphStore_noDelta(client.endpoint(), QuotedText.clean(query.folder())));
            }
            return Arrivals.none(now.position(), after != null);
        }
        Duration reading = maxTime().dividedBy(2);
        GraphSource.Found fresh = messages(source, query, round, begin.done(), limit, reading);
        boolean nothing = fresh.messages().isEmpty() && fresh.unreadable().isEmpty();
        if (nothing && round.complete() && !again && links.isYoung(begin)) {
            return Arrivals.none(begin.position(), false);
        }
        GraphPosition end = links.behind(begin, round);
        try (ContextLoader loader = new ContextLoader()) {
            // If it forgets each link at once, it is not asked over and over.
            return arrivals(source, query, fresh, begin, end, round.complete() || again, skips, limit);
        }
    }

    private Arrivals arrivals(
            GraphSource source,
            MailQuery query,
            GraphSource.Found fresh,
            GraphPosition begin,
            GraphPosition end,
            boolean complete,
            Predicate<MailId> skips,
            ReadDeadline limit)
            throws MailFailure, InterruptedException {
        Skipping skipping = new Skipping(skips);
        GraphReading reading = new GraphReading(source, query, rule, null, maxBytes, limit, skipping);
        Set<String> done = new HashSet<>(begin.done());
        String current = null;
        try {
            for (GraphMessage message : inOrder(source, query, fresh, limit)) {
                current = message.id();
                reading.take(message);
                done.add(message.id());
                if (reading.full()) {
                    return new Arrivals(reading.mails(), skipping.problems(), rest(begin, done), true, false);
                }
            }
            for (Map.Entry<String, UnreadableMessage> one : fresh.unreadable().entrySet()) {
                reading.report(one.getKey(), one.getValue());
                done.add(one.getKey());
            }
        } catch (MailFailure failure) {
            if (Thread.currentThread().isInterrupted()) {
                throw failure;
            }
            if (done.size() == begin.done().size()) {
                if (current == null || limit.leaves(Duration.ZERO)) {
                    throw failure;
                }
                // It takes longer than a read may, by itself.
                skipping.mail(GraphId.mailId(client.mark(), current), failure);
                done.add(current);
            }
            // Else a few messages that take long would be fetched again and again.
            return new Arrivals(reading.mails(), skipping.problems(), rest(begin, done), true, false);
        }
        return fresh.complete()
                ? new Arrivals(reading.mails(), skipping.problems(), end.position(), !complete, false)
                : new Arrivals(reading.mails(), skipping.problems(), rest(begin, done), true, false);
    }

    /** What is listed under the same link, apart from some of it. */
    private static FolderPosition rest(GraphPosition begin, Set<String> done) {
        return new GraphPosition(begin.mailbox(), begin.folder(), begin.root(), begin.made(), begin.link(), done)
                .position();
    }

    /**
     * A position behind everything that is in a folder.
     *
     * @return null if the server does not list what is new
     */
    @CheckForNull
    GraphPosition now(GraphSource source, String name, ReadDeadline limit) throws MailFailure, InterruptedException {
        String folder = source.folders().id(name, limit);
        GraphPosition latest = links.latest(folder);
        if (latest != null) {
            GraphDelta.Round since = source.round(name, folder, latest.link(), limit);
            if (since == null) {
                links.forget(folder);
            } else if (since.complete()) {
                return since.ids().isEmpty() ? latest : links.follow(folder, latest.root(), since.link(), since.ids());
            }
        }
        GraphDelta.Round now = source.now(name, folder, limit);
        return now == null ? null : links.begin(folder, now.link(), now.ids());
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
        GraphDelta.Round round = source.round(query.folder(), from.folder(), from.link(), limit);
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
            GraphSource.Found fresh = messages(source, query, round, from.done(), limit, Duration.ZERO);
            for (GraphMessage message : inOrder(source, query, fresh, limit)) {
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

    /** The messages of a round; those that are already gone are left out. */
    private static GraphSource.Found messages(
            GraphSource source,
            MailQuery query,
            GraphDelta.Round round,
            Set<String> done,
            ReadDeadline limit,
            Duration reserve)
            throws MailFailure, InterruptedException {
        Set<String> ids = new HashSet<>(round.ids());
        ids.removeAll(done);
        return source.messages(ids, WantedFields.and(query.headers()), query.folder(), limit, reserve);
    }

    /** In order of arrival. */
    private static List<GraphMessage> inOrder(
            GraphSource source, MailQuery query, GraphSource.Found found, ReadDeadline limit)
            throws MailFailure, InterruptedException {
        return GraphReading.inOrder(source, query.folder(), found.messages().values(), limit);
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
            @CheckForNull Consumer<String> notices)
            throws MailFailure, InterruptedException {
        if (ids.isEmpty() || change.nothing()) {
            return List.of();
        }
        ReadDeadline limit = limit();
        GraphChange work = new GraphChange(client, folders, folder, ids, change);
        return patiently(limit, notices, () -> work.carryOut(limit));
    }

    /** Does nothing: the HTTP connections belong to a shared client. */
    @Override
    public void close() {
        // Requests in progress end by themselves.
    }
}
