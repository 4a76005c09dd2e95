package io.jenkins.plugins.oauthmail.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.ProxyConfiguration;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import io.jenkins.plugins.oauthmail.token.ApplicationTokenSource;
import io.jenkins.plugins.oauthmail.token.DelegatedTokenSource;
import io.jenkins.plugins.oauthmail.token.Registration;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import io.jenkins.plugins.oauthmail.token.TokenSource;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import jenkins.model.Jenkins;

/**
 * The live token sources: one for each delegated account, one for each application that acts for itself. A source is
 * made anew when what it was made from has changed: registration, credential, scopes, sign-in or proxy.
 */
@Extension
public class TokenSources {
    private static final String ACCOUNT = "account ";
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);

    private final Map<String, Live> sources = new ConcurrentHashMap<>();
    private final Map<String, Instant> goodUntil = new ConcurrentHashMap<>();

    @NonNull
    public static TokenSources get() {
        return ExtensionList.lookupSingleton(TokenSources.class);
    }

    /** A client that reaches the token endpoint through Jenkins' proxy settings. */
    @NonNull
    public static HttpClient httpClient() {
        return ProxyConfiguration.newHttpClientBuilder()
                .connectTimeout(CONNECT_TIMEOUT)
                .build();
    }

    /**
     * The source of the account's tokens. Account, application and credentials are looked up at each call, so that a
     * mended setting works at once.
     *
     * @param accountId of the account; that there is none shows when a token is asked for
     * @param use what the tokens are for; a sign-in that does not cover it gives none
     */
    @NonNull
    public TokenSource of(@NonNull String accountId, @NonNull MailUse use) {
        return () -> {
            MailAccount account = account(accountId);
            OAuthApplication application = applicationOf(account);
            if (account.getGrant() == Grant.DELEGATED) {
                return delegated(account, application, use, DelegatedTokenSource::token);
            }
            AccessToken token = ofApplication(application).token();
            goodUntil.put(accountId, token.expiresAt());
            return token;
        };
    }

    /**
     * Asks for new tokens of a delegated account now, whatever is left of the present ones, so that its refresh token
     * does not grow old.
     *
     * @throws TokenFailure also if the account is not authorized
     */
    public void refresh(@NonNull String accountId) throws TokenFailure, InterruptedException {
        MailAccount account = account(accountId);
        delegated(account, applicationOf(account), MailUse.SEND, DelegatedTokenSource::refresh);
    }

    /** When the account's last access token ends, or ended; empty if there was none since Jenkins started. */
    @NonNull
    public Optional<Instant> goodUntil(@NonNull String accountId) {
        return Optional.ofNullable(goodUntil.get(accountId));
    }

    /** Drops what is held for an account whose authorization was forgotten. */
    public void forget(@NonNull String accountId) {
        goodUntil.remove(accountId);
        sources.remove(ACCOUNT + accountId);
    }

    /**
     * The application that an account names.
     *
     * @throws TokenFailure if there is none of that id
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

    private TokenSource ofApplication(OAuthApplication application) throws TokenFailure {
        Set<String> scopes = Set.of(application.applicationScope());
        return live(
                "application " + application.getId(),
                new Origin(
                        application.registration(), scopes, null, Jenkins.get().getProxy()),
                origin -> new ApplicationTokenSource(origin.registration(), scopes, httpClient()));
    }

    private AccessToken delegated(MailAccount account, OAuthApplication application, MailUse use, Request request)
            throws TokenFailure, InterruptedException {
        AuthorizationStore store = AuthorizationStore.get();
        Authorization authorization = stored(account, application)
                .orElseThrow(() -> notAuthorized(Messages.TokenSources_notAuthorized(account.getId())));
        if (!authorization.isForMailResourceOf(application)) {
            throw notAuthorized(Messages.TokenSources_otherResource(account.getId(), application.getId()));
        }
        if (!authorization.getScopes().contains(application.scope(use))) {
            throw notAuthorized(Messages.TokenSources_mayReadLater(account.getId()));
        }
        Set<String> scopes = authorization.getScopes();
        try {
            AccessToken token = request.of(live(
                    ACCOUNT + account.getId(),
                    new Origin(
                            application.registration(),
                            scopes,
                            authorization.getAuthorizedAt(),
                            Jenkins.get().getProxy()),
                    origin -> new DelegatedTokenSource(
                            origin.registration(), scopes, store.tokenCache(authorization), httpClient())));
            if (authorization.getTrouble() != null) {
                store.record(authorization, null);
            }
            goodUntil.put(account.getId(), token.expiresAt());
            return token;
        } catch (TokenFailure failure) {
            store.record(authorization, failure);
            throw failure;
        }
    }

    private static Optional<Authorization> stored(MailAccount account, OAuthApplication application)
            throws TokenFailure {
        try {
            return AuthorizationStore.get().find(account, application);
        } catch (UncheckedIOException e) {
            throw new TokenFailure(TokenFailure.Kind.STORE, e.getMessage(), e);
        }
    }

    @SuppressWarnings("unchecked") // the key says which kind of source it is
    private <S extends TokenSource> S live(String key, Origin origin, Function<Origin, S> make) {
        return (S) sources.compute(
                        key,
                        (same, present) -> present != null && present.origin().equals(origin)
                                ? present
                                : new Live(origin, make.apply(origin)))
                .source();
    }

    private static TokenFailure notAuthorized(String sentence) {
        return new TokenFailure(TokenFailure.Kind.NOT_AUTHORIZED, sentence);
    }

    private interface Request {
        AccessToken of(DelegatedTokenSource source) throws TokenFailure, InterruptedException;
    }

    private record Origin(
            Registration registration,
            Set<String> scopes,
            @CheckForNull Object signIn,
            @CheckForNull ProxyConfiguration proxy) {}

    private record Live(Origin origin, TokenSource source) {}
}
