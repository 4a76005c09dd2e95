package io.jenkins.plugins.oauthmail.mail.graph;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Lists what has come into a folder since a certain time.
 *
 * @see <a href="https://learn.microsoft.com/graph/delta-query-messages">Get incremental changes to messages</a>
 */
final class GraphDelta {
    private static final int PAGE = 50;

    /**
     * So many messages of the folder have a date from which a new link lists. It also lists what somebody moves into the
     * folder unless that is older.
     */
    private static final int REACH = 500;

    /** Of these, only the ids are needed. */
    private static final int REACH_PAGE = 200;

    /** Messages to list in one round; the others follow in the next one. */
    private static final int MAX_ROUND = 200;

    /** A server that always names a next page would be asked forever. */
    private static final int MAX_PAGES = 1000;

    /** Earlier than any message. */
    private static final String LONG_AGO = "2000-01-01T00:00:00Z";

    /** How far apart the clocks of Microsoft's servers are at most. */
    private static final Duration CLOCKS = Duration.ofMinutes(10);

    /** Usually said with the status 410. */
    private static final Pattern FORGOTTEN =
            Pattern.compile("syncState(NotFound|Invalid)|resyncRequired", Pattern.CASE_INSENSITIVE);

    /** What the server says in a link about where it was made. */
    private static final Pattern STATE = Pattern.compile("(?i)[?&](\\$|%24)?(delta|skip)token=");

    /** The same for the next page. */
    private static final Pattern REST = Pattern.compile("(?i)[?&](\\$|%24)?skiptoken=");

    /** A link by {@link #from}. */
    private static final Pattern BY_DATE = Pattern.compile("/messages\\?\\$filter=");

    /** The most that the server lists at once. */
    private static final int MAX_LISTED = 1000;

    private final GraphClient client;
    private final String folder;
    private final String folderId;

    /** @param folder the name of the folder, for sentences */
    GraphDelta(GraphClient client, String folder, String folderId) {
        this.client = client;
        this.folder = folder;
        this.folderId = folderId;
    }

    /**
     * What was listed.
     *
     * @param ids the messages, in no particular order
     * @param link lists what comes later
     * @param complete whether there was nothing more
     * @param again those that are listed again under that link
     */
    record Round(
            @NonNull List<String> ids,
            @NonNull String link,
            boolean complete,
            @NonNull Set<String> again) {

        Round(@NonNull List<String> ids, @NonNull String link, boolean complete) {
            this(ids, link, complete, Set.of());
        }

        /** The messages apart from some. */
        @NonNull
        Set<String> without(@NonNull Set<String> done) {
            Set<String> rest = new LinkedHashSet<>(ids);
            rest.removeAll(done);
            return rest;
        }
    }

    /**
     * The link for what comes from now on.
     *
     * @return with the messages that were listed on the way; null if the server lists no changes
     */
    @CheckForNull
    Round now(@NonNull ReadDeadline limit) throws MailFailure, InterruptedException {
        String oldest =
                "/messages?$orderby=receivedDateTime%20desc&$top=1&$skip=" + (REACH - 1) + "&$select=receivedDateTime";
        GraphAnswer answer = client.ask(GraphCall.get(client.uri(GraphFolders.path(folderId) + oldest)), limit);
        List<Map<String, Object>> some = client.list(answer, Layer.FOLDER, refused());
        Instant since = some.isEmpty() ? null : GraphMessage.time(Json.string(some.get(0), "receivedDateTime"));
        Instant there = answer.date();
        if (since != null && there != null && since.isAfter(there)) {
            // A message that was imported may have a date to come, and nothing would be listed behind it until then.
            since = there.minus(CLOCKS);
        }
        // The time of the server, which may differ from ours.
        String link = link(since == null ? LONG_AGO : seconds(since));
        List<String> listed = new ArrayList<>();
        boolean complete = false;
        for (int pages = 0; !complete; pages++) {
            checkEnd(pages);
            GraphAnswer page = client.ask(GraphCall.page(client.given(link, true), REACH_PAGE), limit);
            if (isUnsupported(page)) {
                return null;
            }
            if (isForgotten(page)) {
                throw forgotten();
            }
            Round round = round(client.object(page, Layer.FOLDER, refused()));
            listed.addAll(round.ids());
            link = round.link();
            complete = round.complete();
        }
        return new Round(listed, link, true);
    }

    /**
     * A link for what has a date from a certain second on. It does not become invalid and lists the oldest first, however
     * many there are, of which Microsoft lists only some thousands as changes.
     */
    @NonNull
    String from(@NonNull Instant since) {
        String filter = GraphClient.encoded("receivedDateTime ge " + seconds(since));
        return client.uri(GraphFolders.path(folderId) + "/messages?$filter=" + filter
                        + "&$orderby=receivedDateTime%20asc&$select=id,receivedDateTime")
                .toString();
    }

    private static String seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private String link(String since) {
        String filter = GraphClient.encoded("receivedDateTime ge " + since);
        return client.uri(GraphFolders.path(folderId) + "/messages/delta?changeType=created&$filter=" + filter
                        + "&$select=id,receivedDateTime")
                .toString();
    }

