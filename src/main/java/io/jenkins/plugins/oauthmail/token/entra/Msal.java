package io.jenkins.plugins.oauthmail.token.entra;

import com.microsoft.aad.msal4j.AuthorizationCodeParameters;
import com.microsoft.aad.msal4j.ClientCredentialFactory;
import com.microsoft.aad.msal4j.ClientCredentialParameters;
import com.microsoft.aad.msal4j.ConfidentialClientApplication;
import com.microsoft.aad.msal4j.IAccount;
import com.microsoft.aad.msal4j.IAuthenticationResult;
import com.microsoft.aad.msal4j.IClientCredential;
import com.microsoft.aad.msal4j.MsalException;
import com.microsoft.aad.msal4j.SilentParameters;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * An MSAL4J application object for one exchange with the token endpoint in the calling thread. Creating one costs only
 * memory: its only state is the token cache, which is loaded from the store and saved to it each time, so a failed save
 * leaves nothing behind. MSAL's throttling and its cache of failures, which the whole JVM shares, only apply to public
 * clients; this is a confidential one.
 */
final class Msal {

    /** MSAL's error code (AuthenticationErrorCode.CACHE_MISS) if there is no refresh token either. */
    private static final String CACHE_MISS = "cache_miss";

    private final ConfidentialClientApplication application;
    private final Authority authority;

    private Msal(ConfidentialClientApplication application, Authority authority) {
        this.application = application;
        this.authority = authority;
    }

    static Msal open(
            Registration registration, HttpClient client, Duration patience, Refusal.Of request, Exchanges exchanges)
            throws TokenFailure {
        IClientCredential credential = credential(registration.credential());
        try {
            ConfidentialClientApplication application = ConfidentialClientApplication.builder(
                            registration.clientId(), credential)
                    .authority(registration.authority().uri().toString())
                    // Either of these would send requests to login.microsoftonline.com, whatever the authority.
                    .instanceDiscovery(false)
                    .validateAuthority(false)
                    .httpClient(new TokenEndpoint(client, patience, request, exchanges))
                    .disableInternalRetries()
                    .executorService(new CallingThread())
                    .build();
            return new Msal(application, registration.authority());
        } catch (MalformedURLException | IllegalArgumentException e) {
            throw new TokenFailure(
                    TokenFailure.Kind.REQUEST_REFUSED, Messages.Msal_authority(registration.authority()), e);
        }
    }

    private static IClientCredential credential(ClientCredential credential) throws TokenFailure {
        if (credential instanceof ClientCredential.Secret secret) {
            return ClientCredentialFactory.createFromSecret(secret.value());
        }
        if (credential instanceof ClientCredential.Federated federated) {
            // Asked only if there is a request to send, not if the answer is still in the cache.
            return ClientCredentialFactory.createFromCallback(() -> {
                try {
                    return federated.source().read();
                } catch (TokenFailure failure) {
                    throw new TokenEndpoint.Stopped(failure);
                }
            });
        }
        ClientCredential.Certificate given = (ClientCredential.Certificate) credential;
        try {
            ClientCredential.Certificate pair = KeyMaterial.pair(given.certificate(), given.key(), Clock.systemUTC());
            return ClientCredentialFactory.createFromCertificate(pair.key(), pair.certificate());
        } catch (InvalidKeyMaterial e) {
            throw new TokenFailure(TokenFailure.Kind.KEY_MATERIAL, e.getMessage(), e);
        }
    }

    /** The token cache as JSON, with unencrypted tokens. */
    String cache() {
        return application.tokenCache().serialize();
    }

    /** @throws RuntimeException if the text is not a token cache */
    void cache(String json) {
        application.tokenCache().deserialize(json);
    }

    IAuthenticationResult redeem(String code, URI redirectUri, Set<String> scopes, String codeVerifier)
            throws TokenFailure, InterruptedException {
        return result(application.acquireToken(AuthorizationCodeParameters.builder(code, redirectUri)
                .scopes(scopes)
                .codeVerifier(codeVerifier)
                .build()));
    }

    IAuthenticationResult silent(Set<String> scopes, Freshness freshness) throws TokenFailure, InterruptedException {
        Set<IAccount> accounts = result(application.getAccounts());
        if (accounts.size() != 1) {
            throw signInAgain(Messages.Msal_noPerson());
        }
        try {
            return result(application.acquireTokenSilently(
                    SilentParameters.builder(scopes, accounts.iterator().next())
                            // Without this, MSAL uses the host name from its cache, which has no port.
                            .authorityUrl(authority.uri().toString())
                            .forceRefresh(freshness == Freshness.NEW)
                            .build()));
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }

    IAuthenticationResult application(Set<String> scopes) throws TokenFailure, InterruptedException {
        return result(application.acquireToken(
                ClientCredentialParameters.builder(scopes).skipCache(true).build()));
    }

    private static <T> T result(CompletableFuture<T> future) throws TokenFailure, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            Throwable thrown = e.getCause();
            for (Throwable t = thrown; t != null; t = t.getCause()) {
                if (t instanceof TokenEndpoint.Stopped stopped) {
                    throw stopped.failure();
                }
                if (t instanceof InterruptedException) {
                    throw new InterruptedException();
                }
            }
            String code = thrown instanceof MsalException msal ? msal.errorCode() : null;
            if (CACHE_MISS.equals(code)) {
                throw signInAgain(Messages.Msal_noRefreshToken());
            }
            // The exception may quote the response, including tokens, so neither its message nor the exception is
            // passed on.
            throw new TokenFailure(
                    TokenFailure.Kind.UNREACHABLE,
                    Messages.Msal_answer(code == null ? thrown.getClass().getSimpleName() : code));
        }
    }

    private static TokenFailure signInAgain(String sentence) {
        return new TokenFailure(TokenFailure.Kind.SIGN_IN_AGAIN, sentence);
    }
}
