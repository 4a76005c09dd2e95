package io.jenkins.plugins.oauthmail.testing.mail;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Lists what has changed in a folder, as a {@link GraphFake} does: page by page, then a link to what comes later. */
final class GraphChanges {
    private static final int PAGE = 10;
    private static final int FEW = 300;
    private static final String PREFIX = "receivedDateTime ge ";

    private final GraphMailboxes mailboxes;
    private final GraphFake fake;
    private final Map<String, State> states = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();

    /**
     * @param known the messages that were listed before
     * @param rest the messages of this round that are still to be listed
     */
    private record State(Instant since, Set<GraphMailboxes.Place> known, List<GraphMailboxes.Place> rest) {}

    GraphChanges(GraphMailboxes mailboxes, GraphFake fake) {
        this.mailboxes = mailboxes;
        this.fake = fake;
    }

    void forget() {
        states.clear();
    }

    GraphReply list(String user, String folder, GraphRequest request) {
        if (fake.has(GraphTrait.HAS_NO_DELTA)) {
            throw new GraphReply.Refused(400, "BadRequest", "Resource not found for the segment 'delta'.");
        }
        String skip = request.option("$skiptoken");
        String delta = request.option("$deltatoken");
        State state;
        if (skip == null && delta == null) {
            state = round(user, folder, since(request), Set.of());
        } else {
            State before = states.get(skip == null ? delta : skip);
            if (before == null) {
                throw new GraphReply.Refused(410, "SyncStateNotFound", "The sync state generation is not found.");
            }
            state = skip != null ? before : round(user, folder, before.since(), before.known());
        }
        int to = Math.min(state.rest().size(), request.pageSize(PAGE));
        List<Object> values = new ArrayList<>();
        for (GraphMailboxes.Place place : state.rest().subList(0, to)) {
            try {
                values.add(mailboxes.object(place, request));
            } catch (GraphReply.Refused gone) {
                values.add(
                        GraphFake.object("id", mailboxes.id(place), "@removed", GraphFake.object("reason", "deleted")));
            }
        }
        Map<String, Object> page = GraphFake.object("value", values);
        List<GraphMailboxes.Place> rest = state.rest().subList(to, state.rest().size());
        String token = "state-" + count.incrementAndGet();
        states.put(token, new State(state.since(), state.known(), List.copyOf(rest)));
        page.put(
                rest.isEmpty() ? "@odata.deltaLink" : "@odata.nextLink",
                request.link(rest.isEmpty() ? "$deltatoken" : "$skiptoken", token));
        return GraphReply.json(200, page);
    }

    private State round(String user, String folder, Instant since, Set<GraphMailboxes.Place> known) {
        List<GraphMailboxes.Place> rest = new ArrayList<>();
        Set<GraphMailboxes.Place> all = new HashSet<>(known);
        for (GraphMailboxes.Place place : mailboxes.all(user, folder)) {
            if (all.add(place) && !mailboxes.received(place).isBefore(since)) {
                rest.add(place);
            }
        }
        if (fake.has(GraphTrait.LISTS_CHANGES_IN_ANY_ORDER)) {
            Collections.reverse(rest);
        }
        boolean few = known.isEmpty() && fake.has(GraphTrait.LISTS_FEW_CHANGES);
        return new State(since, all, few ? rest.subList(0, Math.min(FEW, rest.size())) : rest);
    }

    private static Instant since(GraphRequest request) {
        String filter = request.option("$filter");
        if (filter == null) {
            return Instant.MIN;
        }
        if (!filter.startsWith(PREFIX) || filter.contains(" and ")) {
            throw new GraphReply.Refused(
                    400, "ErrorInvalidUrlQueryFilter", "Change tracking is not supported with this filter.");
        }
        return Instant.parse(filter.substring(PREFIX.length()));
    }
}
