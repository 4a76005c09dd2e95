package io.jenkins.plugins.oauthmail.token.entra;

import com.microsoft.aad.msal4j.IAuthenticationResult;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * One pending sign-in with authorization code and PKCE (RFC 6749 section 4.1; RFC 7636). It contains secrets: keep it
 * in the session of the person who started it, and remove it when the first response arrives.
 */
public final class AuthorizationRequest {

    /** How much time a person has to sign in. */
    public static final Duration LIFE = Duration.ofMinutes(10);

    private static final List<String> IDENTITY_SCOPES = List.of("offline_access", "openid", "profile");

    private final String clientId;
    private final Authority authority;
    private final String redirectUri;
    private final Set<String> scopes;
    private final Set<String> extraScopes;
    private final String loginHint;
    private final String state = RandomText.next();
    private final String nonce = RandomText.next();
    private final ProofKey proofKey = ProofKey.create();
    private final Instant expires;

    private AuthorizationRequest(
            Registration registration,
            String redirectUri,
            Set<String> scopes,
            Set<String> extraScopes,
            String loginHint,
            Clock clock) {
        clientId = registration.clientId();
        authority = registration.authority();
        this.redirectUri = Objects.requireNonNull(redirectUri);
        this.scopes = Set.copyOf(scopes);
        this.extraScopes = Set.copyOf(extraScopes);
        this.loginHint = loginHint;
        expires = clock.instant().plus(LIFE);
    }

    /** Same as {@link #create(Registration, String, Set, Set, String, Clock)}, without extra scopes. */
    @NonNull
    public static AuthorizationRequest create(
            @NonNull Registration registration,
            @NonNull String redirectUri,
            @NonNull Set<String> scopes,
            @CheckForNull String loginHint,
            @NonNull Clock clock) {
        return create(registration, redirectUri, scopes, Set.of(), loginHint, clock);
    }

    /**
     * @param registration the application; its credential is not kept
     * @param redirectUri exactly as registered
     * @param scopes of the one resource that the code will be redeemed for
     * @param extraScopes scopes to consent to as well; may belong to other resources
     * @param loginHint sign-in name to suggest, or null
     * @param clock the current time
     */
    @NonNull
    public static AuthorizationRequest create(
            @NonNull Registration registration,
            @NonNull String redirectUri,
            @NonNull Set<String> scopes,
            @NonNull Set<String> extraScopes,
            @CheckForNull String loginHint,
            @NonNull Clock clock) {
        return new AuthorizationRequest(registration, redirectUri, scopes, extraScopes, loginHint, clock);
    }

    /**
     * The URL to send the browser to. It is not created by MSAL4J, which always adds {@code response_mode=form_post}:
     * that response would be a cross-site POST, which browsers send without the session cookie.
     */
    @NonNull
    public URI url() {
        Set<String> all = new TreeSet<>(scopes);
        all.addAll(extraScopes);
        all.addAll(IDENTITY_SCOPES);
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("client_id", clientId);
        parameters.put("response_type", "code");
        parameters.put("response_mode", "query");
        parameters.put("redirect_uri", redirectUri);
        parameters.put("scope", String.join(" ", all));
        parameters.put("state", state);
        parameters.put("nonce", nonce);
        parameters.put("code_challenge", proofKey.challenge());
        parameters.put("code_challenge_method", ProofKey.METHOD);
        parameters.put("prompt", "select_account");
        if (loginHint != null && !loginHint.isBlank()) {
            parameters.put("login_hint", loginHint);
        }
        String query = parameters.entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + escaped(parameter.getValue()))
                .collect(Collectors.joining("&"));
        return URI.create(authority.authorizeEndpoint() + "?" + query);
    }

    private static String escaped(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * Whether a response belongs to this request; compares in constant time.
     *
     * @param answered the {@code state} of the response, or null
     */
    public boolean isAnswer(@CheckForNull String answered) {
        return answered != null && Identity.same(state, answered);
    }

    /** Whether {@link #LIFE} is over. */
    public boolean expired(@NonNull Clock clock) {
        return !clock.instant().isBefore(expires);
    }

    @NonNull
    public String state() {
        return state;
    }

    @NonNull
    public String redirectUri() {
        return redirectUri;
    }

    /** The scopes that the code is redeemed for. */
    @NonNull
    public Set<String> scopes() {
        return scopes;
    }

    /**
     * Describes an error response (RFC 6749 section 4.1.2.1).
     *
     * @param error the {@code error} of the response; untrusted
     * @param description the {@code error_description} of the response; untrusted
     */
    @NonNull
    public static TokenFailure refusal(@CheckForNull String error, @CheckForNull String description) {
        return Refusal.of(Refusal.Of.SIGN_IN, ProviderError.of(error, description, List.of()), null);
    }

    /**
     * Exchanges the code for tokens for {@link #scopes()}. Works only once, because the provider refuses a code that
     * was used before.
     *
     * @param registration the same application as at the start
     * @param code the code of the response
     * @param client provides proxy, trusted certificates and connect timeout
     * @throws TokenFailure if the provider refuses, or the response does not belong to this request
     * @throws InterruptedException if interrupted; the code may have been used
     */
    @NonNull
    public SignIn redeem(@NonNull Registration registration, @NonNull String code, @NonNull HttpClient client)
            throws TokenFailure, InterruptedException {
        if (!registration.clientId().equals(clientId)
                || !registration.authority().equals(authority)) {
            throw new TokenFailure(TokenFailure.Kind.SIGN_IN_AGAIN, Messages.AuthorizationRequest_changed());
        }
        Msal msal = Msal.open(
                registration, client, TokenEndpoint.PATIENCE, Refusal.Of.SIGN_IN, new Exchanges(TimeSource.SYSTEM));
        IAuthenticationResult result = msal.redeem(code, URI.create(redirectUri), scopes, proofKey.verifier());
        Identity identity = Identity.of(result.idToken(), clientId, nonce);
        if (result.account() == null) {
            throw new TokenFailure(TokenFailure.Kind.REQUEST_REFUSED, Messages.AuthorizationRequest_noClientInfo());
        }
        return new SignIn(
                identity.tenantId(),
                identity.objectId(),
                identity.username(),
                msal.cache(),
                result.expiresOnDate().toInstant());
    }

    /** Contains the application, but none of the secrets. */
    @Override
    public String toString() {
        return "AuthorizationRequest[" + clientId + " at " + authority + ", expires=" + expires + "]";
    }
}
