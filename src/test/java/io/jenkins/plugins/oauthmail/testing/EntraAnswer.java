package io.jenkins.plugins.oauthmail.testing;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;

/**
 * An answer of the token endpoint in Entra's shape.
 *
 * @param status HTTP status
 * @param type content type
 * @param headers further headers
 * @param body may contain {@code %CORRELATION%}, which becomes the caller's {@code client-request-id}
 */
public record EntraAnswer(
        int status,
        @NonNull String type,
        @NonNull Map<String, String> headers,
        @NonNull String body) {

    static final String CORRELATION = "%CORRELATION%";

    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;

    /** The refusal that goes with an AADSTS code, as far as this fake knows it. */
    @NonNull
    public static EntraAnswer aadsts(int code) {
        return switch (code) {
            case 700082 -> refusal("invalid_grant", code, "The refresh token has expired due to inactivity.");
            case 50173 -> refusal("invalid_grant", code, "The provided grant has expired due to it being revoked.");
            case 65001 -> refusal("invalid_grant", code, "The user or administrator has not consented.");
            case 54005 -> refusal("invalid_grant", code, "The authorization code was already redeemed.");
            case 70008 -> refusal("invalid_grant", code, "The authorization code or refresh token has expired.");
            case 70000 -> refusal("invalid_grant", code, "The provided grant is invalid or malformed.");
            case 501481 -> refusal("invalid_grant", code, "The code verifier does not match the code challenge.");
            case 50076 -> refusal("interaction_required", code, "Multi-factor authentication must be used.");
            case 7000215 -> denied("invalid_client", code, "Invalid client secret provided.");
            case 7000222 -> denied("invalid_client", code, "The provided client secret keys are expired.");
            case 7000218 ->
                denied("invalid_client", code, "The request body must contain client_assertion or client_secret.");
            case 70025 ->
                denied("invalid_client", code, "The client has no configured federated identity credentials.");
            case 700211 -> denied("invalid_client", code, "No matching record for presented assertion issuer.");
            case 700212 -> denied("invalid_client", code, "No matching record for presented assertion audience.");
            case 700213 -> denied("invalid_client", code, "No matching record for presented assertion subject.");
            case 50013 -> denied("invalid_client", code, "Assertion failed signature validation.");
            case 700024 -> denied("invalid_client", code, "Client assertion is not within its valid time range.");
            case 700027 -> denied("invalid_client", code, "Client assertion failed signature validation.");
            case 500112 -> denied("invalid_client", code, "The reply address does not match the one of the request.");
            case 700016 -> refusal("unauthorized_client", code, "The application was not found in the directory.");
            case 90002 -> refusal("invalid_request", code, "The tenant was not found.");
            case 28000 -> refusal("invalid_scope", code, "Scopes of more than one resource are not allowed here.");
            case 70011 -> refusal("invalid_scope", code, "The provided value for scope is not valid.");
            case 500011 -> refusal("invalid_resource", code, "The resource principal was not found in the tenant.");
            case 900144 -> refusal("invalid_request", code, "The request body lacks a required parameter.");
            case 70003 -> refusal("unsupported_grant_type", code, "The grant type is not supported.");
            default -> throw new IllegalArgumentException("AADSTS" + code + " is not known to this fake");
        };
    }

    /** A refusal with HTTP 400. */
    @NonNull
    public static EntraAnswer refusal(@NonNull String error, int code, @NonNull String words) {
        return error(BAD_REQUEST, error, code, words, Map.of());
    }

    private static EntraAnswer denied(String error, int code, String words) {
        return error(UNAUTHORIZED, error, code, words, Map.of());
    }

    /** Too much asked: HTTP 429. */
    @NonNull
    public static EntraAnswer tooManyRequests(int seconds) {
        return error(
                429,
                "temporarily_unavailable",
                90055,
                "The request was throttled.",
                Map.of("Retry-After", String.valueOf(seconds)));
    }

    /** Out of order: HTTP 503 with Entra's words. */
    @NonNull
    public static EntraAnswer temporarilyUnavailable() {
        return error(503, "temporarily_unavailable", 90033, "A transient error has occurred.", Map.of());
    }

    /** What a gateway in between says: HTTP 502 and no JSON. */
    @NonNull
    public static EntraAnswer badGateway() {
        return new EntraAnswer(
                502,
                "text/html",
                Map.of(),
                "<html><body><h1>502 Bad Gateway</h1><script>alert(1)</script></body></html>");
    }

    /** A success whose body is not what it should be. */
    @NonNull
    public static EntraAnswer page(@NonNull String body) {
        return new EntraAnswer(200, "text/html", Map.of(), body);
    }

    static EntraAnswer json(String body) {
        return new EntraAnswer(
                200, "application/json; charset=utf-8", Map.of("Cache-Control", "no-store, no-cache"), body);
    }

    private static EntraAnswer error(int status, String error, int code, String words, Map<String, String> headers) {
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString().replace('T', ' ');
        String trace = UUID.randomUUID().toString();
        String description = "AADSTS" + code + ": " + words + " Trace ID: " + trace + " Correlation ID: " + CORRELATION
                + " Timestamp: " + now;
        return new EntraAnswer(
                status,
                "application/json; charset=utf-8",
                headers,
                "{\"error\":" + EntraText.quoted(error) + ",\"error_description\":" + EntraText.quoted(description)
                        + ",\"error_codes\":[" + code + "],\"timestamp\":\"" + now + "\",\"trace_id\":\"" + trace
                        + "\",\"correlation_id\":\"" + CORRELATION + "\",\"error_uri\":\"https://localhost/error?code="
                        + code + "\"}");
    }
}
