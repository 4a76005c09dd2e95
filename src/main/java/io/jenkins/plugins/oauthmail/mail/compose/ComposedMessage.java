package io.jenkins.plugins.oauthmail.mail.compose;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;

/**
 * A message that keeps the Message-ID it was given. Jakarta Mail would generate one that contains this machine's name.
 */
public class ComposedMessage extends MimeMessage {

    private final String id;

    ComposedMessage(Session session, String id) {
        super(session);
        this.id = id;
    }

    public String id() {
        return id;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
        setHeader("Message-ID", id);
    }
}
