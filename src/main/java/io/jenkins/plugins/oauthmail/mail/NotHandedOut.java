package io.jenkins.plugins.oauthmail.mail;

import java.io.IOException;

/** The server refuses content that it said it had; another way to it may work. */
final class NotHandedOut extends IOException {

    private static final long serialVersionUID = 1L;

    private final boolean gone;

    /**
     * @param section empty for the whole mail
     * @param gone whether the server says that the mail is no longer there
     */
    NotHandedOut(String section, String said, boolean gone) {
        super(
                section.isEmpty()
                        ? Messages.NotHandedOut_mail(ServerWords.quoted(said))
                        : Messages.NotHandedOut_part(section, ServerWords.quoted(said)));
        this.gone = gone;
    }

    boolean gone() {
        return gone;
    }
}
