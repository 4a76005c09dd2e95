package io.jenkins.plugins.oauthmail.account;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import io.jenkins.plugins.oauthmail.config.AccountsListener;
import io.jenkins.plugins.oauthmail.config.Grant;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.config.OAuthApplication;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.config.Transport;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import io.jenkins.plugins.oauthmail.token.TokenSource;
import io.jenkins.plugins.oauthmail.token.entra.ApplicationTokenSource;
import io.jenkins.plugins.oauthmail.token.entra.Authority;
import io.jenkins.plugins.oauthmail.token.entra.DelegatedTokenSource;
import io.jenkins.plugins.oauthmail.token.entra.Registration;
import io.jenkins.plugins.oauthmail.token.entra.TokenCacheKeeper;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The live token sources: one for each delegated account, one for each application that uses client credentials. A
 * source is replaced when anything it was created from has changed: registration, credential, scopes, sign-in or proxy.
 */
@Extension
@Restricted(NoExternalUse.class)
public class TokenSources implements AccountsListener {
    /** The request for which a token that is at hand will do. */
    private static final Request TOKEN = TokenSource::token;

    private static final String ACCOUNT = "account ";
    private static final String APPLICATION = "application ";

    private final TokenHttpClient client = new TokenHttpClient();
    private final Map<String, Live> sources = new ConcurrentHashMap<>();
    private final Map<String, Instant> goodUntil = new ConcurrentHashMap<>();

    @NonNull
    public static TokenSources get() {
        return ExtensionList.lookupSingleton(TokenSources.class);
    }

    /** The HTTP client for the token endpoint, with Jenkins' current proxy settings. */
    @NonNull
    public static HttpClient httpClient() {
        return get().client.current();
    }

    /**
     * The source of the account's tokens. Account, application and credentials are looked up at each call, so that a
     * corrected setting takes effect at once.
     *
     * @param accountId ID of the account; if there is none, requesting a token fails
     * @param use what the tokens are for; requesting a token fails if the sign-in does not cover it
     */
    @NonNull
    public TokenSource of(@NonNull String accountId, @NonNull MailUse use) {
        return new TokenSource() {
            @NonNull
            @Override
            public AccessToken token() throws TokenFailure, InterruptedException {
                return get(accountId, use, TOKEN);
            }

            @NonNull
            @Override
            public AccessToken refresh() throws TokenFailure, InterruptedException {
                return get(accountId, use, TokenSource::refresh);
            }

            @Override
            public void refused(@NonNull AccessToken token) {
                OAuthMailConfiguration.get()
                        .account(accountId)
                        .map(account -> sources.get(key(account)))
                        .ifPresent(live -> live.source().refused(token));
            }
        };
    }

    private AccessToken get(String accountId, MailUse use, Request request) throws TokenFailure, InterruptedException {
        MailAccount account = account(accountId);
        OAuthApplication application = applicationOf(account);
        if (account.getGrant() == Grant.DELEGATED) {
            return delegated(account, application, use, request);
        }
        AccessToken token = request.of(ofApplication(account, application, request));
        remember(accountId, use, token);
        return token;
    }

    /** Several threads may get the same new token, and one may come back late with an old one. */
    private void remember(String accountId, MailUse use, AccessToken token) {
        AccountActivity.get().gotToken(accountId, use);
        AtomicBoolean renewed = new AtomicBoolean();
        goodUntil.compute(accountId, (id, before) -> {
            renewed.set(before == null || before.isBefore(token.expiresAt()));
            return renewed.get() ? token.expiresAt() : before;
        });
        if (renewed.get()) {
            UsageListener.fire(listener -> listener.tokenRenewed(accountId));
        }
    }

    /** Administrators often save after changing permissions at Microsoft, which existing tokens do not reflect. */
    @Override
    public void changed() {
        sources.values().forEach(live -> live.source().renewNext());
    }

    /** Accounts of one application share its source, unless their tokens are for different services. */
    private static String key(MailAccount account) {
        if (account.getGrant() == Grant.DELEGATED) {
            return ACCOUNT + account.getId();
        }
        String service = account.getTransport() == Transport.GRAPH ? " Graph " + account.getGraphUrl() : "";
        return APPLICATION + account.getApplication() + service;
    }

