package io.jenkins.plugins.oauthmail.token;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;

/**
 * Why there is no token. The message is one sentence: what happened, the provider's error code if there is one, and the
 * fix. It never contains a token, code, secret or assertion; text from the provider is limited in length and on one
 * line.
 */
public final class TokenFailure extends Exception {

    private static final long serialVersionUID = 1L;

    /** What has to be done. */
    public enum Kind {
        /** Somebody has to authorize, which nobody has done yet. */
        NOT_AUTHORIZED,
        /** The person has to sign in again, because the authorization is no longer valid. */
        SIGN_IN_AGAIN,
        /** The application or its authentication has to be corrected, because the provider refuses it. */
        CLIENT_REFUSED,
        /** The request has to be corrected (scopes, consent), because the provider refuses it. */
        REQUEST_REFUSED,
        /** Nothing: there was no response, or none about the request. Trying again later may help. */
        UNREACHABLE,
        /** The certificate or key has to be replaced, because it cannot be used. */
        KEY_MATERIAL,
        /**
         * The credential has to be created, or another one selected. If it has been used before, it may also come back by
         * itself: some providers of credentials list none while they cannot reach the system that stores them.
         */
        CREDENTIAL_MISSING,
        /** The disk of the controller has to be checked, because the authorization could not be read or saved. */
        STORE
    }

    /**
     * What identifies an error response of the provider.
     *
     * @param error the OAuth {@code error}, or null
     * @param code the provider's own code, only for display, or null
     * @param traceId the id that the provider's support asks for, or null
     * @param correlationId the id of the request in the provider's log, or null
     */
    public record Reply(
            @CheckForNull String error,
            @CheckForNull String code,
            @CheckForNull String traceId,
            @CheckForNull String correlationId) {}

    private final Kind kind;
    private final String error;
    private final String code;
    private final String traceId;
    private final String correlationId;
    private final boolean answerLost;

    /**
     * @param kind what has to be done
     * @param sentence what happened and the fix
     */
    public TokenFailure(@NonNull Kind kind, @NonNull String sentence) {
        this(kind, sentence, null);
    }

    /**
     * @param kind what has to be done
     * @param sentence what happened and the fix
     * @param cause only shown in stack traces; must not contain secrets
     */
    public TokenFailure(@NonNull Kind kind, @NonNull String sentence, @CheckForNull Throwable cause) {
        this(kind, sentence, null, cause);
    }

    /**
     * @param kind what has to be done
     * @param sentence what happened and the fix
     * @param said what identifies the provider's error; null if it sent none
     * @param cause only shown in stack traces; must not contain secrets
     */
    public TokenFailure(
            @NonNull Kind kind, @NonNull String sentence, @CheckForNull Reply said, @CheckForNull Throwable cause) {
        super(sentence, cause);
        this.kind = kind;
        this.error = said == null ? null : said.error();
        this.code = said == null ? null : said.code();
        this.traceId = said == null ? null : said.traceId();
        this.correlationId = said == null ? null : said.correlationId();
        this.answerLost = false;
    }

    private TokenFailure(TokenFailure first, boolean answerLost) {
        super(first.getMessage(), first);
        kind = first.kind;
        error = first.error;
        code = first.code;
        traceId = first.traceId;
        correlationId = first.correlationId;
        this.answerLost = answerLost;
    }

    /**
     * The sentence for administrators, with the provider's trace and correlation ids if there are any. Microsoft's
     * support asks for them, and they can be found in the tenant's sign-in log.
     */
    @NonNull
    public String messageWithIds() {
        if (traceId == null) {
            return correlationId == null
                    ? getMessage()
                    : Messages.TokenFailure_correlationId(getMessage(), correlationId);
        }
        return correlationId == null
                ? Messages.TokenFailure_traceId(getMessage(), traceId)
                : Messages.TokenFailure_ids(getMessage(), traceId, correlationId);
    }

    /** The same failure with the stack of the current thread. */
    @NonNull
    public TokenFailure again() {
        return new TokenFailure(this, answerLost);
    }

    /** The same failure, for a renewal whose response was lost. */
    @NonNull
    public TokenFailure withAnswerLost() {
        return new TokenFailure(this, true);
    }

    /**
     * Whether a renewal was sent and its response was lost or unusable. If refresh tokens can be used only once, the
     * stored one may then be useless although nobody has revoked it.
     */
    public boolean answerLost() {
        return answerLost;
    }

    @NonNull
    public Kind kind() {
        return kind;
    }

    /**
     * The OAuth {@code error} (RFC 6749 section 5.2), on which decisions may depend; null if the provider sent none.
     */
    @CheckForNull
    public String error() {
        return error;
    }

    /** A code such as {@code AADSTS700082}, only for display; null if the provider sent none. */
    @CheckForNull
    public String code() {
        return code;
    }

    /** The id that Microsoft's support asks for; null if there is none. */
    @CheckForNull
    public String traceId() {
        return traceId;
    }

    /** The id to search for in the tenant's sign-in log; null if there is none. */
    @CheckForNull
    public String correlationId() {
        return correlationId;
    }
}
