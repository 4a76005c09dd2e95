package io.jenkins.plugins.oauthmail.testing.mail;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Decodes an XOAUTH2 response and asks whether the token is good for that user. */
final class TokenCheck {

    private static final Pattern RESPONSE =
            Pattern.compile("user=([^\u0001]*)\u0001auth=Bearer ([^\u0001]*)\u0001\u0001");

    private TokenCheck() {}

    /** The user, if the response is well-formed and the token good. */
    static Optional<String> user(String response, BiPredicate<String, String> good) {
        Matcher matcher = RESPONSE.matcher(decoded(response));
        return matcher.matches() && good.test(matcher.group(1), matcher.group(2))
                ? Optional.of(matcher.group(1))
                : Optional.empty();
    }

    /** Empty if it is not base64. */
    static String decoded(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64.trim()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
