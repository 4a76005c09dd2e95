package io.jenkins.plugins.oauthmail.steps;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import io.jenkins.plugins.oauthmail.jobs.TimeSpan;
import java.time.Duration;

/** The {@code waitFor} of a reading step. */
final class WaitTime {
    private WaitTime() {}

    @NonNull
    static Duration parse(@NonNull String text) throws AbortException {
        return TimeSpan.parse("waitFor", text);
    }
}
