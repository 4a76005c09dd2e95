package io.jenkins.plugins.oauthmail.token;

import com.microsoft.aad.msal4j.AuthorizationCodeParameters;
import com.microsoft.aad.msal4j.ClientCredentialFactory;
import com.microsoft.aad.msal4j.ClientCredentialParameters;
import com.microsoft.aad.msal4j.ConfidentialClientApplication;
import com.microsoft.aad.msal4j.IAccount;
import com.microsoft.aad.msal4j.IAuthenticationResult;
import com.microsoft.aad.msal4j.IClientCredential;
import com.microsoft.aad.msal4j.MsalException;
import com.microsoft.aad.msal4j.SilentParameters;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * One MSAL4J application object, good for one exchange with the token endpoint in the calling thread. Making one costs
 * nothing but memory: its only state is the token cache, which comes from and goes back to the store each time, so
 * that a failed save can leave nothing behind. MSAL's throttling and its cache of refusals, both JVM-wide, apply to
 * public clients only; this is a confidential one.
 */
final class Msal {

    /** MSAL's own word (AuthenticationErrorCode.CACHE_MISS) for: no refresh token either. */
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
                    // Either of the two would ask login.microsoftonline.com, whatever the authority.
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
        ClientCredential.Certificate given = (ClientCredential.Certificate) credential;
        try {
            ClientCredential.Certificate pair = KeyMaterial.pair(given.certificate(), given.key(), Clock.systemUTC());
            return ClientCredentialFactory.createFromCertificate(pair.key(), pair.certificate());
        } catch (InvalidKeyMaterial e) {
            throw new TokenFailure(TokenFailure.Kind.KEY_MATERIAL, e.getMessage(), e);
        }
    }

    /** The token cache as JSON, tokens in the clear. */
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

    IAuthenticationResult silent(Set<String> scopes, boolean forced) throws TokenFailure, InterruptedException {
        Set<IAccount> accounts = result(application.getAccounts());
        if (accounts.size() != 1) {
            throw signInAgain(Messages.Msal_nobody());
        }
        try {
            return result(application.acquireTokenSilently(
                    SilentParameters.builder(scopes, accounts.iterator().next())
                            // Without it MSAL goes to the host it remembers, which lacks the port.
                            .authorityUrl(authority.uri().toString())
                            .forceRefresh(forced)
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
            // Its message may quote the answer, tokens included: neither that nor the cause is passed on.
            throw new TokenFailure(
                    TokenFailure.Kind.UNREACHABLE,
                    Messages.Msal_answer(code == null ? thrown.getClass().getSimpleName() : code));
        }
    }

    private static TokenFailure signInAgain(String sentence) {
        return new TokenFailure(TokenFailure.Kind.SIGN_IN_AGAIN, sentence);
    }
}
