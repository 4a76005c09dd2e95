package io.jenkins.inmemory;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.Jenkins;

/** A job without any configuration. */
public final class InMemoryJob extends Job<InMemoryJob, InMemoryRun> {
    private final transient List<InMemoryRun> runs = new ArrayList<>();

    /** @param fullName folders are separated by slashes */
    public InMemoryJob(@NonNull String fullName) {
        super(Jenkins.get(), fullName);
    }

    /** Starts the next build. */
    @NonNull
    public InMemoryRun build() {
        InMemoryRun run = new InMemoryRun(this, runs.size() + 1, runs.isEmpty() ? null : runs.get(runs.size() - 1));
        runs.add(run);
        return run;
    }
}
