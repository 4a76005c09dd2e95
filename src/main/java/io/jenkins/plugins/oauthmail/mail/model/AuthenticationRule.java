package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Objects;

/**
 * How to see in the header of a message whether the receiving server vouches for the address in From. A sender can
 * write any header field, so a rule names one that only the receiving server can have written.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8601">RFC 8601, Authentication-Results</a>
 */
public final class AuthenticationRule {
    /** Trusts no server, so no message passes. */
    public static final AuthenticationRule NONE = new AuthenticationRule(Kind.NONE, "");

    /**
     * Exchange Online. It removes {@code X-MS-Exchange-Organization-*} from incoming mail and writes its own: messages
     * from the same organization are marked Internal; messages from outside are marked Anonymous and get, on top, an
     * Authentication-Results field that names no server.
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
     * A server that puts its own Authentication-Results field on top and names itself in it.
     *
     * @param authservId that name (RFC 8601 section 2.5), compared without regard to case
     */
    @NonNull
    public static AuthenticationRule server(@NonNull String authservId) {
        return new AuthenticationRule(Kind.SERVER, authservId);
    }

    /** Whether any message can pass. */
    public boolean trustsAnyServer() {
        return kind != Kind.NONE;
    }

    /**
     * Whether this is the rule for Exchange Online: its own mark decides, and its Authentication-Results counts only
     * beside the mark Anonymous.
     */
    public boolean trustsExchange() {
        return kind == Kind.EXCHANGE;
    }

    /** The authserv-id of the trusted server; empty for Exchange, which writes none. */
    @NonNull
    public String server() {
        return server;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AuthenticationRule rule && kind == rule.kind && server.equals(rule.server);
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, server);
    }
}
