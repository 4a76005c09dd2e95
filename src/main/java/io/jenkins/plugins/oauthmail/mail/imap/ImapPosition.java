package io.jenkins.plugins.oauthmail.mail.imap;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A position in a folder: behind the message with a UID. One that began at a time only knows dates up to the UID that the
 * next message had then, because UIDs need not be in the order of dates, such as after a mailbox was restored.
 *
 * @param id with the UID of the message; 0 if the position is in front of all
 * @param since the time from which on messages up to {@code until} count; null if all count
 */
record ImapPosition(@NonNull ImapId id, @CheckForNull Instant since, long until) {
    private static final Pattern FORM = Pattern.compile("([^/]+)(?:/(\\d{1,15})-(\\d{1,10}))?");

    ImapPosition {
        if (id.uid() >= until) {
            since = null;
            until = 0;
        }
    }

    /** @param next the UID that the next message will have */
    @NonNull
    static ImapPosition since(@NonNull ImapId begin, @NonNull Instant time, long next) {
        // INTERNALDATE has whole seconds.
        return new ImapPosition(begin, time.truncatedTo(ChronoUnit.SECONDS), next - 1);
    }

    /**
     * @return empty if the position was not made by an IMAP store, for instance because the account was read with
     *     another protocol before
     */
    @NonNull
    static Optional<ImapPosition> of(@CheckForNull FolderPosition position) {
        Matcher form = FORM.matcher(position == null ? "" : position.value());
        if (!form.matches()) {
            return Optional.empty();
        }
        Instant since = form.group(2) == null ? null : Instant.ofEpochSecond(Long.parseLong(form.group(2)));
        long until = since == null ? 0 : Long.parseLong(form.group(3));
        return ImapId.parse(form.group(1)).map(id -> new ImapPosition(id, since, until));
    }

    long uid() {
        return id.uid();
    }

    /** The position behind a later message. */
    @NonNull
    ImapPosition at(@NonNull ImapId later) {
        return new ImapPosition(later, since, until);
    }

    /** What to look for up to {@link #lastUid}. */
    @NonNull
    MailQuery query(@NonNull MailQuery wanted) {
        Instant other = wanted.since();
        return since == null || other != null && other.isAfter(since)
                ? wanted
                : wanted.toBuilder().since(since).build();
    }

    /** The last UID that may be searched with {@link #query}. */
    long lastUid() {
        return since == null ? FolderState.MAX_NUMBER : until;
    }

    @NonNull
    FolderPosition position() {
        return new FolderPosition(id + (since == null ? "" : "/" + since.getEpochSecond() + "-" + until));
    }
}