    private static boolean isUnsupported(GraphAnswer answer) {
        return answer.status() == 501
                || (answer.status() == GraphAnswer.BAD_REQUEST || answer.status() == GraphAnswer.NOT_FOUND)
                        && answer.code()
                                .matches("(?i)BadRequest|UnsupportedQueryOption|Request_BadRequest|NotSupported");
    }

    /**
     * Lists what has come since.
     *
     * @param known how many of those under a link by {@link #from} are known
     * @return null if the server no longer knows since when
     */
    @CheckForNull
    Round since(@NonNull String link, int known, @NonNull ReadDeadline limit) throws MailFailure, InterruptedException {
        if (isByDate(link)) {
            return byDate(link, known, limit);
        }
        List<String> ids = new ArrayList<>();
        Round round = new Round(List.of(), link, false);
        for (int pages = 0; !round.complete() && ids.size() < MAX_ROUND; pages++) {
            checkEnd(pages);
            GraphAnswer answer = client.ask(GraphCall.page(client.given(round.link(), true), PAGE), limit);
            if (isForgotten(answer) || isObjection(answer) && isOfServer(round.link())) {
                return null;
            }
            round = round(client.object(answer, Layer.FOLDER, refused()));
            ids.addAll(round.ids());
        }
        return new Round(ids, round.link(), round.complete());
    }

    private Round byDate(String link, int known, ReadDeadline limit) throws MailFailure, InterruptedException {
        int most = Math.min(MAX_LISTED, MAX_ROUND + known);
        GraphAnswer answer = client.ask(GraphCall.get(client.given(link + "&$top=" + most, true)), limit);
        Map<String, Object> page = client.object(answer, Layer.FOLDER, refused());
        Map<String, Instant> listed = new LinkedHashMap<>();
        Instant last = null;
        for (Map<String, Object> json : client.list(page, Layer.FOLDER, refused())) {
            Instant received = GraphMessage.time(Json.string(json, "receivedDateTime"));
            Instant second = received == null ? last : received.truncatedTo(ChronoUnit.SECONDS);
            listed.put(client.text(json, "id", Layer.FOLDER, refused()), second);
            last = second;
        }
        List<String> ids = List.copyOf(listed.keySet());
        if (Json.string(page, "@odata.nextLink") == null) {
            return new Round(ids, link, true);
        }
        String next = last == null ? link : from(last);
        if (next.equals(link) && ids.size() <= known) {
            // More in one second than it lists at once.
            throw MailFailure.temporary(
                    Layer.FOLDER, Messages.GraphDelta_endless(client.endpoint(), QuotedText.clean(folder), 1));
        }
        Instant end = last;
        Set<String> again = new HashSet<>(ids);
        again.removeIf(id -> !Objects.equals(end, listed.get(id)));
        return new Round(ids, next, false, again);
    }

    /** Whether a link lists by date, and not what has changed. */
    private static boolean isByDate(String link) {
        return BY_DATE.matcher(link).find();
    }

    /** The failure if the server no longer knows a link that is new, which should pass. */
    private MailFailure forgotten() {
        return MailFailure.temporary(Layer.FOLDER, Messages.GraphDelta_noLink(client.endpoint()));
    }

    private static boolean isForgotten(GraphAnswer answer) {
        return answer.status() == GraphAnswer.GONE
                || FORGOTTEN.matcher(answer.code()).matches();
    }

    /** Microsoft names no code for a link that it no longer understands. */
    private static boolean isObjection(GraphAnswer answer) {
        return answer.status() == GraphAnswer.BAD_REQUEST;
    }

    /** Whether the server made the link, so that what it objects to is what it said itself. */
    private static boolean isOfServer(String link) {
        return STATE.matcher(link).find();
    }

    /**
     * Whether a list begins at a link. Otherwise it is the rest of one that began earlier, without what has come since, which
     * is listed under another link in the end.
     */
    static boolean beginsList(@NonNull String link) {
        return !REST.matcher(link).find();
    }

    private void checkEnd(int pages) throws MailFailure {
        if (pages >= MAX_PAGES) {
            throw MailFailure.temporary(
                    Layer.FOLDER, Messages.GraphDelta_endless(client.endpoint(), QuotedText.clean(folder), pages));
        }
    }

    private Round round(Map<String, Object> page) throws MailFailure {
        List<String> ids = new ArrayList<>();
        for (Map<String, Object> json : client.list(page, Layer.FOLDER, refused())) {
            if (!json.containsKey("@removed")) {
                ids.add(client.text(json, "id", Layer.FOLDER, refused()));
            }
        }
        String next = Json.string(page, "@odata.nextLink");
        String delta = Json.string(page, "@odata.deltaLink");
        if (next == null && delta == null) {
            throw new MailFailure(Layer.FOLDER, Messages.GraphDelta_noLink(client.endpoint()));
        }
        return next != null ? new Round(ids, next, false) : new Round(ids, delta, true);
    }

    private String refused() {
        return Messages.GraphDelta_refused(client.endpoint(), QuotedText.clean(folder));
    }
}
