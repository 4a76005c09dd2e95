package io.jenkins.plugins.oauthmail.token;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;
import java.time.Instant;

/**
 * A bearer token (RFC 6750) for the mail servers.
 *
 * @param value the secret itself, opaque
 * @param expiresAt when the servers stop taking it
 */
public record AccessToken(@NonNull String value, @NonNull Instant expiresAt) {

    /** What a mail session may need from login to its last command; MSAL refreshes below the same five minutes. */
    static final Duration MIN_LIFETIME = Duration.ofMinutes(5);

    boolean goodAt(Instant now) {
        return !now.plus(MIN_LIFETIME).isAfter(expiresAt);
    }

    /** Names the expiry, never the value. */
    @Override
    public String toString() {
        return "AccessToken[expiresAt=" + expiresAt + "]";
    }
}
