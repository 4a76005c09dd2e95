package org.jenkinsci.plugins.workflow.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.Serializable;

/** A step that runs. */
public abstract class StepExecution implements Serializable {
    private static final long serialVersionUID = 1;

    private final StepContext context;

    protected StepExecution(@NonNull StepContext context) {
        this.context = context;
    }

    @NonNull
    public StepContext getContext() {
        return context;
    }

    /** Whether the step is done already. */
    public abstract boolean start() throws Exception;

    public void stop(@NonNull Throwable cause) throws Exception {
        context.onFailure(cause);
    }

    public void onResume() {}

    /** What it is doing, in a few words; null for nothing to say. */
    @CheckForNull
    public String getStatus() {
        return null;
    }
}
