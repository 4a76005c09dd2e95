package io.jenkins.plugins.oauthmail.mail.graph;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.FolderCheckpoint;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * How many messages in front of a position match a query. The content of a message never changes, so only later ones can
 * match in addition; whether it is seen does change, so there is none for queries that depend on it.
 *
 * @param rule decided about the senders
 * @param found how many match, at most
 * @param whole when the whole folder was read
 * @param unreadable the ids of messages that could not be read, which may be possible later
 */
record GraphCheckpoint(
        @NonNull MailQuery query,
        @NonNull AuthenticationRule rule,
        @NonNull GraphPosition position,
        int found,
        @NonNull Instant whole,
        @NonNull Set<String> unreadable)
        implements FolderCheckpoint {

    /** As with IMAP. If more messages cannot be read, the whole folder is read again. */
    private static final int MAX_RETRIED = 10;

    GraphCheckpoint {
        unreadable = Set.copyOf(unreadable);
    }

    /**
     * After this time the whole folder is read again, because what is moved into it with an older date is not listed as
     * new. Less than the time after which a watch asks for another look even if nothing seems to have come.
     */
    private static final Duration MAX_AGE = Duration.ofMinutes(8);

    static boolean isPossible(@NonNull MailQuery query) {
        return !query.unseen() && query.ids().isEmpty();
    }

    static boolean isPossible(@NonNull MailQuery query, @NonNull Set<String> unreadable) {
        return isPossible(query) && unreadable.size() <= MAX_RETRIED;
    }

    /** The checkpoint, if it was made for this query and rule; else null. */
    @CheckForNull
    static GraphCheckpoint usable(
            @CheckForNull FolderCheckpoint checkpoint, @NonNull MailQuery query, @NonNull AuthenticationRule rule) {
        return checkpoint instanceof GraphCheckpoint known
                        && isPossible(query)
                        && known.isFor(query)
                        && (!query.authenticated() || known.rule().equals(rule))
                ? known
                : null;
    }

    boolean isYoung(@NonNull Instant now) {
        return whole.plus(MAX_AGE).isAfter(now);
    }

    private boolean isFor(MailQuery other) {
        // A relative time moves on, after which fewer of the old messages match.
        Instant before = query.since();
        boolean noEarlier = before == null
                ? other.since() == null
                : other.since() != null && !other.since().isBefore(before);
        return noEarlier && query.equals(other.toBuilder().since(before).build());
    }

    /**
     * @param more how many messages match up to there in addition
     * @param still the messages that cannot be read yet
     */
    @NonNull
    GraphCheckpoint at(@NonNull GraphPosition next, int more, @NonNull Set<String> still) {
        return new GraphCheckpoint(query, rule, next, found + more, whole, still);
    }
}
