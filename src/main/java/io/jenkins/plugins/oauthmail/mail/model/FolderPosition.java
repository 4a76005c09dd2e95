package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Objects;

/**
 * A position in a folder: after one message and before all that arrive later. Its form is private to the store that
 * made it; others only keep it and pass it back.
 *
 * @param value what the store needs to find the position again
 */
public record FolderPosition(@NonNull String value) {
    public FolderPosition {
        Objects.requireNonNull(value, "value");
    }

    @Override
    public String toString() {
        return value;
    }
}
