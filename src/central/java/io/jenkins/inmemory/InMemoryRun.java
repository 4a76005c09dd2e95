package io.jenkins.inmemory;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.model.Run;
import hudson.model.TaskListener;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** A build whose result and variables the test sets. */
public final class InMemoryRun extends Run<InMemoryJob, InMemoryRun> {
    private final int number;
    private final transient InMemoryRun previous;
    private final Map<String, String> variables = new TreeMap<>();

    InMemoryRun(InMemoryJob job, int number, @CheckForNull InMemoryRun previous) {
        super(job);
        this.number = number;
        this.previous = previous;
    }

    @NonNull
    public InMemoryRun with(@NonNull String variable, @NonNull String value) {
        variables.put(variable, value);
        return this;
    }

    @Override
    public int getNumber() {
        return number;
    }

    @CheckForNull
    @Override
    public InMemoryRun getPreviousBuild() {
        return previous;
    }

    @NonNull
    @Override
    public EnvVars getEnvironment(@NonNull TaskListener listener) throws IOException, InterruptedException {
        EnvVars environment = super.getEnvironment(listener);
        environment.putAll(variables);
        return environment;
    }
}
