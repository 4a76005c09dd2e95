package io.jenkins.inmemory;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import hudson.model.Queue;
import hudson.triggers.Trigger;
import hudson.triggers.TriggerDescriptor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jenkins.model.Jenkins;
import jenkins.model.ParameterizedJobMixIn;

/** A job without any configuration. */
public final class InMemoryJob extends Job<InMemoryJob, InMemoryRun>
        implements Queue.Task, ParameterizedJobMixIn.ParameterizedJob<InMemoryJob, InMemoryRun> {
    private final transient List<InMemoryRun> runs = new ArrayList<>();
    private final transient Map<TriggerDescriptor, Trigger<?>> triggers = new HashMap<>();
    private boolean disabled;
    private String shownAs;

    /** @param fullName folders are separated by slashes */
    public InMemoryJob(@NonNull String fullName) {
        super(Jenkins.get(), fullName);
    }

    /** Has a name for people, with those of its folders. */
    @NonNull
    public InMemoryJob shownAs(@NonNull String fullDisplayName) {
        shownAs = fullDisplayName;
        return this;
    }

    @NonNull
    @Override
    public String getDisplayName() {
        return shownAs == null ? super.getDisplayName() : shownAs;
    }

    /** Starts the next build. */
    @NonNull
    public InMemoryRun build() {
        InMemoryRun run = new InMemoryRun(this, runs.size() + 1, getLastBuild());
        runs.add(run);
        return run;
    }

    /** Has a trigger, in place of the one of its kind that it had. */
    public void trigger(@NonNull Trigger<?> trigger) {
        Trigger<?> before = triggers.put(trigger.getDescriptor(), trigger);
        if (before != null) {
            before.stop();
        }
    }

    @Override
    public Map<TriggerDescriptor, Trigger<?>> getTriggers() {
        return triggers;
    }

    public void disable(boolean now) {
        disabled = now;
    }

    @Override
    public boolean isBuildable() {
        return !disabled;
    }

    @CheckForNull
    @Override
    public InMemoryRun getLastBuild() {
        return runs.isEmpty() ? null : runs.get(runs.size() - 1);
    }
}
