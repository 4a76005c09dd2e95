package io.jenkins.plugins.oauthmail.mail.graph;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.connect.Unreadable;
import io.jenkins.plugins.oauthmail.mail.model.AttachmentSink;
import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.mail.received.MailAssembler;
import io.jenkins.plugins.oauthmail.mail.received.PartWalker;
import io.jenkins.plugins.oauthmail.mail.received.QueryMatcher;
import io.jenkins.plugins.oauthmail.mail.received.ReadBudget;
import io.jenkins.plugins.oauthmail.mail.received.ReceivedHeaders;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads the messages that match a query. The server only compares what it compares exactly: times, and whether a message
 * is seen. Everything else is decided here, from the header where that is enough, otherwise from the whole message.
 */
final class GraphReading {
    private static final int MAX_CHECKED = 50_000;

    /** Messages of a page; their headers have some thousand bytes each. */
    private static final int MAX_PAGE = 50;

    /** Earlier than any message. The filter must also contain the property by which the server sorts. */
    private static final Instant EARLIEST = Instant.parse("1900-01-01T00:00:00Z");

    private final GraphSource source;
    private final MailQuery query;
    private final ReadDeadline limit;
    private final Unreadable unreadable;
    private final QueryMatcher match;
    private final QueryMatcher summaryMatch;
    private final MailAssembler assembler;
    private final WantedFields fields;
    private final List<ReceivedMail> mails = new ArrayList<>();

    /**
     * @param sink receives the attachments; null to list them only
     * @param maxBytes the most that the attachments may have together
     * @param unreadable called for each message that cannot be read
     */
    GraphReading(
            GraphSource source,
            MailQuery query,
            AuthenticationRule rule,
            @CheckForNull AttachmentSink sink,
            long maxBytes,
            ReadDeadline limit,
            Unreadable unreadable) {
        this.source = source;
        this.query = query;
        this.limit = limit;
        this.fields = WantedFields.and(query.headers());
        this.unreadable = unreadable;
        this.match = new QueryMatcher(query, rule);
        // Only the header shows what a message answers, and what a server vouches for.
        this.summaryMatch = new QueryMatcher(
                query.toBuilder()
                        .repliesTo(List.of())
                        .authenticated(false)
                        .from(query.authenticated() ? List.of() : query.from())
                        .build(),
                rule);
        this.assembler = new MailAssembler(sink, query, rule, new ReadBudget(maxBytes), limit);
    }

    /** The messages collected so far. */
    @NonNull
    List<ReceivedMail> mails() {
        return mails;
    }

    boolean full() {
        return mails.size() >= query.limit();
    }

    /** Reads the folder of the query, in the order of the query, until enough messages are found. */
    void folder() throws MailFailure, InterruptedException {
        String id = source.folders().id(query.folder(), limit);
        URI next = page(id, null);
        Set<String> listed = new HashSet<>();
        int checked = 0;
        while (next != null && !full()) {
            GraphPage page = source.page(next, fields, query.folder(), limit);
            for (GraphMessage message : page.messages()) {
                if (listed.add(message.id()) && !full()) {
                    take(message);
                }
                checked++;
            }
            next = next(id, page);
            if (next != null && !full() && checked >= MAX_CHECKED) {
                throw new MailFailure(
                        Layer.FOLDER, Messages.GraphReading_tooFew(checked, query.folder(), mails.size()));
            }
        }
    }

    /**
     * The next page. The server's own link counts messages from the beginning of the list, where others arrive or are
     * deleted meanwhile, so that some would be listed twice or not at all.
     */
    @CheckForNull
    private URI next(String folder, GraphPage page) throws MailFailure {
        String link = page.next();
        if (link == null) {
            return null;
        }
        URI given = source.client().given(link, true);
        List<GraphMessage> messages = page.messages();
        Instant first = messages.isEmpty() ? null : messages.get(0).received();
        Instant last =
                messages.isEmpty() ? null : messages.get(messages.size() - 1).received();
        boolean moves = first != null
                && last != null
                && !first.truncatedTo(ChronoUnit.SECONDS).equals(last.truncatedTo(ChronoUnit.SECONDS));
        return moves ? page(folder, last) : given;
    }

