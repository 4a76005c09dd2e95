package org.jenkinsci.plugins.workflow.steps;

import com.google.common.util.concurrent.ListenableFuture;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.model.Result;
import java.io.IOException;
import java.io.Serializable;

/** Where a step runs, and whom it tells that it is done. */
public abstract class StepContext implements Serializable {
    private static final long serialVersionUID = 1;

    @Nullable
    public abstract <T> T get(Class<T> key) throws IOException, InterruptedException;

    public abstract void onSuccess(@Nullable Object result);

    public abstract void onFailure(@NonNull Throwable t);

    public abstract void setResult(Result r);

    /** Saves the pipeline with what its steps hold, so that a restart finds it. */
    public abstract ListenableFuture<Void> saveState();

    @Override
    public abstract boolean equals(Object o);

    @Override
    public abstract int hashCode();
}
