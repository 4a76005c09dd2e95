package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;

/** A freestyle build; there are none here. */
public abstract class AbstractBuild<P extends AbstractProject<P, R>, R extends AbstractBuild<P, R>> extends Run<P, R> {
    protected AbstractBuild(P job) {
        super(job);
    }

    @CheckForNull
    public final FilePath getWorkspace() {
        throw new UnsupportedOperationException("Freestyle builds need a controller.");
    }
}
