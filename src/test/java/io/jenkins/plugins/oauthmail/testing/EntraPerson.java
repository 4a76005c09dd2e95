package io.jenkins.plugins.oauthmail.testing;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Somebody who can sign in at {@link EntraFake}.
 *
 * @param username sign-in name ({@code preferred_username})
 * @param name display name
 * @param objectId {@code oid}, a UUID
 */
public record EntraPerson(
        @NonNull String username,
        @NonNull String name,
        @NonNull String objectId) {

    /** A person with an object id of their own, the same for the same sign-in name in every run. */
    @NonNull
    public static EntraPerson named(@NonNull String username) {
        UUID id = UUID.nameUUIDFromBytes(username.getBytes(StandardCharsets.UTF_8));
        return new EntraPerson(username, username.replaceFirst("@.*", ""), id.toString());
    }
}
