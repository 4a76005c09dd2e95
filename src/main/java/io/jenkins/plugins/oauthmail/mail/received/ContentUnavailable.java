package io.jenkins.plugins.oauthmail.mail.received;

import io.jenkins.plugins.oauthmail.token.QuotedText;
import java.io.IOException;

/** The server does not return content that it has announced. Another command may still return it. */
public final class ContentUnavailable extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * The sentence for a message of which the server returns nothing.
     *
     * @param said the server's reply
     */
    public static String mail(String said) {
        return Messages.ContentUnavailable_mail(QuotedText.quoted(said));
    }

    private final boolean gone;

    /**
     * @param section empty for the whole message
     * @param said the server's reply
     * @param gone whether the server says that the message no longer exists
     */
    public ContentUnavailable(String section, String said, boolean gone) {
        super(
                section.isEmpty()
                        ? Messages.ContentUnavailable_mail(QuotedText.quoted(said))
                        : Messages.ContentUnavailable_part(section, QuotedText.quoted(said)));
        this.gone = gone;
    }

    public boolean gone() {
        return gone;
    }
}
