package io.jenkins.plugins.oauthmail.mail.graph;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A complete response. Errors are objects with a code, a message and the id of the request. */
final class GraphAnswer {
    static final int OK = 200;
    static final int CREATED = 201;
    static final int ACCEPTED = 202;
    static final int BAD_REQUEST = 400;
    static final int UNAUTHORIZED = 401;
    static final int FORBIDDEN = 403;
    static final int NOT_FOUND = 404;
    static final int PROXY_AUTHENTICATION = 407;
    static final int GONE = 410;
    static final int TOO_LARGE = 413;
    static final int TOO_MANY = 429;
    static final int SERVER_ERROR = 500;
    static final int UNAVAILABLE = 503;
    static final int GATEWAY_TIMEOUT = 504;

    /** The longest that a caller waits because a server asks for it. */
    private static final Duration MAX_RETRY_AFTER = Duration.ofMinutes(15);

    /** Bytes of a body, much more than are shown of it. */
    private static final int MAX_QUOTED = 16 << 10;

    private static final Pattern PAGE =
            Pattern.compile("\\s*(text/html|application/([^;]*\\+)?json)\\b", Pattern.CASE_INSENSITIVE);

    private final int status;
    private final HttpHeaders headers;
    private final byte[] body;
    private boolean parsed;
    private Map<String, Object> json;

    /** @param body the whole body, or what of it is needed */
    GraphAnswer(int status, @NonNull HttpHeaders headers, @NonNull byte[] body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    int status() {
        return status;
    }

    boolean good() {
        return status >= OK && status < 300;
    }

    /** Whether it is what answers for a server, and not a message: those are plain text. */
    boolean isPage() {
        return PAGE.matcher(headers.firstValue("Content-Type").orElse("")).lookingAt();
    }

    /** The body; must not be changed. */
    @NonNull
    byte[] body() {
        return body;
    }

    /** The object in the body; null if there is none. Not for long lists: as maps, they take very much memory. */
    @CheckForNull
    Map<String, Object> json() {
        if (!parsed) {
            json = body.length == 0 ? null : Json.object(body);
            parsed = true;
        }
        return json;
    }

    /** The code of the error; empty if there is none. */
    @NonNull
    String code() {
        return Objects.requireNonNullElse(Json.string(error(), "code"), "");
    }

    /** Whether it has no body. */
    boolean isEmpty() {
        return body.length == 0;
    }

    /** What the server said, for users: status, code, message and the id of the request. */
    @NonNull
    String said() {
        String message = Json.string(error(), "message");
        String text = message == null && json() == null ? beginning() : message;
        String words = Stream.of(Integer.toString(status), code(), QuotedText.ofProvider(text, List.of()))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(" "));
        return sentence(words, requestId());
    }

    /** The status and how the body begins, for users, if it is not what was asked for. */
    @NonNull
    String beginsWith() {
        String words = status + " " + QuotedText.ofProvider(beginning(), List.of());
        return sentence(words, headers.firstValue("request-id").orElse(null));
    }

    private String beginning() {
        return new String(body, 0, Math.min(body.length, MAX_QUOTED), StandardCharsets.UTF_8);
    }

    private static String sentence(String words, @CheckForNull String id) {
        return id == null
                ? Messages.GraphAnswer_said(QuotedText.clean(words))
                : Messages.GraphAnswer_request(QuotedText.clean(words), QuotedText.clean(id));
    }

    @CheckForNull
    private String requestId() {
        String id = Json.string(Json.member(error(), "innerError"), "request-id");
        return id == null ? headers.firstValue("request-id").orElse(null) : id;
    }

    @CheckForNull
    private Map<String, Object> error() {
        return good() ? null : Json.member(json(), "error");
    }

    /** How long the server asks to wait; null if it does not ask. */
    @CheckForNull
    Duration retryAfter(@NonNull Instant now) {
        String value = headers.firstValue("Retry-After").map(String::strip).orElse("");
        Duration asked;
        if (value.matches("\\d{1,9}")) {
            asked = Duration.ofSeconds(Long.parseLong(value));
        } else {
            Instant until = date(value);
            if (until == null) {
                return null;
            }
            Instant there = date();
            asked = Duration.between(there == null ? now : there, until);
        }
        if (asked.isZero() || asked.isNegative()) {
            return null;
        }
        return asked.compareTo(MAX_RETRY_AFTER) > 0 ? MAX_RETRY_AFTER : asked;
    }

    /** When the server answered, by its own clock; null if it does not say. */
    @CheckForNull
    Instant date() {
        return date(headers.firstValue("Date").map(String::strip).orElse(""));
    }

    @CheckForNull
    private static Instant date(String value) {
        try {
            return DateTimeFormatter.RFC_1123_DATE_TIME.parse(value, Instant::from);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
