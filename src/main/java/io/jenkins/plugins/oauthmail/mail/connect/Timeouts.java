package io.jenkins.plugins.oauthmail.mail.connect;

import java.time.Duration;

/**
 * How long to wait for a server; Angus would wait forever. The first three limit inactivity, in milliseconds; the
 * others limit the duration of a whole phase, see {@link ConnectionDeadline}.
 *
 * @param connect for the TCP connection
 * @param read for the next byte
 * @param write for bytes to be accepted
 * @param opening TCP, TLS, the greeting, and the server's capabilities
 * @param login the complete login, including the challenge
 * @param command one command, or several sent together, with their replies; extended only by a transfer in progress
 * @param receipt the reply to the end of a message's content (RFC 5321 section 4.5.3.2.6)
 */
public record Timeouts(
        int connect, int read, int write, Duration opening, Duration login, Duration command, Duration receipt) {

    public static final Timeouts DEFAULT = new Timeouts(20_000, 60_000, 60_000);

    /** For saying goodbye to a server that may not reply. */
    public static final Duration CLOSING = Duration.ofSeconds(5);

    /** With the default phases; the reply to the end of the content may take ten times the inactivity limit. */
    public Timeouts(int connect, int read, int write) {
        this(
                connect,
                read,
                write,
                Duration.ofMinutes(1),
                Duration.ofMinutes(1),
                Duration.ofMinutes(5),
                Duration.ofMillis(10L * read));
    }
}
