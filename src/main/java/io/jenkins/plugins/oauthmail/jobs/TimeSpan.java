package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Times that users give to steps: days, hours, minutes and seconds, such as {@code 2h} or {@code 1d 12h}. */
@Restricted(NoExternalUse.class)
public final class TimeSpan {
    private static final Pattern TEXT =
            Pattern.compile("(?=\\d)(?:(\\d{1,4})d)?\\s*+(?:(\\d{1,5})h)?\\s*+(?:(\\d{1,6})m)?\\s*+(?:(\\d{1,8})s)?");
    private static final Duration MAX_LENGTH = Duration.ofDays(366);

    private TimeSpan() {}

    /**
     * @param field name of the argument, for the message
     * @throws AbortException if it is not a time, is zero, or is more than 366 days
     */
    @NonNull
    public static Duration parse(@NonNull String field, @NonNull String text) throws AbortException {
        Matcher parts = TEXT.matcher(text.strip());
        Duration time = !parts.matches()
                ? Duration.ZERO
                : Duration.ofDays(number(parts, 1))
                        .plusHours(number(parts, 2))
                        .plusMinutes(number(parts, 3))
                        .plusSeconds(number(parts, 4));
        if (time.isZero() || time.compareTo(MAX_LENGTH) > 0) {
            throw new AbortException(Messages.TimeSpan_text(field, text));
        }
        return time;
    }

    private static long number(Matcher parts, int group) {
        return parts.group(group) == null ? 0 : Long.parseLong(parts.group(group));
    }
}
