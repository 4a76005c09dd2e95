package io.jenkins.plugins.oauthmail.token.entra;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What a federated token must contain before it is sent to the provider, which checks the signature. A text that is no
 * such token, such as another secret that was selected by mistake, is never sent.
 *
 * @param issuer {@code iss}, exactly; null for any
 * @param subject {@code sub}, exactly; null for any
 * @param audience {@code aud}, exactly
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7523#section-3">RFC 7523, section 3</a>
 * @see <a href="https://learn.microsoft.com/entra/workload-id/workload-identity-federation">Workload identity
 *     federation</a>
 */
public record FederatedTokenRules(
        @CheckForNull String issuer,
        @CheckForNull String subject,
        @NonNull String audience) {

    /** The audience that Entra expects in the public cloud. */
    public static final String DEFAULT_AUDIENCE = "api://AzureADTokenExchange";

    /** How far Entra lets clocks differ. */
    private static final Duration CLOCK_DIFFERENCE = Duration.ofMinutes(5);

    private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9_-]{1,16384}(\\.[A-Za-z0-9_-]{1,16384}){2}");

    public FederatedTokenRules {
        Objects.requireNonNull(audience, "audience");
    }

    /**
     * A token that follows the rules.
     *
     * @param value what is sent
     */
    public record Checked(
            @NonNull String value,
            @NonNull String issuer,
            @NonNull String subject,
            @NonNull Instant expires) {

        @Override
        public String toString() {
            return "Checked[hidden, issuer=" + issuer + ", subject=" + subject + ", expires=" + expires + "]";
        }
    }

    /**
     * Checks a token.
     *
     * @param token the token, perhaps with white space around it
     * @param name what error messages call it; the beginning of a sentence
     * @throws TokenFailure of kind {@code KEY_MATERIAL} naming what is wrong with it, but not the token itself
     */
    @NonNull
    public Checked check(@NonNull String token, @NonNull String name, @NonNull Clock clock) throws TokenFailure {
        String value = token.strip();
        Map<String, Object> claims = SHAPE.matcher(value).matches() && signed(value) ? part(value, 1) : null;
        if (claims == null) {
            throw refused(Messages.FederatedTokenRules_shape(name));
        }
        String ownIssuer = Json.string(claims, "iss");
        if (ownIssuer == null) {
            throw refused(Messages.FederatedTokenRules_missing(name, "iss"));
        }
        if (issuer != null && !issuer.equals(ownIssuer)) {
            throw refused(Messages.FederatedTokenRules_issuer(name, quoted(ownIssuer), issuer));
        }
        String ownSubject = Json.string(claims, "sub");
        if (ownSubject == null) {
            throw refused(Messages.FederatedTokenRules_missing(name, "sub"));
        }
        if (subject != null && !subject.equals(ownSubject)) {
            throw refused(Messages.FederatedTokenRules_subject(name, quoted(ownSubject), subject));
        }
        Object own = claims.get("aud");
        if (!audience.equals(own) && !(own instanceof List<?> several && several.contains(audience))) {
            throw refused(
                    own == null
                            ? Messages.FederatedTokenRules_missing(name, "aud")
                            : Messages.FederatedTokenRules_audience(name, quoted(own.toString()), audience));
        }
        return new Checked(value, ownIssuer, ownSubject, inTime(claims, name, clock.instant()));
    }

    private static Instant inTime(Map<String, Object> claims, String name, Instant now) throws TokenFailure {
        Instant expires = time(claims, "exp", name);
        if (expires == null) {
            throw refused(Messages.FederatedTokenRules_missing(name, "exp"));
        }
        if (!expires.isAfter(now)) {
            throw refused(Messages.FederatedTokenRules_expired(name, expires.toString()));
        }
        for (String claim : List.of("nbf", "iat")) {
            Instant begin = time(claims, claim, name);
            if (begin != null && begin.isAfter(now.plus(CLOCK_DIFFERENCE))) {
                throw refused(Messages.FederatedTokenRules_early(name, begin.toString()));
            }
        }
        return expires;
    }

    @CheckForNull
    private static Instant time(Map<String, Object> claims, String claim, String name) throws TokenFailure {
        Object value = claims.get(claim);
        if (value == null) {
            return null;
        }
        try {
            if (value instanceof Number seconds) {
                return Instant.ofEpochSecond(seconds.longValue()).truncatedTo(ChronoUnit.SECONDS);
            }
        } catch (DateTimeException outOfRange) {
            // As for text.
        }
        throw refused(Messages.FederatedTokenRules_time(name, claim));
    }

    private static boolean signed(String token) {
        Map<String, Object> header = part(token, 0);
        String algorithm = header == null ? null : Json.string(header, "alg");
        return algorithm != null && !"none".equalsIgnoreCase(algorithm);
    }

    @CheckForNull
    private static Map<String, Object> part(String token, int index) {
        try {
            byte[] json = Base64.getUrlDecoder().decode(token.split("\\.", -1)[index]);
            return Json.object(new String(json, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }

    private static String quoted(String claim) {
        return QuotedText.ofProvider(claim, List.of());
    }

    private static TokenFailure refused(String sentence) {
        return new TokenFailure(TokenFailure.Kind.KEY_MATERIAL, sentence);
    }
}
