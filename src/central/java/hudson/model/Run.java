package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.security.ACL;
import hudson.security.AccessControlled;
import hudson.util.XStream2;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** A build. */
public abstract class Run<JobT extends Job<JobT, RunT>, RunT extends Run<JobT, RunT>> extends Actionable
        implements AccessControlled {
    public static final XStream2 XSTREAM2 = new XStream2();

    protected final transient JobT project;

    private final transient long started = System.currentTimeMillis();

    private volatile Result result;

    protected Run(@NonNull JobT job) {
        this.project = job;
    }

    @NonNull
    public JobT getParent() {
        return project;
    }

    public abstract int getNumber();

    /** Null while nothing has gone wrong in a running build. */
    @CheckForNull
    public Result getResult() {
        return result;
    }

    /** Here until it has a result. */
    public boolean isBuilding() {
        return result == null;
    }

    /** A result never gets better. */
    public void setResult(@NonNull Result r) {
        result = result == null ? r : result.combine(r);
    }

    @CheckForNull
    public abstract RunT getPreviousBuild();

    @CheckForNull
    public final RunT getPreviousCompletedBuild() {
        return getPreviousBuild();
    }

    @NonNull
    public List<Cause> getCauses() {
        return List.of();
    }

    /** In milliseconds since 1970. */
    public final long getStartTimeInMillis() {
        return started;
    }

    /** In milliseconds. */
    public long getDuration() {
        return System.currentTimeMillis() - started;
    }

    @Override
    public String getDisplayName() {
        return "#" + getNumber();
    }

    @NonNull
    public String getFullDisplayName() {
        return project.getFullDisplayName() + " " + getDisplayName();
    }

    @NonNull
    public String getExternalizableId() {
        return project.getFullName() + "#" + getNumber();
    }

    @NonNull
    public String getUrl() {
        return project.getUrl() + getNumber() + "/";
    }

    @NonNull
    public File getRootDir() {
        return new File(project.getRootDir(), "builds/" + getNumber());
    }

    /** Nothing is kept here. */
    public void save() throws IOException {}

    /** What the build has logged so far. */
    @NonNull
    public InputStream getLogInputStream() throws IOException {
        return InputStream.nullInputStream();
    }

    @NonNull
    public EnvVars getEnvironment(@NonNull TaskListener listener) throws IOException, InterruptedException {
        return new EnvVars("JOB_NAME", project.getFullName(), "BUILD_NUMBER", Integer.toString(getNumber()));
    }

    @NonNull
    @Override
    public ACL getACL() {
        return project.getACL();
    }

    @Override
    public String toString() {
        return getExternalizableId();
    }
}
