package hudson.model;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.security.Permission;
import java.io.IOException;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.StaplerProxy;

/** Something an administrator has to know. */
public abstract class AdministrativeMonitor extends AbstractModelObject implements ExtensionPoint, StaplerProxy {
    public final String id;

    private boolean disabled;

    protected AdministrativeMonitor(String id) {
        this.id = id;
    }

    protected AdministrativeMonitor() {
        this.id = getClass().getName();
    }

    public static ExtensionList<AdministrativeMonitor> all() {
        return ExtensionList.lookup(AdministrativeMonitor.class);
    }

    public String getUrl() {
        return "administrativeMonitor/" + id;
    }

    @Override
    public String getDisplayName() {
        return id;
    }

    public abstract boolean isActivated();

    public boolean isSecurity() {
        return false;
    }

    public boolean isEnabled() {
        return !disabled;
    }

    public void disable(boolean value) throws IOException {
        disabled = value;
    }

    public Permission getRequiredPermission() {
        return Jenkins.ADMINISTER;
    }

    public void checkRequiredPermission() {
        Jenkins.get().checkPermission(getRequiredPermission());
    }

    public boolean hasRequiredPermission() {
        return Jenkins.get().hasPermission(getRequiredPermission());
    }

    @Override
    public Object getTarget() {
        checkRequiredPermission();
        return this;
    }
}
