package io.jenkins.plugins.oauthmail.notifier;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Run;
import hudson.tasks.test.AbstractTestResultAction;
import hudson.tasks.test.TestResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Uses the JUnit plugin. Without it Jenkins cannot instantiate this extension and ignores it. */
@Extension(optional = true)
@Restricted(NoExternalUse.class)
public final class JUnitTestReport extends TestReport {
    /** Fails if the plugin is not installed. */
    public JUnitTestReport() {
        Objects.requireNonNull(AbstractTestResultAction.class);
    }

    @Override
    @CheckForNull
    Counts counts(@NonNull Run<?, ?> build) {
        AbstractTestResultAction<?> action = build.getAction(AbstractTestResultAction.class);
        if (action == null) {
            return null;
        }
        List<String> names = new ArrayList<>();
        for (TestResult failed : action.getFailedTests()) {
            String name = BuildReport.line(failed.getFullDisplayName());
            names.add(named(name, failed.getFailedSince(), build.getNumber()));
        }
        return new Counts(action.getFailCount(), action.getTotalCount(), names);
    }

    private static String named(String name, int since, int now) {
        if (since <= 0) {
            return name;
        }
        return since == now ? Messages.BuildReport_failsNow(name) : Messages.BuildReport_failsSince(name, since);
    }
}
