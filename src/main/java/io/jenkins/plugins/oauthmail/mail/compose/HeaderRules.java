package io.jenkins.plugins.oauthmail.mail.compose;

import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.OneLine;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import java.util.Set;
import java.util.regex.Pattern;

/** Rules for header fields. A line break in a value would let its author add header fields or a body. */
public final class HeaderRules {

    /** RFC 5322 section 3.6.8: printable ASCII except the colon. */
    private static final Pattern NAME = Pattern.compile("[!-9;-~]{1,76}");

    private static final Set<String> OURS = Set.of(
            "from",
            "sender",
            "reply-to",
            "to",
            "cc",
            "bcc",
            "subject",
            "date",
            "message-id",
            "mime-version",
            "return-path",
            "received");

    private HeaderRules() {}

    /**
     * Checks that a value is one line.
     *
     * @param field the field that contains the value, for the error message
     * @param value the value
     * @return the value without bidirectional controls, which would change the order in which it is displayed
     * @throws MailFailure layer MESSAGE, if it contains a control character
     */
    public static String oneLine(String field, String value) throws MailFailure {
        if (!OneLine.fits(value)) {
            throw new MailFailure(Layer.MESSAGE, Messages.HeaderRules_control(field));
        }
        return OneLine.inOrder(value);
    }

    /**
     * Refuses names that are not valid for a header field, and fields that follow from other components of the message.
     */
    static String name(String name) throws MailFailure {
        if (!NAME.matcher(name).matches()) {
            throw new MailFailure(Layer.MESSAGE, Messages.HeaderRules_name(QuotedText.clean(name)));
        }
        String lower = CaseFolding.asciiLower(name);
        if (OURS.contains(lower) || lower.startsWith("content-") || lower.startsWith("resent-")) {
            throw new MailFailure(Layer.MESSAGE, Messages.HeaderRules_ours(name));
        }
        return name;
    }

    /** Checks the file name of an attachment to be sent. */
    public static String fileName(String name) throws MailFailure {
        if (!OneLine.fits(name)) {
            throw new MailFailure(Layer.MESSAGE, Messages.HeaderRules_controlInAttachment());
        }
        if (name.isBlank() || name.indexOf('/') >= 0 || name.indexOf('\\') >= 0) {
            throw new MailFailure(Layer.MESSAGE, Messages.HeaderRules_attachment(QuotedText.clean(name)));
        }
        return OneLine.inOrder(name);
    }
}
