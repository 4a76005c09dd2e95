package io.jenkins.plugins.oauthmail.mail.smtp;

/**
 * What is known of a server's limit for the AUTH command. Tokens of Entra make it longer than the 512 octets that every
 * server must accept, and RFC 4954 then requires a second step, which costs a round trip. Most servers accept longer
 * lines, so one is tried in one step, and whatever happens to it other than a success may be due to its length: Postfix
 * with its default limit of 2048 octets cuts the line and reports a failed login, others say so, or close the
 * connection. The login is then repeated in two steps over a new connection, because the rest of a line that was cut may
 * have been taken for further commands. Nothing but the login is at stake: no message has been announced yet. Not tried
 * with Exchange, which documents two steps. Thread-safe.
 */
final class LongResponse {

    /** The maximum of what one line of an authentication exchange may have (RFC 4954 section 4). */
    private static final int MAX = 12_288;

    private int accepted;
    private boolean refused;

    /** Whether a command of this length may be sent in one step. */
    synchronized boolean mayTry(int length) {
        return !refused && length <= MAX;
    }

    /** A login with a command of this length has succeeded. */
    synchronized void accepted(int length) {
        accepted = Math.max(accepted, length);
    }

    /**
     * A login with a command of this length has failed.
     *
     * @return whether its length may be the reason; long commands are not tried again then
     */
    synchronized boolean failed(int length) {
        boolean perhaps = length > accepted;
        refused |= perhaps;
        return perhaps;
    }
}
