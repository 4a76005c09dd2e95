package io.jenkins.plugins.oauthmail.steps;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;

/** The {@code since} of a reading step: an ISO-8601 date, begun at midnight in the controller's time zone, or a time with offset. */
final class Since {
    /** No mail is older; IMAP's dates have years of four digits (RFC 3501 section 9). */
    private static final Instant EARLIEST = Instant.parse("1969-12-31T00:00:00Z");

    private static final Instant LATEST = Instant.parse("9999-12-30T00:00:00Z");

    private Since() {}

    @NonNull
    static Instant parse(String text) throws AbortException {
        try {
            Instant since = text.indexOf('T') < 0
                    ? LocalDate.parse(text).atStartOfDay(ZoneId.systemDefault()).toInstant()
                    : OffsetDateTime.parse(text).toInstant();
            if (since.isBefore(EARLIEST) || since.isAfter(LATEST)) {
                throw new AbortException("since: '" + text + "' is not between the years 1970 and 9999.");
            }
            return since;
        } catch (DateTimeException e) {
            throw new AbortException(
                    "since: '" + text + "' is not a date like 2026-03-01 nor a time like 2026-03-01T09:30:00Z.");
        }
    }
}
