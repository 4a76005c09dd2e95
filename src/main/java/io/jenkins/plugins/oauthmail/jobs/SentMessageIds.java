package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.model.InvisibleAction;
import hudson.model.Run;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.SentMail;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The mails of a build that have two ids, because the server replaced the one they were sent with. People answer to
 * either, so whoever looks for answers to one looks for those to the other too. Saved with the build.
 */
public final class SentMessageIds extends InvisibleAction {
    private static final Logger LOGGER = Logger.getLogger(SentMessageIds.class.getName());

    /** What is saved with a build has an end; those sent last are the ones that are waited for. */
    static final int MAX = 300;

    /** Never changed but replaced, since the build may be saved by another branch at any time. */
    private volatile ArrayList<Pair> pairs = new ArrayList<>();

    /**
     * Keeps the ids of a mail with the build that sent it; does nothing if both are the same. A build that cannot be
     * saved at the moment is no failure, since the mail is sent.
     */
    public static void remember(@NonNull SentMail mail, @NonNull Run<?, ?> build) {
        if (mail.messageId().equals(mail.requestedMessageId())) {
            return;
        }
        of(build).add(new Pair(mail.messageId(), mail.requestedMessageId()));
        try {
            build.save();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot save the ids of a mail that " + build + " sent");
        }
    }

    /** Branches of a pipeline send at the same time. */
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
     * The query that finds the answers to all ids of the mails that it names.
     *
     * @param query as the build asks; returned as it is if the build has sent none of these mails
     * @throws AbortException if those are too many ids for one query
     */
    @NonNull
    public static MailQuery widen(@NonNull MailQuery query, @NonNull Run<?, ?> build) throws AbortException {
        SentMessageIds known = build.getAction(SentMessageIds.class);
        if (known == null || query.repliesTo().isEmpty()) {
            return query;
        }
        Set<String> ids = new LinkedHashSet<>(query.repliesTo());
        for (Pair pair : known.pairs) {
            if (query.repliesTo().contains(pair.kept) || query.repliesTo().contains(pair.requested)) {
                ids.add(pair.kept);
                ids.add(pair.requested);
            }
        }
        try {
            return query.toBuilder().repliesTo(List.copyOf(ids)).build();
        } catch (IllegalArgumentException e) {
            throw new AbortException(e.getMessage());
        }
    }

    /** Adds a pair that an earlier version saved. */
    void addSaved(String kept, String requested) {
        add(new Pair(kept, requested));
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
