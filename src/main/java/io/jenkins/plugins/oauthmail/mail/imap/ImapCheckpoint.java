package io.jenkins.plugins.oauthmail.mail.imap;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.FolderCheckpoint;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What has been found out about the messages up to a UID. The content of a message with a certain UID never changes, so
 * only later ones can match in addition, and those that are no longer marked as seen.
 */
final class ImapCheckpoint implements FolderCheckpoint {
    /** Messages that cannot be read are tried again in later looks, but not if there are very many. */
    private static final int MAX_RETRIED = 10;

    private final MailQuery query;
    private final AuthenticationRule rule;
    private final ImapId last;
    private final int found;
    private final Set<Long> unreadable;
    private final long[] unseen;

    private ImapCheckpoint(
            MailQuery query, AuthenticationRule rule, ImapId last, int found, Set<Long> unreadable, long[] unseen) {
        this.query = query;
        this.rule = rule;
        this.last = last;
        this.found = found;
        this.unreadable = unreadable;
        this.unseen = unseen;
    }

    /**
     * @param found how many messages match, at most
     * @param unreadable the messages that could not be read
     */
    static ImapCheckpoint of(MailQuery query, FolderWindow window, int found, Map<MailId, MailFailure> unreadable)
            throws MailFailure {
        TreeMap<Long, MailId> uids = new TreeMap<>();
        unreadable.keySet().forEach(id -> ImapId.parse(id.value()).ifPresent(known -> uids.put(known.uid(), id)));
        while (uids.size() > MAX_RETRIED) {
            uids.pollFirstEntry();
        }
        return new ImapCheckpoint(
                query,
                window.rule(),
                window.folder().id(window.lastUid()),
                found,
                new TreeSet<>(uids.keySet()),
                query.unseen() ? window.unseen() : null);
    }

    /** The checkpoint, if it was made for this query, rule, mailbox and numbering of the folder, and little has changed since. */
    static Optional<ImapCheckpoint> usable(
            @CheckForNull FolderCheckpoint checkpoint, MailQuery query, FolderWindow window) throws MailFailure {
        if (!(checkpoint instanceof ImapCheckpoint known)
                || !known.isFor(query)
                || query.authenticated() && !known.rule.equals(window.rule())
                || !window.folder().isNumberedAs(known.last)
                || query.unseen() && known.hasNewlyUnseen(window.unseen())) {
            return Optional.empty();
        }
        return Optional.of(known);
    }

    private boolean isFor(MailQuery other) {
        // A relative time moves on, after which fewer of the old messages match.
        Instant before = query.since();
        boolean noEarlier = before == null
                ? other.since() == null
                : other.since() != null && !other.since().isBefore(before);
        return noEarlier
                && other.ids().isEmpty()
                && query.equals(other.toBuilder().since(before).build());
    }

    private boolean hasNewlyUnseen(long[] now) {
        return Arrays.stream(now).anyMatch(uid -> uid <= last.uid() && Arrays.binarySearch(unseen, uid) < 0);
    }

    long lastUid() {
        return last.uid();
    }

    /** How many of the messages up to {@link #lastUid} match, at most. */
    int found() {
        return found;
    }

    /** The UIDs of messages that could not be read. */
    Set<Long> unreadable() {
        return Set.copyOf(unreadable);
    }
}
