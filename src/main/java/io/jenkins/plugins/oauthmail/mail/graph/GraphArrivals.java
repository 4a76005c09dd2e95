package io.jenkins.plugins.oauthmail.mail.graph;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.connect.Skipping;
import io.jenkins.plugins.oauthmail.mail.model.Arrivals;
import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/** Reads what has come into a folder since a position, and returns the position behind what was read. */
final class GraphArrivals {
    private final GraphSource source;
    private final GraphLinks links;
    private final MailQuery query;
    private final AuthenticationRule rule;
    private final long maxBytes;
    private final ReadDeadline limit;

    /**
     * @param query asks for the oldest messages first
     * @param rule decides whether the receiving server vouches for a sender
     * @param maxBytes as for {@link GraphReading}
     */
    GraphArrivals(
            @NonNull GraphSource source,
            @NonNull GraphLinks links,
            @NonNull MailQuery query,
            @NonNull AuthenticationRule rule,
            long maxBytes,
            @NonNull ReadDeadline limit) {
        this.source = source;
        this.links = links;
        this.query = query;
        this.rule = rule;
        this.maxBytes = maxBytes;
        this.limit = limit;
    }

    /**
     * What has come.
     *
     * @param position null to begin now
     * @param skips whether a message that cannot be read is skipped
     * @param reading the time to leave for reading what was listed
     */
    @NonNull
    Arrivals after(@CheckForNull FolderPosition position, @NonNull Predicate<MailId> skips, @NonNull Duration reading)
            throws MailFailure, InterruptedException {
        String folder = source.folders().id(query.folder(), limit);
        GraphDelta delta = new GraphDelta(source.client(), query.folder(), folder);
        Instant time = position == null ? null : position.time();
        GraphPosition begin = time == null
                ? GraphPosition.of(position, source.client().mark(), folder).orElse(null)
                : links.since(folder, time, delta::from);
        if (begin == null) {
            return Arrivals.none(end().position(), position != null);
        }
        // Made before the list of the others begins, so that nothing is behind neither of them.
        boolean begins = !begin.reaching() && GraphDelta.beginsList(begin.link());
        GraphDelta.Round now = begins ? now(folder) : null;
        GraphDelta.Round round = source.round(query.folder(), begin, limit);
        if (round == null) {
            // Microsoft forgets links when it likes, and what has come since must not be lost with them.
            begin = links.again(begin, delta::from);
            now = now(folder);
            round = Objects.requireNonNull(source.round(query.folder(), begin, limit));
        }
        GraphSource.Found fresh = source.messages(
                round.without(begin.done()), WantedFields.and(query.headers()), query.folder(), limit, reading);
        boolean nothing = fresh.messages().isEmpty() && fresh.unreadable().isEmpty();
        if (nothing && round.complete() && begin.reaching() && links.isYoung(begin)) {
            return Arrivals.none(begin.position(), false);
        }
        GraphPosition end =
                now == null || !round.complete() ? links.behind(begin, round) : links.behind(begin, round, now);
        return read(fresh, begin, end, !round.complete(), skips);
    }

    private GraphPosition end() throws MailFailure, InterruptedException {
        return existing(links.end(source, query.folder(), limit));
    }

    private GraphDelta.Round now(String folder) throws MailFailure, InterruptedException {
        return existing(source.now(query.folder(), folder, limit));
    }

    private <T> T existing(@CheckForNull T place) throws MailFailure {
        if (place == null) {
            throw new MailFailure(
                    Layer.FOLDER,
                    Messages.GraphArrivals_noDelta(source.client().endpoint(), QuotedText.clean(query.folder())));
        }
        return place;
    }

    /** @param more whether more is listed behind the end */
    private Arrivals read(
            GraphSource.Found fresh, GraphPosition begin, GraphPosition end, boolean more, Predicate<MailId> skips)
            throws MailFailure, InterruptedException {
        Skipping skipping = new Skipping(skips);
        GraphReading reading = new GraphReading(source, query, rule, null, maxBytes, limit, skipping);
        Set<String> done = new HashSet<>(begin.done());
        String current = null;
        boolean all = false;
        try {
            for (GraphMessage message : GraphReading.inOrder(
                    source, query.folder(), fresh.messages().values(), limit)) {
                current = message.id();
                reading.take(message);
                done.add(message.id());
                if (reading.full()) {
                    return arrivals(reading, skipping, begin.without(done), true);
                }
            }
            for (Map.Entry<String, UnreadableMessage> one : fresh.unreadable().entrySet()) {
                reading.report(one.getKey(), one.getValue());
                done.add(one.getKey());
            }
            all = fresh.complete();
        } catch (MailFailure failure) {
            if (Thread.currentThread().isInterrupted()) {
                throw failure;
            }
            if (done.size() == begin.done().size()) {
                if (current == null || limit.leaves(Duration.ZERO)) {
                    throw failure;
                }
                // It takes longer than a read may, by itself.
                skipping.mail(GraphId.mailId(source.client().mark(), current), failure);
                done.add(current);
            }
            // Else a few messages that take long would be fetched again and again.
        }
        return all ? arrivals(reading, skipping, end, more) : arrivals(reading, skipping, begin.without(done), true);
    }

    private static Arrivals arrivals(GraphReading reading, Skipping skipping, GraphPosition position, boolean more) {
        return new Arrivals(reading.mails(), skipping.problems(), position.position(), more, false);
    }
}
