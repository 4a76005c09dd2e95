package io.jenkins.plugins.oauthmail.mail.graph;

import java.io.IOException;

/** A request was sent, or may have been, and there was no complete response. */
final class Unanswered extends IOException {
    private static final long serialVersionUID = 1L;

    Unanswered(String message, Throwable cause) {
        super(message, cause);
    }
}
