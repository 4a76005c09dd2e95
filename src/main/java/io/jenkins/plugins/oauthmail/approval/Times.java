package io.jenkins.plugins.oauthmail.approval;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times in messages, with the zone of the controller, since readers may be anywhere. */
final class Times {
    private static final DateTimeFormatter SHOWN = DateTimeFormatter.ofPattern("d MMM yyyy, HH:mm z", Locale.ENGLISH);

    private Times() {}

    @NonNull
    static String shown(@NonNull Instant time) {
        return SHOWN.format(time.atZone(ZoneId.systemDefault()));
    }

    /** @param time milliseconds since 1970 */
    @NonNull
    static String shown(long time) {
        return shown(Instant.ofEpochMilli(time));
    }
}
