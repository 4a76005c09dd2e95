package io.jenkins.plugins.oauthmail.testing.mail;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Lists the messages of a folder as a {@link GraphFake} does: filtered, in order, page by page. */
final class GraphList {
    private static final int PAGE = 10;

    private final GraphMailboxes mailboxes;
    private final GraphFake fake;

    GraphList(GraphMailboxes mailboxes, GraphFake fake) {
        this.mailboxes = mailboxes;
        this.fake = fake;
    }

    GraphReply page(String user, String folder, GraphRequest request) {
        String filter = request.option("$filter");
        String order = request.option("$orderby");
        if (request.option("$search") != null && (filter != null || order != null)) {
            throw new GraphReply.Refused(
                    400, "SearchWithFilter", "The query parameter '$filter' is not supported with '$search'.");
        }
        if (filter != null && order != null && fake.has(GraphTrait.REFUSES_INEFFICIENT_FILTERS)) {
            String first = order.split(" ")[0];
            if (!filter.startsWith(first + " ")) {
                throw new GraphReply.Refused(
                        400, "InefficientFilter", "The restriction or sort order is too complex for this operation.");
            }
        }
        List<GraphMailboxes.Place> found = new ArrayList<>();
        for (GraphMailboxes.Place place : mailboxes.all(user, folder)) {
            if (matches(place, filter)) {
                found.add(place);
            }
        }
        if ("receivedDateTime desc".equals(order) || order == null) {
            Collections.reverse(found);
            found.sort(Comparator.comparing(mailboxes::received).reversed());
        } else if ("receivedDateTime".equals(order) || "receivedDateTime asc".equals(order)) {
            found.sort(Comparator.comparing(mailboxes::received));
        } else {
            throw new GraphReply.Refused(400, "BadRequest", "Cannot order by " + order);
        }
        String top = request.option("$top");
        int size = top == null ? request.pageSize(PAGE) : Math.min(1000, Integer.parseInt(top));
        String skip = request.option("$skip");
        int from = skip == null ? 0 : Integer.parseInt(skip);
        List<Object> values = new ArrayList<>();
        int to = Math.min(found.size(), from + size);
        for (GraphMailboxes.Place place : found.subList(Math.min(from, to), to)) {
            values.add(mailboxes.object(place, request));
        }
        Map<String, Object> page = GraphFake.object("value", values);
        if (to < found.size()) {
            page.put("@odata.nextLink", request.again(Map.of("$skip", Integer.toString(to))));
        }
        return GraphReply.json(200, page);
    }

    private boolean matches(GraphMailboxes.Place place, String filter) {
        if (filter == null) {
            return true;
        }
        for (String condition : filter.split(" and ")) {
            String[] words = condition.split(" ");
            boolean fits =
                    switch (words[0] + " " + words[1]) {
                        case "receivedDateTime ge" -> !mailboxes.received(place).isBefore(Instant.parse(words[2]));
                        case "receivedDateTime lt" -> mailboxes.received(place).isBefore(Instant.parse(words[2]));
                        case "isRead eq" -> mailboxes.seen(place) == Boolean.parseBoolean(words[2]);
                        default ->
                            throw new GraphReply.Refused(
                                    400,
                                    "ErrorInvalidUrlQueryFilter",
                                    "The query filter contains one or more invalid nodes.");
                    };
            if (!fits) {
                return false;
            }
        }
        return true;
    }
}
