package io.jenkins.plugins.oauthmail.token.entra;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Instant;

/**
 * The result of a sign-in: who signed in, and the tokens.
 *
 * @param tenantId {@code tid}: the tenant of the sign-in
 * @param objectId {@code oid}: permanent id of the person within that tenant
 * @param username sign-in name ({@code preferred_username}), for display and for comparison with the expected one
 * @param tokenCache for {@link TokenCacheStore#save}; contains unencrypted tokens
 * @param expiresAt when the first access token expires
 */
public record SignIn(
        @NonNull String tenantId,
        @NonNull String objectId,
        @NonNull String username,
        @NonNull String tokenCache,
        @NonNull Instant expiresAt) {

    /** Contains the person, but never the tokens. */
    @Override
    public String toString() {
        return "SignIn[tenantId=" + tenantId + ", objectId=" + objectId + ", username=" + username + ", expiresAt="
                + expiresAt + "]";
    }
}
