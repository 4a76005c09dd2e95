package io.jenkins.plugins.oauthmail.notifier;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.FilePath;
import hudson.model.Run;
import hudson.model.TaskListener;
import java.io.IOException;

/** Fills in what is no build variable, such as <code>${CHANGES}</code>. */
abstract class MacroText implements ExtensionPoint {
    /**
     * The value of one macro.
     *
     * @param macro as it was written, from the dollar on
     * @return null if there is no such macro or it has no value; then the log says why
     */
    @CheckForNull
    abstract String value(
            @NonNull String macro,
            @NonNull Run<?, ?> build,
            @CheckForNull FilePath workspace,
            @NonNull TaskListener listener)
            throws IOException, InterruptedException;

    /** What the first one says that knows; null if none does. */
    @CheckForNull
    static String find(String macro, Run<?, ?> build, @CheckForNull FilePath workspace, TaskListener listener)
            throws IOException, InterruptedException {
        for (MacroText macros : ExtensionList.lookup(MacroText.class)) {
            String value = macros.value(macro, build, workspace, listener);
            if (value != null) {
                return value;
            }
        }
        return null;
    }
}
