package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.NonNull;

/**
 * How to read from a mail's header whether the receiving server vouches for the address in From. A sender can write any
 * header field, so a rule says which one only this server can have written.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8601">RFC 8601, Authentication-Results</a>
 */
public final class AuthenticationRule {
    /** Nobody is believed. */
    public static final AuthenticationRule NONE = new AuthenticationRule(Kind.NONE, "");

    /**
     * Exchange Online. It removes {@code X-MS-Exchange-Organization-*} from mail that arrives from elsewhere and writes
     * its own: mail of the same organization is marked Internal; mail from outside is marked Anonymous and gets an
     * Authentication-Results without a server's name on top.
     */
    public static final AuthenticationRule EXCHANGE = new AuthenticationRule(Kind.EXCHANGE, "");

    private enum Kind {
        NONE,
        EXCHANGE,
        SERVER
    }

    private final Kind kind;
    private final String server;

    private AuthenticationRule(Kind kind, String server) {
        this.kind = kind;
        this.server = server;
    }

    /**
     * A server that names itself in each Authentication-Results it writes, and puts it on top.
     *
     * @param authservId its name there, compared without regard to case
     */
    @NonNull
    public static AuthenticationRule server(@NonNull String authservId) {
        return new AuthenticationRule(Kind.SERVER, authservId);
    }

    /** Whether any mail can pass. */
    public boolean believesSomebody() {
        return kind != Kind.NONE;
    }

    /** Whether Exchange's own mark counts, and only where it says Anonymous its Authentication-Results. */
    public boolean trustsExchange() {
        return kind == Kind.EXCHANGE;
    }

    /** The name that the server gives itself; empty for Exchange, which gives none. */
    @NonNull
    public String server() {
        return server;
    }
}
