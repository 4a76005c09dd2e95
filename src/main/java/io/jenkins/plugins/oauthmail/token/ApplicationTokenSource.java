package io.jenkins.plugins.oauthmail.token;

import com.microsoft.aad.msal4j.IAuthenticationResult;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;

/**
 * Tokens that an application gets for itself (client credentials, RFC 6749, 4.4). Nothing is kept on disk: there is no
 * refresh token, and the application can always ask again. Keep one for each application and set of scopes.
 */
public final class ApplicationTokenSource implements TokenSource {

    private final Registration registration;
    private final Set<String> scopes;
    private final HttpClient client;
    private final Duration patience;
    private final SingleFlight flight = new SingleFlight(this::obtain);
    private volatile AccessToken current;

    /**
     * @param registration the application
     * @param scopes one {@code <resource>/.default}
     * @param client brings proxy, trust and connect timeout
     */
    public ApplicationTokenSource(
            @NonNull Registration registration, @NonNull Set<String> scopes, @NonNull HttpClient client) {
        this(registration, scopes, client, TokenEndpoint.PATIENCE);
    }

    ApplicationTokenSource(Registration registration, Set<String> scopes, HttpClient client, Duration patience) {
        this.registration = Objects.requireNonNull(registration);
        this.scopes = Set.copyOf(scopes);
        this.client = Objects.requireNonNull(client);
        this.patience = patience;
    }

    @Override
    @NonNull
    public AccessToken token() throws TokenFailure, InterruptedException {
        AccessToken known = current;
        return known != null && known.goodAt(Instant.now()) ? known : flight.join(false);
    }

    /**
     * A new token from the provider whatever is at hand, in place of one that a server refused.
     *
     * @throws TokenFailure as {@link #token()}; a token at hand stays in use
     * @throws InterruptedException as {@link #token()}
     */
    @NonNull
    public AccessToken refresh() throws TokenFailure, InterruptedException {
        return flight.join(true);
    }

    private AccessToken obtain(boolean forced) throws TokenFailure, InterruptedException {
        AccessToken known = current;
        if (!forced && known != null && known.goodAt(Instant.now())) {
            return known;
        }
        IAuthenticationResult result = Msal.open(registration, client, patience, Refusal.Of.APPLICATION)
                .application(scopes);
        current = new AccessToken(result.accessToken(), result.expiresOnDate().toInstant());
        return current;
    }

    @Override
    public String toString() {
        return "ApplicationTokenSource[" + registration.clientId() + " at " + registration.authority() + "]";
    }
}
