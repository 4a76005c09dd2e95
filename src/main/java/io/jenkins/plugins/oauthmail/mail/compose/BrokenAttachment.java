package io.jenkins.plugins.oauthmail.mail.compose;

import io.jenkins.plugins.oauthmail.mail.model.FileFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import java.io.IOException;

/** The content of an attachment could not be read; in contrast, other exceptions mean that the connection failed. */
public final class BrokenAttachment extends IOException {

    private static final long serialVersionUID = 1L;

    private final String name;

    BrokenAttachment(String name, Exception cause) {
        super(cause);
        this.name = name;
    }

    public String name() {
        return name;
    }

    /**
     * The failure of the whole message, of which nothing was sent.
     *
     * @throws InterruptedException if reading was interrupted
     */
    public MailFailure failure() throws InterruptedException {
        if (getCause() instanceof InterruptedException interrupted) {
            throw interrupted;
        }
        return new MailFailure(
                MailFailure.Layer.MESSAGE,
                Messages.BrokenAttachment_unreadable(name, FileFailure.reason(getCause())),
                this);
    }
}
