package io.jenkins.plugins.oauthmail.token;

import com.microsoft.aad.msal4j.IAuthenticationResult;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Tokens for a mailbox whose owner once signed in. Keep one for each account: it remembers the current access token,
 * and only within one object do many askers share a call. Make a new one after a new sign-in.
 */
public final class DelegatedTokenSource implements TokenSource {

    private final Registration registration;
    private final Set<String> scopes;
    private final TokenCacheStore store;
    private final HttpClient client;
    private final Duration patience;
    private final SingleFlight flight = new SingleFlight(this::obtain);
    private volatile AccessToken current;

    /**
     * @param registration the application the person signed in to
     * @param scopes of one resource, as at the sign-in
     * @param store holds what the sign-in left, and gets each rotated refresh token
     * @param client brings proxy, trust and connect timeout
     */
    public DelegatedTokenSource(
            @NonNull Registration registration,
            @NonNull Set<String> scopes,
            @NonNull TokenCacheStore store,
            @NonNull HttpClient client) {
        this(registration, scopes, store, client, TokenEndpoint.PATIENCE);
    }

    DelegatedTokenSource(
            Registration registration,
            Set<String> scopes,
            TokenCacheStore store,
            HttpClient client,
            Duration patience) {
        this.registration = Objects.requireNonNull(registration);
        this.scopes = Set.copyOf(scopes);
        this.store = Objects.requireNonNull(store);
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
     * A new token from the provider whatever is at hand: keeps the refresh token alive, and replaces an access token
     * that a server refused.
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
            // Somebody's flight landed between the look and the start of this one.
            return known;
        }
        Msal msal = Msal.open(registration, client, patience, Refusal.Of.REFRESH);
        String before = load(msal);
        IAuthenticationResult result = msal.silent(scopes, forced);
        String after = msal.cache();
        if (!after.equals(before)) {
            save(after);
        }
        current = new AccessToken(result.accessToken(), result.expiresOnDate().toInstant());
        return current;
    }

    /** Puts the stored cache into MSAL and returns it the way MSAL writes it. */
    private String load(Msal msal) throws TokenFailure {
        String stored;
        try {
            stored = store.load();
        } catch (IOException e) {
            throw new TokenFailure(
                    TokenFailure.Kind.STORE,
                    Messages.DelegatedTokenSource_unreadable(ProviderText.clean(e.getMessage(), List.of())),
                    e);
        }
        if (stored == null) {
            throw new TokenFailure(TokenFailure.Kind.NOT_AUTHORIZED, Messages.DelegatedTokenSource_notAuthorized());
        }
        try {
            msal.cache(stored);
            return msal.cache();
        } catch (RuntimeException e) {
            // Without the cause, which may quote what it could not read.
            throw new TokenFailure(TokenFailure.Kind.STORE, Messages.DelegatedTokenSource_damaged());
        }
    }

    private void save(String cache) throws TokenFailure {
        try {
            store.save(cache);
        } catch (TokenCacheStore.Forgotten e) {
            throw new TokenFailure(TokenFailure.Kind.NOT_AUTHORIZED, Messages.DelegatedTokenSource_forgotten(), e);
        } catch (IOException e) {
            throw new TokenFailure(
                    TokenFailure.Kind.STORE,
                    Messages.DelegatedTokenSource_notSaved(ProviderText.clean(e.getMessage(), List.of())),
                    e);
        }
    }

    @Override
    public String toString() {
        return "DelegatedTokenSource[" + registration.clientId() + " at " + registration.authority() + "]";
    }
}
