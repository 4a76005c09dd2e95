package io.jenkins.plugins.oauthmail.notifier;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.FilePath;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.oauthmail.mail.model.OneLine;
import java.io.IOException;

/** Expands macros that are not build variables, such as <code>${CHANGES}</code>. */
abstract class MacroText implements ExtensionPoint {
    /**
     * Expands one macro.
     *
     * @param macro the macro as written, including the dollar sign
     * @return null if there is no such macro or it has no value; the reason is written to the build log
     */
    @CheckForNull
    abstract String value(
            @NonNull String macro,
            @NonNull Run<?, ?> build,
            @CheckForNull FilePath workspace,
            @NonNull TaskListener listener)
            throws IOException, InterruptedException;

    /**
     * Asks all extensions; returns the first value found, or null. One that fails has no value, and the build log says
     * so: a message must not be lost because of it.
     */
    @CheckForNull
    static String find(String macro, Run<?, ?> build, @CheckForNull FilePath workspace, TaskListener listener)
            throws InterruptedException {
        for (MacroText macros : ExtensionList.lookup(MacroText.class)) {
            try {
                String value = macros.value(macro, build, workspace, listener);
                if (value != null) {
                    return value;
                }
            } catch (IOException | RuntimeException | LinkageError e) {
                listener.getLogger().println(OneLine.of(Messages.MacroText_failed(macro, OptionalPart.reason(e))));
            }
        }
        return null;
    }
}
