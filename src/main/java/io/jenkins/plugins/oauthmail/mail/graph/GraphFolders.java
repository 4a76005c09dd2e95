package io.jenkins.plugins.oauthmail.mail.graph;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Finds folders by the names that IMAP uses, with {@code /} between levels: those that people see, in the language of
 * the mailbox, except for INBOX. The names that Microsoft Graph gives to the usual folders are accepted as well.
 */
final class GraphFolders {
    private static final int SHOWN = 15;

    private static final Set<String> WELL_KNOWN =
            Set.of("inbox", "archive", "drafts", "sentitems", "deleteditems", "junkemail", "outbox");

    /**
     * How long it is taken for granted that a name means the same folder. A folder that was renamed or deleted keeps its
     * id, and deleted ones can still be used, while another folder may have got its name.
     */
    private static final Duration MAX_AGE = Duration.ofMinutes(1);

    private final GraphClient client;
    private final TimeSource time;
    private final Map<String, Known> ids;

    private record Known(String id, Instant since) {}

    GraphFolders(GraphClient client, TimeSource time) {
        this(client, time, new ConcurrentHashMap<>());
    }

    private GraphFolders(GraphClient client, TimeSource time, Map<String, Known> ids) {
        this.client = client;
        this.time = time;
        this.ids = ids;
    }

    /** The same folders, with another client asking for those that are not known yet. */
    @NonNull
    GraphFolders by(@NonNull GraphClient other) {
        return new GraphFolders(other, time, ids);
    }

    /**
     * The id of a folder, asked for once in a while.
     *
     * @throws MailFailure if there is no such folder
     */
    @NonNull
    String id(@NonNull String name, @NonNull ReadDeadline limit) throws MailFailure, InterruptedException {
        Instant now = time.now();
        Known known = ids.get(name);
        // The inbox can be neither renamed nor deleted.
        if (known != null
                && (CaseFolding.equalsAscii(name, MailQuery.INBOX)
                        || known.since().plus(MAX_AGE).isAfter(now))) {
            return known.id();
        }
        String id = find(name, limit);
        ids.put(name, new Known(id, now));
        return id;
    }

    /** To be called if a folder was not found by its id, because it may have been replaced. */
    void forget() {
        ids.clear();
    }

    private String find(String name, ReadDeadline limit) throws MailFailure, InterruptedException {
        String[] levels = name.matches("/+") ? new String[] {name} : name.split("/");
        boolean inbox = CaseFolding.equalsAscii(levels[0], MailQuery.INBOX);
        String id = inbox ? wellKnown("inbox", name, limit) : child("mailFolders", levels[0], name, limit);
        if (id == null && levels.length == 1 && WELL_KNOWN.contains(CaseFolding.asciiLower(name))) {
            id = wellKnown(CaseFolding.asciiLower(name), name, limit);
        }
        for (int level = 1; level < levels.length && id != null; level++) {
            id = child(path(id) + "/childFolders", levels[level], name, limit);
        }
        if (id == null) {
            throw new MailFailure(Layer.FOLDER, missing(name, limit));
        }
        return id;
    }

    @NonNull
    static String path(@NonNull String id) {
        return "mailFolders/" + GraphClient.encoded(id);
    }

    @CheckForNull
    private String wellKnown(String known, String name, ReadDeadline limit) throws MailFailure, InterruptedException {
        GraphAnswer answer = client.ask(GraphCall.get(client.uri("mailFolders/" + known + "?$select=id")), limit);
        return GraphSource.isGone(answer) ? null : client.text(answer, "id", Layer.FOLDER, notOpened(name));
    }

    @CheckForNull
    private String child(String list, String level, String name, ReadDeadline limit)
            throws MailFailure, InterruptedException {
        String filter = GraphClient.encoded("displayName eq '" + level.replace("'", "''") + "'");
        List<Map<String, Object>> found = list(list + "?$filter=" + filter + "&$select=id,displayName", name, limit);
        return found.isEmpty() ? null : client.text(found.get(0), "id", Layer.FOLDER, notOpened(name));
    }

    private List<Map<String, Object>> list(String path, String name, ReadDeadline limit)
            throws MailFailure, InterruptedException {
        GraphAnswer answer = client.ask(GraphCall.get(client.uri(path)), limit);
        return client.list(answer, Layer.FOLDER, notOpened(name));
    }

    private String missing(String name, ReadDeadline limit) throws MailFailure, InterruptedException {
        String folders = list("mailFolders?$select=displayName&$top=100", name, limit).stream()
                .map(folder -> Json.string(folder, "displayName"))
                .limit(SHOWN)
                .map(QuotedText::quoted)
                .collect(Collectors.joining(", "));
        return Messages.GraphFolders_missing(client.endpoint(), QuotedText.clean(name), folders);
    }

    private String notOpened(String name) {
        return Messages.GraphFolders_notOpened(client.endpoint(), QuotedText.clean(name));
    }
}
