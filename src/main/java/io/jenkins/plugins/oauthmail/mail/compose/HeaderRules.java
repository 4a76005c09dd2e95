package io.jenkins.plugins.oauthmail.mail.compose;

import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.OneLine;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import java.util.Set;
import java.util.regex.Pattern;

/** What may stand in the header of a mail. A line break in a value would start a header, or a body, of its author's. */
public final class HeaderRules {

    /** RFC 5322 section 3.6.8: printable ASCII but the colon. */
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
     * @param field what the value belongs to, for the sentence
     * @return without bidirectional controls, which would show it in another order than it is in
     */
    public static String oneLine(String field, String value) throws MailFailure {
        if (!OneLine.fits(value)) {
            throw new MailFailure(Layer.MESSAGE, Messages.HeaderRules_control(field));
        }
        return OneLine.inOrder(value);
    }

    /** Refuses names that cannot be a header's, and headers that follow from the mail itself. */
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

    /** A file name for an attachment that is sent. */
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