    /** @param from the time of the message to continue with; null to begin */
    private URI page(String folder, @CheckForNull Instant from) {
        return source.client().uri(GraphFolders.path(folder) + "/messages?" + options(from));
    }

    private String options(@CheckForNull Instant from) {
        String filter = "";
        Instant wanted = query.since();
        if (wanted != null || query.unseen() || from != null) {
            // It compares seconds.
            Instant since = wanted == null || wanted.isBefore(EARLIEST) ? EARLIEST : wanted;
            Instant second = from == null ? null : from.truncatedTo(ChronoUnit.SECONDS);
            boolean down = query.newestFirst();
            filter = "receivedDateTime ge " + (second == null || down ? since.truncatedTo(ChronoUnit.SECONDS) : second)
                    + (second == null || !down ? "" : " and receivedDateTime lt " + second.plusSeconds(1))
                    + (query.unseen() ? " and isRead eq false" : "");
        }
        int size = query.matchesAll() ? Math.min(query.limit(), MAX_PAGE) : MAX_PAGE;
        return (filter.isEmpty() ? "" : "$filter=" + GraphClient.encoded(filter) + "&")
                + "$orderby=receivedDateTime%20" + (query.newestFirst() ? "desc" : "asc")
                // The message to continue with is listed again.
                + "&$top=" + (from == null ? size : size + 1)
                + "&$select=" + GraphMessage.SELECT;
    }

    /**
     * Reads single messages, in the order of the query.
     *
     * @return the ids of those that are no longer in the folder
     */
    @NonNull
    List<MailId> single(@NonNull List<MailId> ids) throws MailFailure, InterruptedException {
        String folder = source.folders().id(query.folder(), limit);
        Map<String, MailId> wanted = new LinkedHashMap<>();
        for (MailId id : ids) {
            wanted.put(GraphId.of(source.client().mark(), id), id);
        }
        GraphSource.Found found = source.messages(wanted.keySet(), fields, query.folder(), limit, Duration.ZERO);
        found.messages().values().removeIf(message -> !folder.equals(message.folder()));
        wanted.keySet().removeAll(found.messages().keySet());
        wanted.keySet().removeAll(found.unreadable().keySet());
        List<GraphMessage> ordered =
                inOrder(source, query.folder(), found.messages().values(), limit);
        if (query.newestFirst()) {
            Collections.reverse(ordered);
        }
        for (GraphMessage message : ordered) {
            if (!full()) {
                take(message);
            }
        }
        report(found.unreadable());
        return List.copyOf(wanted.values());
    }

    /**
     * Messages in order of arrival; those of which the server does not say when they came, last. It reports
     * whole seconds but sorts by fractions of them, so it is asked for the order of those that arrived in the same second.
     */
    @NonNull
    static List<GraphMessage> inOrder(
            GraphSource source, String folder, Collection<GraphMessage> some, ReadDeadline limit)
            throws MailFailure, InterruptedException {
        TreeMap<Instant, List<GraphMessage>> bySecond = new TreeMap<>();
        for (GraphMessage message : some) {
            Instant received = message.received();
            Instant second = received == null ? Instant.MAX : received.truncatedTo(ChronoUnit.SECONDS);
            bySecond.computeIfAbsent(second, key -> new ArrayList<>()).add(message);
        }
        List<GraphMessage> ordered = new ArrayList<>();
        for (Map.Entry<Instant, List<GraphMessage>> second : bySecond.entrySet()) {
            List<GraphMessage> together = second.getValue();
            if (together.size() > 1 && !second.getKey().equals(Instant.MAX)) {
                List<String> ids = idsOf(source, folder, second.getKey(), together, limit);
                together.sort(Comparator.comparingInt(message -> ids.indexOf(message.id())));
            }
            ordered.addAll(together);
        }
        return ordered;
    }

