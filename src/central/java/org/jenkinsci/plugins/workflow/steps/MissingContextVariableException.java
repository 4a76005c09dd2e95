package org.jenkinsci.plugins.workflow.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;

/** A step needs something that is not there. */
public class MissingContextVariableException extends Exception {
    private static final long serialVersionUID = 1;

    private final Class<?> type;

    public MissingContextVariableException(@NonNull Class<?> type) {
        this(type, null);
    }

    public MissingContextVariableException(@NonNull Class<?> type, @CheckForNull StepDescriptor d) {
        super("Required context " + type + " is missing");
        this.type = type;
    }

    public Class<?> getType() {
        return type;
    }
}
