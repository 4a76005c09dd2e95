package io.jenkins.plugins.oauthmail.notifier;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.Run;
import java.util.List;

/** Knows how the tests of a build went. */
abstract class TestReport implements ExtensionPoint {
    /**
     * How they went.
     *
     * @param failed how many failed
     * @param total how many there are
     * @param names of those that failed, in the order of the report
     */
    record Counts(int failed, int total, @NonNull List<String> names) {}

    /** Null if the build has no tests. */
    @CheckForNull
    abstract Counts counts(@NonNull Run<?, ?> build);

    /** What the first one says that knows; null if none does. */
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
