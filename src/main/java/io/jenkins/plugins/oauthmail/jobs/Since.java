package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The {@code since} of a {@link MailFilter}: an ISO 8601 date, meaning midnight in the controller's time zone, or a time
 * with offset.
 */
@Restricted(NoExternalUse.class)
public final class Since {
    private Since() {}

    @NonNull
    public static Instant parse(String text) throws AbortException {
        try {
            return text.indexOf('T') < 0
                    ? LocalDate.parse(text).atStartOfDay(ZoneId.systemDefault()).toInstant()
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new AbortException(Messages.Since_text(text));
        }
    }
}
