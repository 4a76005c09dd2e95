package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Instant;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A position in a folder: after one message and before all that arrive later. Its form is private to the store that
 * made it; others only keep it and pass it back. Only {@link #since} is known to every store.
 *
 * @param value what the store needs to find the position again
 */
public record FolderPosition(@NonNull String value) {
    private static final Pattern SINCE = Pattern.compile("since:(\\d{1,15})");

    public FolderPosition {
        Objects.requireNonNull(value, "value");
    }

    /** The position before everything that came into the mailbox at a time or later, by the clock of the server. */
    @NonNull
    public static FolderPosition since(@NonNull Instant time) {
        return new FolderPosition("since:" + Math.max(0, time.toEpochMilli()));
    }

    /** The time of {@link #since}; null for another position. */
    @CheckForNull
    public Instant time() {
        Matcher since = SINCE.matcher(value);
        return since.matches() ? Instant.ofEpochMilli(Long.parseLong(since.group(1))) : null;
    }

    @Override
    public String toString() {
        return value;
    }
}
