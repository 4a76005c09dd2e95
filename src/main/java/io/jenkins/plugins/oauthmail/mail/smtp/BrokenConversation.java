package io.jenkins.plugins.oauthmail.mail.smtp;

import java.io.IOException;

/**
 * The server sent something that is not a reply, or not a reply to a command. It is then unknown which later reply
 * belongs to which command, so the connection must be closed.
 */
final class BrokenConversation extends IOException {

    private static final long serialVersionUID = 1L;

    /** @param said what the server sent, or what is wrong with it */
    BrokenConversation(String said) {
        super(said);
    }
}
