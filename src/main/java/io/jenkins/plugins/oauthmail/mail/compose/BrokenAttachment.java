package io.jenkins.plugins.oauthmail.mail.compose;

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
}
