package io.jenkins.plugins.oauthmail.mail.imap;

/** The answer to one command was larger than {@link ImapWire#MAX_BYTES}, which ended the connection. */
final class AnswerTooLarge extends Exception {
    private static final long serialVersionUID = 1L;
}
