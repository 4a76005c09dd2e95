package io.jenkins.plugins.oauthmail.token.entra;

import com.microsoft.aad.msal4j.IAuthenticationResult;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import io.jenkins.plugins.oauthmail.token.TokenSource;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;

/**
 * Tokens that an application requests for itself (client credentials grant, RFC 6749 section 4.4). Nothing is stored on
 * disk, because there is no refresh token and the application can always request a new access token. Create only one
 * for each application and set of scopes.
 */
public final class ApplicationTokenSource implements TokenSource {

    private final Registration registration;
    private final Set<String> scopes;
    private final HttpClient client;
    private final Duration patience;
    private final Exchanges exchanges;
    private final CurrentToken atHand;
    private final SingleFlight flight = new SingleFlight(this::obtain);

    /**
     * @param registration the application
     * @param scopes one {@code <resource>/.default}
     * @param client provides proxy, trusted certificates and connect timeout
     */
    public ApplicationTokenSource(
            @NonNull Registration registration, @NonNull Set<String> scopes, @NonNull HttpClient client) {
        this(registration, scopes, client, TokenEndpoint.PATIENCE, TimeSource.SYSTEM);
    }

    ApplicationTokenSource(
            Registration registration, Set<String> scopes, HttpClient client, Duration patience, TimeSource time) {
        this.registration = Objects.requireNonNull(registration);
        this.scopes = Set.copyOf(scopes);
        this.client = Objects.requireNonNull(client);
        this.patience = patience;
        this.exchanges = new Exchanges(time);
        this.atHand = new CurrentToken(time);
    }

    @CheckForNull
    @Override
    public AccessToken atHand() {
        return atHand.get();
    }

    @Override
    @NonNull
    public AccessToken token() throws TokenFailure, InterruptedException {
        AccessToken known = atHand.get();
        return known == null ? flight.join(Freshness.VALID) : known;
    }

    @Override
    public void refused(@NonNull AccessToken token) {
        atHand.refused(token);
    }

    @Override
    public void renewNext() {
        atHand.renewNext();
    }

    @Override
    @NonNull
    public AccessToken refresh() throws TokenFailure, InterruptedException {
        return flight.join(Freshness.NEW);
    }

    private AccessToken obtain(Freshness freshness) throws TokenFailure, InterruptedException {
        AccessToken known = atHand.get();
        if (freshness == Freshness.VALID && known != null) {
            return known;
        }
        IAuthenticationResult result;
        try {
            result = Msal.open(registration, client, patience, Refusal.Of.APPLICATION, exchanges)
                    .application(scopes);
        } catch (TokenFailure failure) {
            AccessToken kept = freshness == Freshness.NEW ? null : atHand.after(failure);
            if (kept == null) {
                throw failure;
            }
            return kept;
        }
        AccessToken token =
                new AccessToken(result.accessToken(), result.expiresOnDate().toInstant());
        atHand.set(token);
        return token;
    }

    @Override
    public String toString() {
        return "ApplicationTokenSource[" + registration.clientId() + " at " + registration.authority() + "]";
    }
}
