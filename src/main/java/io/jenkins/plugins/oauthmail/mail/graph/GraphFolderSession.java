package io.jenkins.plugins.oauthmail.mail.graph;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.connect.FolderSession;
import io.jenkins.plugins.oauthmail.mail.model.Arrivals;
import io.jenkins.plugins.oauthmail.mail.model.FolderCheckpoint;
import io.jenkins.plugins.oauthmail.mail.model.FolderLook;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReadResult;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Reads one folder for many with Microsoft Graph. Lists and messages are fetched once for all. */
final class GraphFolderSession implements FolderSession {
    private final GraphStore store;
    private final GraphClient client;
    private final GraphSource source;
    /** The results since the last refresh that are empty, and so need hardly any memory. */
    private final Map<MailQuery, FolderLook> empty = new HashMap<>();

    /** Behind what was in the folder before it was listed; null if the server has no such position. */
    private GraphPosition listed;

    private boolean asked;

    GraphFolderSession(GraphStore store, GraphClient client, GraphFolders folders) {
        this.store = store;
        this.client = client;
        this.source = new GraphSource(client, folders, true);
    }

    @Override
    public void refresh(int askers) {
        source.refresh();
        listed = null;
        asked = false;
        empty.clear();
    }

    @Override
    @NonNull
    public FolderLook look(@NonNull MailQuery query, @CheckForNull FolderCheckpoint since, int enough)
            throws MailFailure, InterruptedException {
        client.check();
        FolderLook known = empty.get(query);
        if (known != null) {
            return known;
        }
        GraphCheckpoint before = enough > 0 ? GraphCheckpoint.usable(since, query, store.rule()) : null;
        if (before != null) {
            Map<String, String> problems = new LinkedHashMap<>();
            GraphCheckpoint now = store.since(source, before, query, store.limit(), problems);
            if (now != null && now.found() < enough) {
                return new FolderLook(false, new ReadResult(List.of(), distinct(problems), List.of()), now);
            }
        }
        if (!asked && enough > 0 && GraphCheckpoint.isPossible(query)) {
            // Before the folder is listed, so that nothing is in front of the position without being listed.
            listed = store.end(source, query.folder(), store.limit());
            // Somebody whose look cannot be continued may have listed the folder before.
            source.forgetPages();
            asked = true;
        }
        Map<String, String> problems = new LinkedHashMap<>();
        Instant begin = store.instant();
        ReadResult read = store.read(source, query, null, store.limit(), store.collecting(problems));
        boolean all = listed != null
                && GraphCheckpoint.isPossible(query, problems.keySet())
                && read.mails().size() < query.limit();
        FolderLook look = new FolderLook(
                true,
                new ReadResult(read.mails(), distinct(problems), read.gone()),
                all
                        ? new GraphCheckpoint(
                                query, store.rule(), listed, read.mails().size(), begin, problems.keySet())
                        : null);
        if (read.mails().isEmpty()) {
            empty.put(query, look);
        }
        return look;
    }

    private static List<String> distinct(Map<String, String> problems) {
        return problems.values().stream().distinct().toList();
    }

    @Override
    @NonNull
    public Arrivals arrivals(
            @NonNull MailQuery query, @CheckForNull FolderPosition after, @NonNull Predicate<MailId> skips)
            throws MailFailure, InterruptedException {
        return store.arrivals(source, query, after, skips, store.limit());
    }

    @Override
    public void abort() {
        client.abort();
    }

    @Override
    public void close() {
        source.close();
    }
}
