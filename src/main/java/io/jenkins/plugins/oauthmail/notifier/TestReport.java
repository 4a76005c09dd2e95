package io.jenkins.plugins.oauthmail.notifier;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.Run;
import io.jenkins.plugins.oauthmail.mail.model.OneLine;
import java.util.List;

/** Provides the test results of a build. */
abstract class TestReport implements ExtensionPoint {
    /**
     * Test results.
     *
     * @param failed the number of failed tests
     * @param total the number of all tests
     * @param names names of the failed tests, in the order of the report, one line each
     */
    record Counts(int failed, int total, @NonNull List<String> names) {
        Counts {
            names = names.stream().map(OneLine::of).toList();
        }
    }

    /** Returns null if the build has no tests. */
    @CheckForNull
    abstract Counts counts(@NonNull Run<?, ?> build);

    /** Asks all extensions; returns the first result found, or null. */
    @CheckForNull
    static Counts find(@NonNull Run<?, ?> build) {
        for (TestReport report : ExtensionList.lookup(TestReport.class)) {
            Counts counts = report.counts(build);
            if (counts != null) {
                return counts;
            }
        }
        return null;
    }
}