    /**
     * Requests new tokens for a delegated account now, even if the current ones are still valid, so that the refresh
     * token does not expire.
     *
     * @throws TokenFailure also if the account is not authorized
     */
    public void refresh(@NonNull String accountId) throws TokenFailure, InterruptedException {
        MailAccount account = account(accountId);
        delegated(account, applicationOf(account), MailUse.SEND, TokenSource::refresh);
    }

    /** When the account's latest access token expires or expired; empty if there was none since Jenkins started. */
    @NonNull
    public Optional<Instant> goodUntil(@NonNull String accountId) {
        return Optional.ofNullable(goodUntil.get(accountId));
    }

    /**
     * Why the newest tokens of a delegated account are only in memory, from where a restart loses them; empty if they
     * are stored.
     */
    @NonNull
    public Optional<String> unsavedBecause(@NonNull String accountId) {
        return Optional.ofNullable(sources.get(ACCOUNT + accountId))
                .map(Live::keeper)
                .flatMap(TokenCacheKeeper::unsavedBecause);
    }

    /** Tries to store tokens that {@link #unsavedBecause} reports; does nothing if there are none. */
    public void saveAgain(@NonNull String accountId) {
        Live live = sources.get(ACCOUNT + accountId);
        TokenCacheKeeper keeper = live == null ? null : live.keeper();
        if (keeper != null) {
            keeper.saveAgain();
        }
    }

    @Override
    public void authorized(@NonNull String accountId) {
        discard(accountId);
    }

    @Override
    public void forgotten(@NonNull String accountId) {
        discard(accountId);
    }

    /** Discards the tokens of an earlier sign-in. */
    private void discard(String accountId) {
        goodUntil.remove(accountId);
        sources.remove(ACCOUNT + accountId);
    }

    /**
     * The application that an account uses.
     *
     * @throws TokenFailure if there is none with that ID
     */
    @NonNull
    public static OAuthApplication applicationOf(@NonNull MailAccount account) throws TokenFailure {
        return OAuthMailConfiguration.get()
                .application(account.getApplication())
                .orElseThrow(() -> notAuthorized(
                        Messages.TokenSources_unknownApplication(account.getId(), account.getApplication())));
    }

    private static MailAccount account(String id) throws TokenFailure {
        return OAuthMailConfiguration.get()
                .account(id)
                .orElseThrow(() -> notAuthorized(Messages.TokenSources_unknownAccount(id)));
    }

    private TokenSource ofApplication(MailAccount account, OAuthApplication application, Request request)
            throws TokenFailure {
        Set<String> scopes = Set.of(application.applicationScope(account));
        String key = key(account);
        return live(
                        key,
                        origin(key, application, scopes, null, request),
                        (origin, before) -> new Live(
                                origin,
                                new ApplicationTokenSource(origin.registration(), scopes, origin.client()),
                                null))
                .source();
    }

    private AccessToken delegated(MailAccount account, OAuthApplication application, MailUse use, Request request)
            throws TokenFailure, InterruptedException {
        Authorization authorization = stored(account, application)
                .orElseThrow(() -> notAuthorized(Messages.TokenSources_notAuthorized(account.getId())));
        try {
            return delegated(account, application, authorization, use, request);
        } catch (TokenFailure failure) {
            // Somebody may have signed in anew meanwhile, and the failure is that of the sign-in before.
            Authorization newer = stored(account, application)
                    .filter(present -> !present.isSameSignIn(authorization))
                    .orElse(null);
            if (newer == null) {
                throw failure;
            }
            return delegated(account, application, newer, use, request);
        }
    }

