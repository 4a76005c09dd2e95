package io.jenkins.plugins.oauthmail.mail;

import java.io.IOException;

/** The server refuses content that it said it had; another way to it may work. */
final class NotHandedOut extends IOException {

    private static final long serialVersionUID = 1L;

    /** @param section empty for the whole mail */
    NotHandedOut(String section, String said) {
        super(
                section.isEmpty()
                        ? Messages.NotHandedOut_mail(ServerWords.quoted(said))
                        : Messages.NotHandedOut_part(section, ServerWords.quoted(said)));
    }
}