    private static List<String> idsOf(
            GraphSource source, String folder, Instant second, List<GraphMessage> some, ReadDeadline limit)
            throws MailFailure, InterruptedException {
        String filter = GraphClient.encoded(
                "receivedDateTime ge " + second + " and receivedDateTime lt " + second.plusSeconds(1));
        URI uri = source.client()
                .uri(GraphFolders.path(source.folders().id(folder, limit)) + "/messages?$filter=" + filter
                        + "&$orderby=receivedDateTime%20asc&$top=1000&$select=id");
        List<String> ids = ids(source.page(uri, WantedFields.USUAL, folder, limit));
        if (some.stream().allMatch(message -> ids.contains(message.id()))) {
            return ids;
        }
        // Some have come since it was listed.
        source.forgetPages();
        return ids(source.page(uri, WantedFields.USUAL, folder, limit));
    }

    private static List<String> ids(GraphPage page) {
        return page.messages().stream().map(GraphMessage::id).toList();
    }

    /** Adds a message if it matches. */
    void take(@NonNull GraphMessage listed) throws MailFailure, InterruptedException {
        limit.step();
        if (!match.time(listed.received()) || !match.flags(listed.isSeen())) {
            return;
        }
        try {
            GraphMessage message = listed.headers() == null ? alone(listed) : listed;
            ReceivedMail mail = message == null || !mayMatch(message) ? null : mail(message);
            if (mail != null) {
                mails.add(mail);
            }
        } catch (IOException e) {
            if (e.getCause() instanceof MailFailure) {
                throw (MailFailure) e.getCause();
            }
            report(listed.id(), QuotedText.clean(e.getMessage()), e);
        } catch (UnreadableMessage e) {
            report(listed.id(), e);
        }
    }

    /** Returns null for a message that does not match, or no longer exists. */
    @CheckForNull
    private ReceivedMail mail(GraphMessage message)
            throws IOException, MailFailure, UnreadableMessage, InterruptedException {
        ReceivedHeaders headers = message.headers();
        return headers != null && message.complete() && assembler.needsEnvelopesOnly()
                ? assembler.envelope(message.about(source.client().mark()), headers)
                : whole(message);
    }

    /** Asks for what was not listed; returns null for a message that is no longer there. */
    @CheckForNull
    private GraphMessage alone(GraphMessage listed) throws MailFailure, UnreadableMessage, InterruptedException {
        GraphMessage message = source.alone(listed.id(), fields, query.folder(), limit);
        return message == null || !Objects.equals(message.folder(), listed.folder()) ? null : message;
    }

    /** A header that is too long even alone is read with the whole message. */
    private boolean mayMatch(GraphMessage message) {
        ReceivedHeaders headers = message.headers();
        return headers == null || (message.complete() ? match : summaryMatch).headers(headers);
    }

    /** Returns null for a message that does not match, or no longer exists. */
    @CheckForNull
    private ReceivedMail whole(GraphMessage message)
            throws IOException, MailFailure, UnreadableMessage, InterruptedException {
        FetchedMail mail = source.whole(message.id(), query.folder(), limit);
        if (mail == null) {
            return null;
        }
        try {
            ReceivedHeaders headers = mail.headers();
            if (!match.headers(headers)) {
                return null;
            }
            if (assembler.needsEnvelopesOnly()) {
                return assembler.envelope(message.about(source.client().mark()), headers);
            }
            PartWalker parts = mail.parts(limit);
            return match.parts(parts)
                    ? assembler.mail(message.about(source.client().mark()), headers, parts)
                    : null;
        } finally {
            source.mails().release(mail);
        }
    }

    /** Reports messages that cannot be read. */
    void report(@NonNull Map<String, UnreadableMessage> some) throws MailFailure {
        for (Map.Entry<String, UnreadableMessage> one : some.entrySet()) {
            report(one.getKey(), one.getValue());
        }
    }

    /** Reports a message that cannot be read. @param message its id */
    void report(@NonNull String message, @NonNull UnreadableMessage why) throws MailFailure {
        report(message, why.getMessage(), why);
    }

    private void report(String message, String why, Exception cause) throws MailFailure {
        MailId id = GraphId.mailId(source.client().mark(), message);
        unreadable.mail(
                id,
                new MailFailure(
                        Layer.MESSAGE, Messages.GraphReading_unreadable(id.value(), query.folder(), why), cause));
    }
}
