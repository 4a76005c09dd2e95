package io.jenkins.plugins.oauthmail.testing;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;

/**
 * An app registration at {@link EntraFake}. The {@code with} methods give changed copies; register the result.
 *
 * @param clientId application (client) id
 * @param secrets valid client secrets
 * @param expiredSecrets answered with AADSTS7000222
 * @param certificates uploaded ones
 * @param redirectUris registered as platform Web
 * @param permissions scopes a person may consent to; empty for any
 * @param federations the federated credentials
 */
public record EntraApplication(
        @NonNull String clientId,
        @NonNull List<String> secrets,
        @NonNull List<String> expiredSecrets,
        @NonNull List<X509Certificate> certificates,
        @NonNull List<String> redirectUris,
        @NonNull Set<String> permissions,
        @NonNull List<FederatedIssuer.Trust> federations) {

    /** A registration with nothing but an id. */
    @NonNull
    public static EntraApplication of(@NonNull String clientId) {
        return new EntraApplication(clientId, List.of(), List.of(), List.of(), List.of(), Set.of(), List.of());
    }

    @NonNull
    public EntraApplication withSecrets(@NonNull String... values) {
        return new EntraApplication(
                clientId, List.of(values), expiredSecrets, certificates, redirectUris, permissions, federations);
    }

    @NonNull
    public EntraApplication withExpiredSecrets(@NonNull String... values) {
        return new EntraApplication(
                clientId, secrets, List.of(values), certificates, redirectUris, permissions, federations);
    }

    @NonNull
    public EntraApplication withCertificates(@NonNull X509Certificate... values) {
        return new EntraApplication(
                clientId, secrets, expiredSecrets, List.of(values), redirectUris, permissions, federations);
    }

    @NonNull
    public EntraApplication withRedirectUris(@NonNull String... values) {
        return new EntraApplication(
                clientId, secrets, expiredSecrets, certificates, List.of(values), permissions, federations);
    }

    @NonNull
    public EntraApplication withPermissions(@NonNull String... values) {
        return new EntraApplication(
                clientId, secrets, expiredSecrets, certificates, redirectUris, Set.of(values), federations);
    }

    @NonNull
    public EntraApplication withFederations(@NonNull FederatedIssuer.Trust... values) {
        return new EntraApplication(
                clientId, secrets, expiredSecrets, certificates, redirectUris, permissions, List.of(values));
    }

    @Override
    public String toString() {
        return "EntraApplication[" + clientId + "]";
    }
}
