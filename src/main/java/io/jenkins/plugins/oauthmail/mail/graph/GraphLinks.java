package io.jenkins.plugins.oauthmail.mail.graph;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Has all who read a folder continue from the same link, so that what comes later is listed once for all of them. The
 * server gives each a link of its own. Thread-safe.
 */
final class GraphLinks {

    /** A link is replaced after this time even if nothing has come, as it might expire. */
    private static final Duration MAX_AGE = Duration.ofHours(1);

    /** How much later a message may be listed than its date says, by our clock, which may be fast. */
    private static final Duration LATE = Duration.ofMinutes(10);

    private final String mailbox;
    private final TimeSource time;
    private final Map<String, Latest> latest = new ConcurrentHashMap<>();

    /** @param listed what was listed when the link was made */
    private record Latest(GraphPosition position, Set<String> listed) {}

    /** @param mailbox see {@link io.jenkins.plugins.oauthmail.mail.model.Mailbox#mark} */
    GraphLinks(String mailbox, TimeSource time) {
        this.mailbox = mailbox;
        this.time = time;
    }

    boolean isYoung(@NonNull GraphPosition position) {
        return position.made().plus(MAX_AGE).isAfter(time.now());
    }

    /** Where somebody last arrived in a folder; null if that is unknown or too long ago. */
    @CheckForNull
    GraphPosition latest(@NonNull String folder) {
        Latest known = latest.get(folder);
        return known == null || !isYoung(known.position()) ? null : known.position();
    }

    /** A position before what came at a time or later. @param link as for {@link #again} */
    @NonNull
    GraphPosition since(@NonNull String folder, @NonNull Instant time, @NonNull Function<Instant, String> link) {
        return new GraphPosition(mailbox, folder, time, false, time, link.apply(time), Set.of());
    }

    /**
     * A position from which is listed again what may have come behind another one, whose link the server no longer knows,
     * and a little of what was in front of that.
     *
     * @param since makes the link for what has a date from a certain time on
     */
    @NonNull
    GraphPosition again(@NonNull GraphPosition lost, @NonNull Function<Instant, String> since) {
        Instant begin = lost.made().minus(LATE);
        // What came before somebody began to look is not new.
        Instant earliest = begin.isBefore(lost.root()) ? lost.root() : begin;
        return new GraphPosition(
                mailbox, lost.folder(), earliest, false, lost.made(), since.apply(earliest), lost.done());
    }

    /**
     * A position behind everything that is in a folder.
     *
     * @param name of the folder
     * @return null if the server does not list what is new
     */
    @CheckForNull
    GraphPosition end(@NonNull GraphSource source, @NonNull String name, @NonNull ReadDeadline limit)
            throws MailFailure, InterruptedException {
        String folder = source.folders().id(name, limit);
        GraphPosition latest = latest(folder);
        if (latest != null) {
            GraphDelta.Round since = source.round(name, latest, limit);
            if (since == null) {
                this.latest.remove(folder);
            } else if (since.complete()) {
                return since.ids().isEmpty() ? latest : follow(latest, since);
            }
        }
        GraphDelta.Round now = source.now(name, folder, limit);
        return now == null ? null : latest(folder, time.now(), true, now.link(), now.ids());
    }

    private GraphPosition follow(GraphPosition begin, GraphDelta.Round round) {
        return latest(begin.folder(), begin.root(), begin.reaching(), round.link(), round.ids());
    }

    private GraphPosition latest(String folder, Instant root, boolean reaching, String link, List<String> listed) {
        GraphPosition position = new GraphPosition(mailbox, folder, root, reaching, time.now(), link, Set.of());
        latest.put(folder, new Latest(position, Set.copyOf(listed)));
        return position;
    }

    /**
     * The position behind what was listed under a link that lists only what has a later date than it.
     *
     * @param begin where that was listed from
     * @param now a new link, made before that was listed, and what was in the folder then
     */
    @NonNull
    GraphPosition behind(@NonNull GraphPosition begin, @NonNull GraphDelta.Round round, @NonNull GraphDelta.Round now) {
        return latest(begin.folder(), begin.root(), true, now.link(), now.ids())
                .without(round.without(Set.copyOf(now.ids())));
    }

    /**
     * The position behind what was listed.
     *
     * @param begin where that was listed from
     */
    @NonNull
    GraphPosition behind(@NonNull GraphPosition begin, @NonNull GraphDelta.Round round) {
        String folder = begin.folder();
        if (!round.complete()) {
            return new GraphPosition(
                    mailbox, folder, begin.root(), begin.reaching(), begin.made(), round.link(), round.again());
        }
        Latest known = latest.get(folder);
        boolean other = known != null
                && isYoung(known.position())
                // The rest of a list has nothing that has come since the list began, but that link may be newer.
                && GraphDelta.beginsList(begin.link())
                // Behind the link of somebody who began later, nothing with an earlier date is listed.
                && !known.position().root().isAfter(begin.root())
                && (known.position().reaching() || !begin.reaching())
                && !known.position().link().equals(begin.link())
                && !known.position().link().equals(round.link());
        Set<String> rest = new HashSet<>(round.ids());
        // Something in front of that link that is not listed here may still be listed behind the own link.
        if (other && rest.containsAll(known.listed())) {
            rest.removeAll(known.listed());
            return known.position().without(rest);
        }
        return follow(begin, round);
    }
}
