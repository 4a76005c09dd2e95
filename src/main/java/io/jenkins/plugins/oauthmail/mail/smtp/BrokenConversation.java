package io.jenkins.plugins.oauthmail.mail.smtp;

import java.io.IOException;

/**
 * What a server said is no reply, or no reply to what was said: from here on nobody knows which reply belongs to which
 * command, so that the connection must end.
 */
final class BrokenConversation extends IOException {

    private static final long serialVersionUID = 1L;

    /** @param said by the server, or what is wrong with it */
    BrokenConversation(String said) {
        super(said);
    }
}
