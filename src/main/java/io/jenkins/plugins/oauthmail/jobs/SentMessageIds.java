package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.init.InitMilestone;
import hudson.init.Initializer;
import hudson.model.InvisibleAction;
import hudson.model.Run;
import io.jenkins.plugins.oauthmail.config.StoredXml;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.SentMail;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.DoNotUse;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The messages of a build that have several message IDs because the server replaced the original, once for each group
 * of recipients. Replies refer to any of them, so a query for replies to one has to include the others. Stored with the
 * build.
 */
@Restricted(NoExternalUse.class)
public final class SentMessageIds extends InvisibleAction {
    private static final Logger LOGGER = Logger.getLogger(SentMessageIds.class.getName());

    /** Limits what is stored with a build; replies are most likely awaited to the most recent messages. */
    static final int MAX = 300;

    /** Replaced instead of modified, since another branch may save the build at any time. */
    private volatile ArrayList<Pair> pairs = new ArrayList<>();

    /** Called by Jenkins before it reads the first build. */
    @Initializer(before = InitMilestone.PLUGINS_STARTED)
    @Restricted(DoNotUse.class)
    public static void nameInFiles() {
        StoredXml.name(
                Run.XSTREAM2,
                new StoredXml.Name("sentMessageIds", SentMessageIds.class, "jobs.SentIds", "jobs.SentMessageIds"),
                new StoredXml.Name("sentMessageId", Pair.class, "jobs.SentIds$Pair", "jobs.SentMessageIds$Pair"));
    }

    /**
     * Records the message IDs with the build that sent the message; does nothing if there is only one. Does not fail if
     * the build cannot be saved, since the message has been sent.
     */
    public static void remember(@NonNull SentMail mail, @NonNull Run<?, ?> build) {
        if (mail.messageId().equals(mail.requestedMessageId())
                && mail.otherMessageIds().isEmpty()) {
            return;
        }
        SentMessageIds known = of(build);
        known.add(new Pair(mail.messageId(), mail.requestedMessageId()));
        // More would not fit into a query.
        mail.otherMessageIds().stream()
                .limit(MailQuery.MAX_MESSAGE_IDS)
                .forEach(id -> known.add(new Pair(id, mail.requestedMessageId())));
        try {
            SavedBuild.save(build);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot save the message IDs of a message sent by " + build);
        }
    }

    /** Branches of a pipeline may send at the same time. */
    private static synchronized SentMessageIds of(Run<?, ?> build) {
        SentMessageIds known = build.getAction(SentMessageIds.class);
        if (known == null) {
            known = new SentMessageIds();
            build.addAction(known);
        }
        return known;
    }

    private synchronized void add(Pair pair) {
        ArrayList<Pair> more = new ArrayList<>(pairs.subList(Math.max(0, pairs.size() + 1 - MAX), pairs.size()));
        more.add(pair);
        pairs = more;
    }

    /**
     * Extends a query for replies to all message IDs of the messages that it names. Those of further groups of
     * recipients are left out where they do not fit, since a job cannot know how many there will be.
     *
     * @param query the query of the build; returned unchanged if the build sent none of these messages
     * @throws AbortException if there are too many message IDs for one query, even without these
     */
    @NonNull
    public static MailQuery widen(@NonNull MailQuery query, @NonNull Run<?, ?> build) throws AbortException {
        SentMessageIds known = build.getAction(SentMessageIds.class);
        if (known == null || query.repliesTo().isEmpty()) {
            return query;
        }
        List<Pair> pairs = known.pairs;
        Set<String> requested = pairs.stream()
                .filter(pair -> query.repliesTo().contains(pair.kept)
                        || query.repliesTo().contains(pair.requested))
                .map(pair -> pair.requested)
                .collect(Collectors.toSet());
        Set<String> ids = new LinkedHashSet<>(query.repliesTo());
        Set<String> further = new LinkedHashSet<>();
        Set<String> seen = new HashSet<>();
        for (Pair pair : pairs) {
            if (requested.contains(pair.requested)) {
                ids.add(pair.requested);
                (seen.add(pair.requested) ? ids : further).add(pair.kept);
            }
        }
        for (String id : further) {
            if (ids.size() < MailQuery.MAX_MESSAGE_IDS) {
                ids.add(id);
            }
        }
        try {
            return query.toBuilder().repliesTo(List.copyOf(ids)).build();
        } catch (IllegalArgumentException e) {
            throw new AbortException(e.getMessage());
        }
    }

    private static final class Pair {
        private final String kept;
        private final String requested;

        Pair(String kept, String requested) {
            this.kept = kept;
            this.requested = requested;
        }
    }
}
