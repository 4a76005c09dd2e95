package io.jenkins.plugins.oauthmail.config;

import com.cloudbees.plugins.credentials.common.StandardCertificateCredentials;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionPoint;
import hudson.model.Describable;
import hudson.model.Run;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import io.jenkins.plugins.oauthmail.token.entra.ClientCredential;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * How an OAuth application proves itself to the token endpoint. Holds IDs of Jenkins credentials, never a secret.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-2.3">RFC 6749, section 2.3</a>
 */
@Restricted(NoExternalUse.class)
public abstract class ClientAuthentication implements Describable<ClientAuthentication>, ExtensionPoint {
    /** How long before expiry to warn: time enough to have a replacement created, uploaded and selected. */
    public static final Duration WARNING_TIME = Duration.ofDays(30);

    ClientAuthentication() {}

    /** Whether a client secret or certificate is known that could be selected that only Jenkins itself can use. */
    public static boolean isSystemCredentialStored() {
        return SystemCredentials.isStored(StringCredentials.class)
                || SystemCredentials.isStored(StandardCertificateCredentials.class);
    }

    /**
     * Looks up the current credentials and checks them.
     *
     * @throws TokenFailure naming the credential and the reason; of kind {@code CREDENTIAL_MISSING} if it does not exist,
     *     {@code KEY_MATERIAL} if it is unusable, {@code UNREACHABLE} if it cannot be read at the moment
     */
    @NonNull
    public abstract ClientCredential resolve() throws TokenFailure;

    /** Records on the credentials' pages that a build uses them. */
    public abstract void track(@NonNull Run<?, ?> build);

    /** When the credentials expire; empty if that is unknown, or if a credential is missing or unusable. */
    @NonNull
    public Optional<Instant> expiry() {
        return Optional.empty();
    }

    /** The ID of a credential with Global scope, which every job can use; empty if there is none. */
    @NonNull
    public abstract Optional<String> globalCredential();

    /**
     * Rejects settings that cannot work with any credentials.
     *
     * @param element how error messages refer to the application
     * @throws InvalidConfiguration if a required credential is not selected
     */
    abstract void validate(String element);
}
