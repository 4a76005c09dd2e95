package io.jenkins.plugins.oauthmail.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionPoint;
import hudson.model.Describable;
import hudson.model.Run;
import io.jenkins.plugins.oauthmail.token.ClientCredential;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How an OAuth application proves itself to the token endpoint. Holds ids of Jenkins credentials, never a secret.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-2.3">RFC 6749, section 2.3</a>
 */
public abstract class ClientAuthentication implements Describable<ClientAuthentication>, ExtensionPoint {
    /** How long before its end people are warned: time enough to have a new one made, uploaded and chosen. */
    public static final Duration WARNING_TIME = Duration.ofDays(30);

    ClientAuthentication() {}

    /**
     * Looks the credentials up as they are now and checks them.
     *
     * @throws TokenFailure of kind {@code KEY_MATERIAL} if a credential is missing or unfit, saying which and why
     */
    @NonNull
    public abstract ClientCredential resolve() throws TokenFailure;

    /** Has Jenkins note on the credentials' pages that a build uses them. */
    public abstract void track(@NonNull Run<?, ?> build);

    /**
     * When it will no longer be accepted, as far as Jenkins can know; empty if it cannot, also if a credential is missing or
     * unfit.
     */
    @NonNull
    public Optional<Instant> expiry() {
        return Optional.empty();
    }

    /** The id of a credential that every job can reach, as it has Global scope; empty if there is none. */
    @NonNull
    public abstract Optional<String> globalCredential();

    /**
     * Refuses what cannot work whatever the credentials hold.
     *
     * @param element the application, as a message names it
     * @throws InvalidConfiguration if a required credential is not named
     */
    abstract void validate(String element);
}
