package io.jenkins.plugins.oauthmail.mail.model;

/** How the connection to a mail server is protected. There is no opportunistic TLS. */
public enum Security {
    /** TLS from the first byte (IMAP 993, SMTP 465; RFC 8314). */
    TLS,
    /** Plain text greeting, then STARTTLS, which must succeed before any other command (SMTP 587, IMAP 143). */
    STARTTLS,
    /** No protection; for connections to this machine only. */
    NONE
}
