package org.jenkinsci.plugins.workflow.steps;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import java.io.IOException;
import java.io.Serializable;
import java.util.Collections;
import java.util.Set;

/** Gives the steps in a block variables, of which some may be secret. */
public abstract class EnvironmentExpander implements Serializable {
    private static final long serialVersionUID = 1;

    public abstract void expand(@NonNull EnvVars env) throws IOException, InterruptedException;

    @NonNull
    public Set<String> getSensitiveVariables() {
        return Collections.emptySet();
    }
}