    private AccessToken delegated(
            MailAccount account,
            OAuthApplication application,
            Authorization authorization,
            MailUse use,
            Request request)
            throws TokenFailure, InterruptedException {
        AuthorizationStore store = AuthorizationStore.get();
        boolean covered = authorization.isForMailResourceOf(account, application);
        if (!covered && !application.areForOtherTransport(account, authorization.getScopes())) {
            throw notAuthorized(Messages.TokenSources_otherResource(account.getId(), application.getId()));
        }
        if (covered && !authorization.getScopes().contains(application.scope(account, use))) {
            throw notAuthorized(Messages.TokenSources_mayReadLater(account.getId()));
        }
        Set<String> scopes = covered ? scopes(authorization, account, application) : application.scopesFor(account);
        try {
            String key = ACCOUNT + account.getId();
            Live live = live(
                    key,
                    origin(key, application, scopes, authorization.getAuthorizedAt(), request),
                    (origin, before) -> {
                        TokenCacheKeeper keeper = before != null && origin.isSameSignIn(before.origin())
                                ? before.keeper()
                                : new TokenCacheKeeper(store.tokenCache(authorization));
                        return new Live(
                                origin,
                                new DelegatedTokenSource(origin.registration(), scopes, keeper, origin.client()),
                                keeper);
                    });
            AccessToken token = request.of(live.source());
            if (!covered) {
                store.extend(authorization, scopes);
            }
            if (authorization.getTrouble() != null) {
                store.record(authorization, null);
            }
            remember(account.getId(), use, token);
            return token;
        } catch (TokenFailure failure) {
            if (!covered && !mayBeAway(failure)) {
                // The sign-in is still good for what it was made for.
                throw new TokenFailure(
                        TokenFailure.Kind.NOT_AUTHORIZED,
                        Messages.TokenSources_otherTransport(account.getId(), account.getTransport()),
                        failure);
            }
            store.record(authorization, failure);
            throw failure;
        }
    }

    /**
     * Whether the provider, or the credential to ask it with, may only be away for a moment, so that signing in again does
     * not help.
     */
    private static boolean mayBeAway(TokenFailure failure) {
        return failure.kind() == TokenFailure.Kind.UNREACHABLE
                || failure.kind() == TokenFailure.Kind.CREDENTIAL_MISSING;
    }

    private Origin origin(
            String key, OAuthApplication application, Set<String> scopes, @CheckForNull Object signIn, Request request)
            throws TokenFailure {
        try {
            return new Origin(application.registration(), scopes, signIn, client.current());
        } catch (TokenFailure failure) {
            // What stores credentials may be unavailable for a moment, which does not matter as long as a token is at
            // hand.
            Live present = request == TOKEN && mayBeAway(failure) ? sources.get(key) : null;
            if (present != null
                    && present.source().atHand() != null
                    && present.origin().isOf(application, scopes, signIn, client.current())) {
                return present.origin();
            }
            throw failure;
        }
    }

    /** The scopes of a sign-in that belong to the service that the account uses; a token has only one. */
    private static Set<String> scopes(Authorization authorization, MailAccount account, OAuthApplication application) {
        String resource = application.resource(account);
        return authorization.getScopes().stream()
                .filter(scope -> scope.startsWith(resource))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Optional<Authorization> stored(MailAccount account, OAuthApplication application)
            throws TokenFailure {
        try {
            return AuthorizationStore.get().find(account, application);
        } catch (UncheckedIOException e) {
            throw new TokenFailure(TokenFailure.Kind.STORE, e.getMessage(), e);
        }
    }

    /** @param make receives the previous one, or null */
    private Live live(String key, Origin origin, BiFunction<Origin, Live, Live> make) {
        return sources.compute(
                key,
                (same, present) ->
                        present != null && present.origin().equals(origin) ? present : make.apply(origin, present));
    }

    private static TokenFailure notAuthorized(String sentence) {
        return new TokenFailure(TokenFailure.Kind.NOT_AUTHORIZED, sentence);
    }

    private interface Request {
        AccessToken of(TokenSource source) throws TokenFailure, InterruptedException;
    }

    private record Origin(
            Registration registration,
            Set<String> scopes,
            @CheckForNull Object signIn,
            HttpClient client) {

        /** Whether it differs from what it would be now in the credential at most. */
        boolean isOf(OAuthApplication application, Set<String> itsScopes, Object itsSignIn, HttpClient itsClient) {
            return isSameSignIn(itsSignIn, application.getClientId(), application.authority())
                    && scopes.equals(itsScopes)
                    && client.equals(itsClient);
        }

        boolean isSameSignIn(Origin other) {
            return isSameSignIn(other.signIn, other.registration.clientId(), other.registration.authority());
        }

        private boolean isSameSignIn(Object itsSignIn, String clientId, Authority authority) {
            return Objects.equals(signIn, itsSignIn)
                    && registration.clientId().equals(clientId)
                    && registration.authority().equals(authority);
        }
    }

    private record Live(
            Origin origin, TokenSource source, @CheckForNull TokenCacheKeeper keeper) {}
}
