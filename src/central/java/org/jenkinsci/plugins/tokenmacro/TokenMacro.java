package org.jenkinsci.plugins.tokenmacro;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.ExtensionPoint;
import hudson.FilePath;
import hudson.model.Run;
import hudson.model.TaskListener;
import java.io.IOException;

/** Fills in macros; from the token-macro plugin. Here there are none. */
public abstract class TokenMacro implements ExtensionPoint {
    public static String expand(
            Run<?, ?> run, @CheckForNull FilePath workspace, TaskListener listener, String stringWithMacro)
            throws MacroEvaluationException, IOException, InterruptedException {
        throw new MacroEvaluationException("Unrecognized macro in '" + stringWithMacro + "'");
    }
}
