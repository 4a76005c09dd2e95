package io.jenkins.plugins.oauthmail.mail.imap;

import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Permanent id of a message in an IMAP folder, or the position right after it (RFC 3501 section 2.3.1.1): UIDs increase
 * in the order in which messages arrive. Written as {@code UIDVALIDITY:UID}.
 *
 * @param uidValidity identifies the numbering; it changes when the server renumbers the folder
 * @param uid UID of the message; 0 for the position before the first message
 */
record ImapId(long uidValidity, long uid) {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,10}):([0-9]{1,10})");

    /** @throws MailFailure if the id was not made by an IMAP store */
    static ImapId of(MailId id) throws MailFailure {
        return parse(id.value()).orElseThrow(() -> new MailFailure(Layer.MESSAGE, MailId.invalid(id.value())));
    }

    /**
     * @return empty if the position was not made by an IMAP store, for instance because the account was read with
     *     another protocol before
     */
    static Optional<ImapId> of(FolderPosition position) {
        return position == null ? Optional.empty() : parse(position.value());
    }

    static Optional<ImapId> parse(String value) {
        Matcher matcher = FORM.matcher(value);
        return matcher.matches()
                ? Optional.of(new ImapId(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))))
                : Optional.empty();
    }

    MailId mailId() {
        return new MailId(toString());
    }

    FolderPosition position() {
        return new FolderPosition(toString());
    }

    @Override
    public String toString() {
        return uidValidity + ":" + uid;
    }
}
