package io.jenkins.plugins.oauthmail.token.entra;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;

/** The header {@code Retry-After}: seconds or a date (RFC 9110 section 10.2.3). */
final class RetryAfter {

    private static final Duration MAX = Duration.ofDays(1);

    private RetryAfter() {}

    /**
     * @param headers the headers of the response
     * @param now the current time, for dates
     * @return from zero to one day; null if the header is missing or invalid
     */
    @CheckForNull
    static Duration in(@NonNull HttpHeaders headers, @NonNull Instant now) {
        String value = headers.firstValue("Retry-After").map(String::trim).orElse("");
        Duration asked;
        if (value.matches("\\d{1,18}")) {
            asked = Duration.ofSeconds(Long.parseLong(value));
        } else {
            Instant until = date(value);
            if (until == null) {
                return null;
            }
            // By the clock of whoever names the date, if it says what that shows.
            Instant there = date(headers.firstValue("Date").map(String::trim).orElse(""));
            asked = Duration.between(there == null ? now : there, until);
        }
        if (asked.isNegative()) {
            return Duration.ZERO;
        }
        return asked.compareTo(MAX) > 0 ? MAX : asked;
    }

    private static Instant date(String value) {
        try {
            return DateTimeFormatter.RFC_1123_DATE_TIME.parse(value, Instant::from);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
