package io.jenkins.plugins.oauthmail.mail.connect;

import java.time.Duration;

/**
 * How long to wait for a server; Angus would wait for ever. The first three bound silence, in milliseconds; the others
 * bound a phase as a whole, see {@link ConnectionDeadline}.
 *
 * @param connect until TCP is connected
 * @param read for the next byte
 * @param write until bytes are taken
 * @param opening TCP, TLS, greeting, and what the server can do
 * @param login all of it, the challenge included
 * @param command one command, or several that travel together, with their answers; more only for a transfer that moves
 * @param receipt the answer to the end of a mail's content (RFC 5321 section 4.5.3.2.6)
 */
public record Timeouts(
        int connect, int read, int write, Duration opening, Duration login, Duration command, Duration receipt) {

    public static final Timeouts DEFAULT = new Timeouts(20_000, 60_000, 60_000);

    /** For saying good-bye to a server that need not answer. */
    public static final Duration CLOSING = Duration.ofSeconds(5);

    /** With the usual phases; the receipt may take ten times as long as silence. */
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
