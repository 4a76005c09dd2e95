package io.jenkins.inmemory;

import com.google.common.util.concurrent.ListenableFuture;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Result;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** A place in a pipeline: the objects it offers, and the step's outcome. */
public final class InMemoryStepContext extends StepContext {
    private static final long serialVersionUID = 1;
    private static final long PATIENCE_SECONDS = 60;

    private final transient Map<Class<?>, Object> offered = new HashMap<>();
    private final transient CompletableFuture<Object> outcome = new CompletableFuture<>();
    private transient volatile CompletableFuture<CompletableFuture<Void>> slowly;

    @NonNull
    public <T> InMemoryStepContext with(@NonNull Class<T> key, @NonNull T value) {
        offered.put(key, value);
        return this;
    }

    /**
     * Runs a step here as a pipeline does, once everything that it requires is there.
     *
     * @return its result
     * @throws Exception what it failed with
     */
    @CheckForNull
    public Object run(@NonNull Step step) throws Exception {
        step.getDescriptor().checkContextAvailability(this);
        step.start(this).start();
        return result();
    }

    /** Waits for the result of a step that was started here; throws what it failed with. */
    @CheckForNull
    public Object result() throws Exception {
        try {
            return outcome.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw failure;
        } catch (TimeoutException e) {
            throw new AssertionError("The step has not ended within " + PATIENCE_SECONDS + " seconds.", e);
        }
    }

    /** Whether the step has ended, in whatever way. */
    public boolean isDone() {
        return outcome.isDone();
    }

    @CheckForNull
    @Override
    public <T> T get(Class<T> key) {
        return key.cast(offered.get(key));
    }

    @Override
    public void onSuccess(@CheckForNull Object result) {
        outcome.complete(result);
    }

    @Override
    public void onFailure(@NonNull Throwable t) {
        outcome.completeExceptionally(t);
    }

    @Override
    public void setResult(Result r) {
        throw new UnsupportedOperationException("Setting the build's result from a step needs a controller.");
    }

    /**
     * Makes saving take a while, as on a busy controller.
     *
     * @param begun gets what the first one who saves waits for; it lasts until the test completes that; null for no time at all
     */
    public void saveSlowly(@CheckForNull CompletableFuture<CompletableFuture<Void>> begun) {
        slowly = begun;
    }

    @Override
    public ListenableFuture<Void> saveState() {
        Saved saved = new Saved();
        CompletableFuture<CompletableFuture<Void>> begun = slowly;
        if (begun == null) {
            saved.complete(null);
        } else {
            begun.complete(saved);
        }
        return saved;
    }

    @Override
    public boolean equals(Object o) {
        return this == o;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    /** Nothing outlives this JVM, so that there is nothing to do. */
    private static final class Saved extends CompletableFuture<Void> implements ListenableFuture<Void> {
        @Override
        public void addListener(Runnable listener, Executor executor) {
            executor.execute(listener);
        }
    }
}
