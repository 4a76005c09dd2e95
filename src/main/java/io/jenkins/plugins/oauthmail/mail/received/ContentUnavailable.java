package io.jenkins.plugins.oauthmail.mail.received;

import io.jenkins.plugins.oauthmail.token.QuotedText;
import java.io.IOException;

/** The server refuses content that it said it had; another way to it may work. */
public final class ContentUnavailable extends IOException {

    private static final long serialVersionUID = 1L;

    /** The sentence for a mail of which the server gives nothing, with its last words. */
    public static String mail(String said) {
        return Messages.ContentUnavailable_mail(QuotedText.quoted(said));
    }

    private final boolean gone;

    /**
     * @param section empty for the whole mail
     * @param gone whether the server says that the mail is no longer there
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
