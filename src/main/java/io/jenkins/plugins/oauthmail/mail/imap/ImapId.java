package io.jenkins.plugins.oauthmail.mail.imap;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Permanent id of a message in an IMAP folder, or the position right after it (RFC 3501 section 2.3.1.1): UIDs increase
 * in the order in which messages arrive. Written as {@code UIDVALIDITY-MAILBOX:UID}, since servers such as Exchange use
 * the same UIDVALIDITY in all mailboxes; earlier versions did not write the mailbox.
 *
 * @param uidValidity identifies the numbering; it changes when the server renumbers the folder
 * @param mailbox the {@link Mailbox#mark} of the mailbox; null if it is not known
 * @param uid UID of the message; 0 for the position before the first message
 */
record ImapId(long uidValidity, @CheckForNull String mailbox, long uid) {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,10})(?:-([0-9a-f]{8}))?:([0-9]{1,10})");

    /** @throws MailFailure if the id was not made by an IMAP store */
    static ImapId of(MailId id) throws MailFailure {
        return parse(id.value()).orElseThrow(() -> new MailFailure(Layer.MESSAGE, MailId.invalid(id.value())));
    }

    static Optional<ImapId> parse(String value) {
        Matcher matcher = FORM.matcher(value);
        return matcher.matches()
                ? Optional.of(new ImapId(
                        Long.parseLong(matcher.group(1)), matcher.group(2), Long.parseLong(matcher.group(3))))
                : Optional.empty();
    }

    /** Whether it may be of a mailbox, by its {@link Mailbox#mark}. */
    boolean mayBeIn(@CheckForNull String other) {
        return mailbox == null || other == null || mailbox.equals(other);
    }

    MailId mailId() {
        return new MailId(toString());
    }

    FolderPosition position() {
        return new FolderPosition(toString());
    }

    @Override
    public String toString() {
        return uidValidity + (mailbox == null ? "" : "-" + mailbox) + ":" + uid;
    }
}
