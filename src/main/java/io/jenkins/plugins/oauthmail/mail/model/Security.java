package io.jenkins.plugins.oauthmail.mail.model;

/** How the connection to a mail server is protected. There is no "TLS if the server feels like it". */
public enum Security {
    /** TLS from the first byte (IMAP 993, SMTP 465; RFC 8314). */
    TLS,
    /** Plain greeting, then STARTTLS, which must succeed before anything else is said (SMTP 587, IMAP 143). */
    STARTTLS,
    /** No protection; only towards this very machine. */
    NONE
}
