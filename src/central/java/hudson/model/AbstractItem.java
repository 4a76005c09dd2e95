package hudson.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.security.ACL;
import java.io.File;
import jenkins.model.Jenkins;

/** A job or folder. */
public abstract class AbstractItem extends Actionable implements Item {
    protected transient String name;

    private final ItemGroup<?> parent;

    @SuppressWarnings("rawtypes")
    protected AbstractItem(ItemGroup parent, String name) {
        this.parent = parent;
        this.name = name;
    }

    @NonNull
    @Override
    public ItemGroup<? extends Item> getParent() {
        return parent;
    }

    @NonNull
    @Override
    public String getName() {
        return name;
    }

    @NonNull
    @Override
    public String getDisplayName() {
        return name;
    }

    @NonNull
    @Override
    public final String getFullName() {
        String outer = parent.getFullName();
        return outer.isEmpty() ? name : outer + "/" + name;
    }

    @Override
    public final String getFullDisplayName() {
        // The name of an in-memory item holds those of its folders.
        String shown = getDisplayName();
        return shown.equals(name) ? getFullName().replace("/", " » ") : shown;
    }

    @Override
    public final String getUrl() {
        return "job/" + getFullName().replace("/", "/job/") + "/";
    }

    public File getRootDir() {
        return new File(Jenkins.get().getRootDir(), "jobs/" + getFullName().replace("/", "/jobs/"));
    }

    @NonNull
    @Override
    public ACL getACL() {
        return Jenkins.get().getACL();
    }
}
