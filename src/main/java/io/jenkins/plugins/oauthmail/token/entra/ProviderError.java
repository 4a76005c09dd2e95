package io.jenkins.plugins.oauthmail.token.entra;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An error response of a provider (RFC 6749 sections 4.1.2.1 and 5.2, with Entra's additions), cleaned so that every
 * component is safe to display.
 *
 * @param error the OAuth error; null if there is none or it is not a valid one
 * @param code AADSTS code including the prefix, or null
 * @param traceId or null
 * @param correlationId or null
 * @param words the description on one line, without the ids; may be empty
 */
record ProviderError(
        @CheckForNull String error,
        @CheckForNull String code,
        @CheckForNull String traceId,
        @CheckForNull String correlationId,
        @NonNull String words) {

    private static final Pattern ERROR = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9-]{1,64}");
    private static final Pattern CODE = Pattern.compile("AADSTS\\d{3,9}");
    private static final Pattern NUMBER = Pattern.compile("\\d{3,9}");
    private static final Pattern TRACE = Pattern.compile("(?i)trace id:\\s*([A-Za-z0-9-]{1,64})");
    private static final Pattern CORRELATION = Pattern.compile("(?i)correlation id:\\s*([A-Za-z0-9-]{1,64})");
    private static final Pattern LEADING_CODE = Pattern.compile("^AADSTS\\d{3,9}:\\s*");

    /** From the parsed response of the token endpoint; {@code secrets} are the values that were sent to it. */
    @NonNull
    static ProviderError of(@NonNull Map<String, Object> answer, @NonNull Collection<String> secrets) {
        String description = string(answer.get("error_description"));
        ProviderError said = of(string(answer.get("error")), description, secrets);
        String code = said.code();
        if (code == null && answer.get("error_codes") instanceof List<?> numbers && !numbers.isEmpty()) {
            String number = only(String.valueOf(numbers.get(0)), NUMBER);
            code = number == null ? null : "AADSTS" + number;
        }
        String trace = only(string(answer.get("trace_id")), ID);
        String correlation = only(string(answer.get("correlation_id")), ID);
        return new ProviderError(
                said.error(),
                code,
                trace == null ? said.traceId() : trace,
                correlation == null ? said.correlationId() : correlation,
                said.words());
    }

    /** From the parameters of the redirect, or the members of a response. */
    @NonNull
    static ProviderError of(
            @CheckForNull String error, @CheckForNull String description, @NonNull Collection<String> secrets) {
        String text = description == null ? "" : description.substring(0, Math.min(description.length(), 4000));
        Matcher code = CODE.matcher(text);
        return new ProviderError(
                only(error, ERROR),
                code.find() ? code.group() : null,
                group(TRACE, text),
                group(CORRELATION, text),
                LEADING_CODE.matcher(QuotedText.ofProvider(text, secrets)).replaceFirst(""));
    }

    @NonNull
    TokenFailure.Reply reply() {
        return new TokenFailure.Reply(error, code, traceId, correlationId);
    }

    /** The error and code, for parentheses in a sentence; empty if the provider sent neither. */
    @NonNull
    String label() {
        if (error == null) {
            return code == null ? "" : code;
        }
        return code == null ? error : error + ", " + code;
    }

    /** Returns the text if it matches, otherwise null. */
    private static String only(String text, Pattern shape) {
        return text != null && shape.matcher(text).matches() ? text : null;
    }

    private static String group(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group(1) : null;
    }

    private static String string(Object value) {
        return value instanceof String text ? text : null;
    }
}
