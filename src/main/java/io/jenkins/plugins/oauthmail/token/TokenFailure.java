package io.jenkins.plugins.oauthmail.token;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;

/**
 * No token to be had. The message is one sentence: what happened, the provider's code if it gave one, and the fix. It
 * never contains a token, code, secret or assertion, and whatever the provider sent is bounded and on one line.
 */
public final class TokenFailure extends Exception {

    private static final long serialVersionUID = 1L;

    /** Whose turn it is to do something. */
    public enum Kind {
        /** Nobody has authorized yet. */
        NOT_AUTHORIZED,
        /** There was an authorization; the person has to sign in again. */
        SIGN_IN_AGAIN,
        /** The provider does not take the application or its client authentication. */
        CLIENT_REFUSED,
        /** The provider does not take what was asked for. */
        REQUEST_REFUSED,
        /** No answer, or none that says anything about the request: trying again later may help. */
        UNREACHABLE,
        /** The certificate or key cannot be used. */
        KEY_MATERIAL,
        /** The authorization could not be read or kept. */
        STORE
    }

    private final Kind kind;
    private final String error;
    private final String code;
    private final String traceId;
    private final String correlationId;
    private final boolean answerLost;

    /**
     * @param kind whose turn it is
     * @param sentence what happened and the fix
     */
    public TokenFailure(@NonNull Kind kind, @NonNull String sentence) {
        this(kind, sentence, null);
    }

    /**
     * @param kind whose turn it is
     * @param sentence what happened and the fix
     * @param cause shown in stack traces only; must not hold secrets
     */
    public TokenFailure(@NonNull Kind kind, @NonNull String sentence, @CheckForNull Throwable cause) {
        this(kind, sentence, null, cause);
    }

    TokenFailure(Kind kind, String sentence, @CheckForNull ProviderError said, @CheckForNull Throwable cause) {
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
     * The sentence for an administrator: with the provider's trace and correlation ids, if there are any, which Microsoft's
     * support and the tenant's sign-in log are asked for.
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

    /** The same failure for another thread, with that thread's stack. */
    @NonNull
    TokenFailure again() {
        return new TokenFailure(this, answerLost);
    }

    @NonNull
    TokenFailure withAnswerLost() {
        return new TokenFailure(this, true);
    }

    /**
     * Whether a renewal was sent and its answer never understood. Where refresh tokens are for single use, the stored one
     * may then be worthless without anybody having revoked it.
     */
    public boolean answerLost() {
        return answerLost;
    }

    @NonNull
    public Kind kind() {
        return kind;
    }

    /** OAuth {@code error} (RFC 6749, 5.2): the field to branch on; null if the provider named none. */
    @CheckForNull
    public String error() {
        return error;
    }

    /** Such as {@code AADSTS700082}, to be shown and never branched on; null if the provider named none. */
    @CheckForNull
    public String code() {
        return code;
    }

    /** What Microsoft's support asks for; null if there is none. */
    @CheckForNull
    public String traceId() {
        return traceId;
    }

    /** What the tenant's sign-in log is searched by; null if there is none. */
    @CheckForNull
    public String correlationId() {
        return correlationId;
    }
}
