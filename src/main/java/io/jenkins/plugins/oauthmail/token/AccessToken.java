package io.jenkins.plugins.oauthmail.token;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;
import java.time.Instant;

/**
 * A bearer token (RFC 6750) for the mail servers.
 *
 * @param value the token itself, secret and opaque
 * @param expiresAt when the servers stop accepting it
 */
public record AccessToken(@NonNull String value, @NonNull Instant expiresAt) {

    /**
     * Enough for a mail session from its login to its last command; MSAL also refreshes tokens that have less than five
     * minutes left.
     */
    public static final Duration MIN_LIFETIME = Duration.ofMinutes(5);

    /** Whether the token can be used for that long after this time. */
    public boolean goodAt(Instant now) {
        return !now.plus(MIN_LIFETIME).isAfter(expiresAt);
    }

    /** Contains the expiry, but never the token. */
    @Override
    public String toString() {
        return "AccessToken[expiresAt=" + expiresAt + "]";
    }
}
