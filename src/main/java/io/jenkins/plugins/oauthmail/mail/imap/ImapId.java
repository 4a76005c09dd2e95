package io.jenkins.plugins.oauthmail.mail.imap;

import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What names a mail in an IMAP folder for good, or the position right behind it (RFC 3501 section 2.3.1.1): a server
 * numbers the mails of a folder upwards in the order in which they arrive. Written as {@code UIDVALIDITY:UID}.
 *
 * @param uidValidity which numbering is meant; a server that numbers the folder anew gives it another one
 * @param uid number of the mail; as a position 0 if there is no mail before it
 */
record ImapId(long uidValidity, long uid) {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,10}):([0-9]{1,10})");

    /** @throws MailFailure if it was not made by an IMAP store */
    static ImapId of(MailId id) throws MailFailure {
        return parse(id.value()).orElseThrow(() -> new MailFailure(Layer.MESSAGE, MailId.invalid(id.value())));
    }

    /** @return empty if it was not made by an IMAP store, as when the account was read by other means before */
    static Optional<ImapId> of(FolderPosition position) {
        return position == null ? Optional.empty() : parse(position.value());
    }

    private static Optional<ImapId> parse(String value) {
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
