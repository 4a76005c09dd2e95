package io.jenkins.plugins.oauthmail.token.entra;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Converts a provider's error response to a failure that says what to do. Its kind only depends on the OAuth error; the
 * AADSTS code only determines the wording, because Microsoft may change codes at any time.
 *
 * @see <a href="https://learn.microsoft.com/entra/identity-platform/reference-error-codes">Entra's error codes</a>
 */
final class Refusal {

    /** The kind of request that was refused, because the same error requires different actions. */
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

    /**
     * Entra's codes for refresh tokens that it no longer accepts; they only determine the wording, as in
     * {@link Advice}.
     */
    private static final Set<String> USED_UP_OR_REVOKED =
            Set.of("AADSTS50173", "AADSTS54005", "AADSTS70000", "AADSTS70008");

    private Refusal() {}

    /**
     * @param request the kind of request
     * @param said the provider's response
     * @param cause may be null
     */
    @NonNull
    static TokenFailure of(@NonNull Of request, @NonNull ProviderError said, @CheckForNull Throwable cause) {
        return of(request, said, false, cause);
    }

    /**
     * Same as {@link #of(Of, ProviderError, Throwable)}.
     *
     * @param answerLost whether the response to an earlier renewal was lost, which may have used up the refresh token
     */
    @NonNull
    static TokenFailure of(
            @NonNull Of request, @NonNull ProviderError said, boolean answerLost, @CheckForNull Throwable cause) {
        TokenFailure.Kind kind = kind(request, said.error());
        if (answerLost && request == Of.REFRESH && isAboutRefreshToken(said)) {
            String what = saying(Messages.Refusal_label(Messages.Refusal_renewal(), said.label()), said);
            return new TokenFailure(kind, Messages.Refusal_afterLostAnswer(what), said.reply(), cause);
        }
        Advice known = Advice.on(said);
        String what = known == null ? what(request, kind) : known.what().get();
        if (!said.label().isEmpty()) {
            what = Messages.Refusal_label(what, said.label());
        }
        String fix = known == null ? fix(request, kind) : fix(request, known, kind);
        return new TokenFailure(kind, Messages.Refusal_sentence(saying(what, said), fix), said.reply(), cause);
    }

    /** Whether the provider says that the same request may succeed later. */
    static boolean passes(@NonNull ProviderError said) {
        return said.error() != null && LATER.contains(said.error());
    }

    /** Appends the provider's own text, if there is any. */
    @NonNull
    static String saying(@NonNull String what, @NonNull ProviderError said) {
        return said.words().isEmpty() ? what : Messages.Refusal_saying(what, said.words());
    }

    /** Other codes have causes that do not depend on which refresh token was sent. */
    private static boolean isAboutRefreshToken(ProviderError said) {
        return "invalid_grant".equals(said.error())
                && (Advice.on(said) == null || USED_UP_OR_REVOKED.contains(said.code()));
    }

    private static TokenFailure.Kind kind(Of request, String error) {
        if (error == null) {
            return TokenFailure.Kind.REQUEST_REFUSED;
        }
        if (PERSON_NEEDED.contains(error)) {
            // With client credentials, there is no person who could sign in.
            return request == Of.APPLICATION ? TokenFailure.Kind.REQUEST_REFUSED : TokenFailure.Kind.SIGN_IN_AGAIN;
        }
        if (CLIENT.contains(error)) {
            return TokenFailure.Kind.CLIENT_REFUSED;
        }
        return LATER.contains(error) ? TokenFailure.Kind.UNREACHABLE : TokenFailure.Kind.REQUEST_REFUSED;
    }

    private static String what(Of request, TokenFailure.Kind kind) {
        return switch (kind) {
            case CLIENT_REFUSED -> Messages.Refusal_client();
            case SIGN_IN_AGAIN -> request == Of.REFRESH ? Messages.Refusal_renewal() : Messages.Refusal_signIn();
            case UNREACHABLE -> Messages.Refusal_forNow();
            default -> Messages.Refusal_request();
        };
    }

    private static String fix(Of request, TokenFailure.Kind kind) {
        return switch (kind) {
            case CLIENT_REFUSED -> Messages.Refusal_checkClient();
            case SIGN_IN_AGAIN ->
                request == Of.REFRESH ? Messages.Refusal_reauthorize() : Messages.Refusal_startAgain();
            case UNREACHABLE -> Messages.Refusal_later();
            default -> request == Of.APPLICATION ? Messages.Refusal_checkPermissions() : Messages.Refusal_checkScopes();
        };
    }

    private static String fix(Of request, Advice known, TokenFailure.Kind kind) {
        boolean again = known.thenSignIn() && request != Of.APPLICATION;
        String usual = fix(request, again ? TokenFailure.Kind.SIGN_IN_AGAIN : kind);
        Supplier<String> fix = known.fix();
        if (fix == null) {
            return usual;
        }
        return again ? Messages.Refusal_then(fix.get(), usual) : fix.get();
    }
}
