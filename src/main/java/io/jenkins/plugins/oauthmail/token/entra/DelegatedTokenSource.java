package io.jenkins.plugins.oauthmail.token.entra;

import com.microsoft.aad.msal4j.IAuthenticationResult;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import io.jenkins.plugins.oauthmail.token.TokenSource;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Tokens for a mailbox whose owner once signed in. Create only one for each account, because the current access token,
 * and a request that several threads share, belong to one object. After a new sign-in, create a new one.
 */
public final class DelegatedTokenSource implements TokenSource {

    private final Registration registration;
    private final Set<String> scopes;
    private final TokenCacheKeeper keeper;
    private final HttpClient client;
    private final Duration patience;
    private final Exchanges exchanges;
    private final CurrentToken atHand;
    private final SingleFlight flight = new SingleFlight(this::obtain);

    /**
     * @param registration the application that the person signed in to
     * @param scopes scopes of one resource, as at the sign-in
     * @param keeper holds the token cache of the sign-in, and receives each rotated refresh token
     * @param client provides proxy, trusted certificates and connect timeout
     */
    public DelegatedTokenSource(
            @NonNull Registration registration,
            @NonNull Set<String> scopes,
            @NonNull TokenCacheKeeper keeper,
            @NonNull HttpClient client) {
        this(registration, scopes, keeper, client, TokenEndpoint.PATIENCE, TimeSource.SYSTEM);
    }

    /**
     * Same as {@link #DelegatedTokenSource(Registration, Set, TokenCacheKeeper, HttpClient)}, with a keeper of its own.
     */
    public DelegatedTokenSource(
            @NonNull Registration registration,
            @NonNull Set<String> scopes,
            @NonNull TokenCacheStore store,
            @NonNull HttpClient client) {
        this(registration, scopes, new TokenCacheKeeper(store), client);
    }

    DelegatedTokenSource(
            Registration registration,
            Set<String> scopes,
            TokenCacheKeeper keeper,
            HttpClient client,
            Duration patience,
            TimeSource time) {
        this.registration = Objects.requireNonNull(registration);
        this.scopes = Set.copyOf(scopes);
        this.keeper = Objects.requireNonNull(keeper);
        this.client = Objects.requireNonNull(client);
        this.patience = patience;
        this.exchanges = new Exchanges(time, keeper::renewalBegins);
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
        if (known == null) {
            return flight.join(Freshness.VALID);
        }
        keeper.saveAgain();
        return known;
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
            // Another request finished between the check and the start of this one.
            return known;
        }
        keeper.renewal().lockInterruptibly();
        try {
            return renew(atHand.mustBeNew() ? Freshness.NEW : freshness);
        } catch (TokenFailure failure) {
            AccessToken kept = freshness == Freshness.NEW ? null : atHand.after(failure);
            if (kept == null) {
                throw failure;
            }
            return kept;
        } finally {
            keeper.renewal().unlock();
        }
    }

    private AccessToken renew(Freshness freshness) throws TokenFailure, InterruptedException {
        Msal msal = Msal.open(registration, client, patience, Refusal.Of.REFRESH, exchanges);
        String before = load(msal);
        IAuthenticationResult result;
        try {
            result = msal.silent(scopes, freshness);
        } catch (TokenFailure failure) {
            boolean passing = failure.kind() == TokenFailure.Kind.UNREACHABLE;
            throw passing && exchanges.answerLost() ? failure.withAnswerLost() : failure;
        }
        exchanges.answerLost(false);
        String after = msal.cache();
        if (after.equals(before)) {
            // The cache of an earlier renewal may still be unsaved because the disk was full.
            keeper.saveAgain();
        } else {
            save(after);
        }
        AccessToken token =
                new AccessToken(result.accessToken(), result.expiresOnDate().toInstant());
        atHand.set(token);
        return token;
    }

    /** Loads the stored cache into MSAL and returns it as MSAL writes it. */
    private String load(Msal msal) throws TokenFailure {
        String stored;
        try {
            stored = keeper.load();
            exchanges.answerLost(exchanges.answerLost() || keeper.answerLost());
        } catch (IOException e) {
            throw new TokenFailure(
                    TokenFailure.Kind.STORE,
                    Messages.DelegatedTokenSource_unreadable(QuotedText.ofProvider(e.getMessage(), List.of())),
                    e);
        }
        if (stored == null) {
            throw new TokenFailure(TokenFailure.Kind.NOT_AUTHORIZED, Messages.DelegatedTokenSource_notAuthorized());
        }
        try {
            msal.cache(stored);
            return msal.cache();
        } catch (RuntimeException e) {
            // Without the cause, which may quote the cache.
            throw new TokenFailure(TokenFailure.Kind.STORE, Messages.DelegatedTokenSource_damaged());
        }
    }

    private void save(String cache) throws TokenFailure {
        try {
            keeper.save(cache);
        } catch (TokenCacheStore.Forgotten e) {
            throw new TokenFailure(TokenFailure.Kind.NOT_AUTHORIZED, Messages.DelegatedTokenSource_forgotten(), e);
        }
    }

    @Override
    public String toString() {
        return "DelegatedTokenSource[" + registration.clientId() + " at " + registration.authority() + "]";
    }
}
