package io.jenkins.plugins.oauthmail.token.entra;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Objects;

/**
 * An app registration and how to authenticate as it.
 *
 * @param clientId application (client) id
 * @param authority the tenant's sign-in URL
 * @param credential how the application authenticates itself
 */
public record Registration(
        @NonNull String clientId,
        @NonNull Authority authority,
        @NonNull ClientCredential credential) {

    /**
     * @throws IllegalArgumentException if the client id is blank
     */
    public Registration {
        Objects.requireNonNull(authority, "authority");
        Objects.requireNonNull(credential, "credential");
        if (clientId.isBlank()) {
            throw new IllegalArgumentException(Messages.Registration_clientId());
        }
    }
}
