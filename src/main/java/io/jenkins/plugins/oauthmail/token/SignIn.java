package io.jenkins.plugins.oauthmail.token;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Instant;

/**
 * Who signed in, and the tokens that came of it.
 *
 * @param tenantId {@code tid}: the tenant of the sign-in
 * @param objectId {@code oid}: the person within that tenant, for good
 * @param username sign-in name ({@code preferred_username}), for display and comparison with the wanted one
 * @param tokenCache for {@link TokenCacheStore#save}; holds tokens in the clear
 * @param expiresAt end of the first access token
 */
public record SignIn(
        @NonNull String tenantId,
        @NonNull String objectId,
        @NonNull String username,
        @NonNull String tokenCache,
        @NonNull Instant expiresAt) {

    /** Names the person, never the tokens. */
    @Override
    public String toString() {
        return "SignIn[tenantId=" + tenantId + ", objectId=" + objectId + ", username=" + username + ", expiresAt="
                + expiresAt + "]";
    }
}
