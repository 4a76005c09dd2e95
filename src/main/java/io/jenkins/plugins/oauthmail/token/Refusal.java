package io.jenkins.plugins.oauthmail.token;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Set;

/**
 * Turns a provider's refusal into a failure that says what to do. What kind it is follows from the OAuth error alone;
 * the AADSTS code chooses nothing but words, since Microsoft may change codes at any time.
 *
 * @see <a href="https://learn.microsoft.com/entra/identity-platform/reference-error-codes">Entra's error codes</a>
 */
final class Refusal {

    /** Which request was refused; the same error asks different people for different things. */
    enum Of {
        SIGN_IN,
        REFRESH,
        APPLICATION
    }

    private static final Set<String> PERSON_NEEDED = Set.of(
            "invalid_grant",
            "interaction_required",
            "login_required",
            "consent_required",
            "account_selection_required",
            "access_denied");
    private static final Set<String> CLIENT = Set.of("invalid_client", "unauthorized_client");
    private static final Set<String> LATER = Set.of("temporarily_unavailable", "server_error");

    private Refusal() {}

    /**
     * @param request what was asked
     * @param said the provider's answer, cleaned
     * @param cause may be null
     */
    @NonNull
    static TokenFailure of(@NonNull Of request, @NonNull ProviderError said, @CheckForNull Throwable cause) {
        TokenFailure.Kind kind = kind(request, said.error());
        Advice known = Advice.forCode(said.code());
        String label = said.label().isEmpty() ? "" : " (" + said.label() + ")";
        String sentence;
        if (known != null) {
            sentence = known.what() + label + ": " + fix(request, known, kind) + ".";
        } else {
            String words = said.words().isEmpty() ? "" : ", saying \"" + said.words() + "\"";
            sentence =
                    "The provider refused " + subject(request, kind) + label + words + ": " + fix(request, kind) + ".";
        }
        return new TokenFailure(kind, sentence, said, cause);
    }

    private static TokenFailure.Kind kind(Of request, String error) {
        if (error == null) {
            return TokenFailure.Kind.REQUEST_REFUSED;
        }
        if (PERSON_NEEDED.contains(error)) {
            // With client credentials there is no person who could sign in.
            return request == Of.APPLICATION ? TokenFailure.Kind.REQUEST_REFUSED : TokenFailure.Kind.SIGN_IN_AGAIN;
        }
        if (CLIENT.contains(error)) {
            return TokenFailure.Kind.CLIENT_REFUSED;
        }
        return LATER.contains(error) ? TokenFailure.Kind.UNREACHABLE : TokenFailure.Kind.REQUEST_REFUSED;
    }

    private static String subject(Of request, TokenFailure.Kind kind) {
        return switch (kind) {
            case CLIENT_REFUSED -> "the application or its client authentication";
            case SIGN_IN_AGAIN -> request == Of.REFRESH ? "to renew the sign-in" : "the sign-in";
            case UNREACHABLE -> "the request for now";
            default -> "the request";
        };
    }

    private static String fix(Of request, TokenFailure.Kind kind) {
        return switch (kind) {
            case CLIENT_REFUSED -> "check client id, tenant and client secret or certificate of the OAuth application";
            case SIGN_IN_AGAIN ->
                request == Of.REFRESH ? "re-authorize the mail account" : "start the authorization again";
            case UNREACHABLE -> "try again later";
            default ->
                request == Of.APPLICATION
                        ? "check the tenant, the application permissions and that an administrator consented to them"
                        : "check the tenant, the scopes and the permissions of the app registration";
        };
    }

    private static String fix(Of request, Advice known, TokenFailure.Kind kind) {
        if (!known.thenSignIn() || request == Of.APPLICATION) {
            return known.fix().isEmpty() ? fix(request, kind) : known.fix();
        }
        String again = fix(request, TokenFailure.Kind.SIGN_IN_AGAIN);
        return known.fix().isEmpty() ? again : known.fix() + ", then " + again;
    }
}
