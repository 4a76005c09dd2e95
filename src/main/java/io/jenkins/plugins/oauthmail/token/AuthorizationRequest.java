package io.jenkins.plugins.oauthmail.token;

import com.microsoft.aad.msal4j.IAuthenticationResult;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
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
 * One pending sign-in by authorization code with PKCE (RFC 6749, 4.1; RFC 7636). It holds secrets: keep it in the
 * session of the person who started it, and take it out when the first answer comes.
 */
public final class AuthorizationRequest {

    /** How long a person may take to sign in. */
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

    /** As {@link #create(Registration, String, Set, Set, String, Clock)}, without extra scopes. */
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
     * @param scopes of the one resource that the code is redeemed for
     * @param extraScopes to be consented to as well; may be of other resources
     * @param loginHint sign-in name to suggest, or null
     * @param clock when it is now
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
     * Where to send the browser. Put together here and not by MSAL4J, which insists on {@code form_post}: that answer
     * is a cross-site POST without the session cookie.
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
     * Whether an answer belongs to this request; compares in constant time.
     *
     * @param answered the {@code state} that came back, or null
     */
    public boolean isAnswer(@CheckForNull String answered) {
        return answered != null && Identity.same(state, answered);
    }

    /** Whether the ten minutes are over. */
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

    /** Those the code is redeemed for. */
    @NonNull
    public Set<String> scopes() {
        return scopes;
    }

    /**
     * What to tell the person when the answer is an error (RFC 6749, 4.1.2.1).
     *
     * @param error the {@code error} that came back; not trusted
     * @param description the {@code error_description}; not trusted
     */
    @NonNull
    public static TokenFailure refusal(@CheckForNull String error, @CheckForNull String description) {
        return Refusal.of(Refusal.Of.SIGN_IN, ProviderError.of(error, description, List.of()), null);
    }

    /**
     * Exchanges the code for tokens, for {@link #scopes()}. Works once: the provider refuses a code it has seen.
     *
     * @param registration the same application as at the start
     * @param code as it came with the redirect
     * @param client brings proxy, trust and connect timeout
     * @throws TokenFailure if the provider refuses, or the answer does not belong to this request
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

    /** Names the application, none of the secrets. */
    @Override
    public String toString() {
        return "AuthorizationRequest[" + clientId + " at " + authority + ", expires=" + expires + "]";
    }
}
