package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/** A job. */
public abstract class Job<JobT extends Job<JobT, RunT>, RunT extends Run<JobT, RunT>> extends AbstractItem {
    @SuppressWarnings("rawtypes")
    protected Job(ItemGroup parent, String name) {
        super(parent, name);
    }

    public abstract boolean isBuildable();

    @CheckForNull
    public abstract RunT getLastBuild();
}
