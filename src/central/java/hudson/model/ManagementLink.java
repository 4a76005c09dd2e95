package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.security.Permission;
import jenkins.model.Jenkins;

/** A page under Manage Jenkins. */
public abstract class ManagementLink implements ExtensionPoint, Action {
    @NonNull
    public static ExtensionList<ManagementLink> all() {
        return ExtensionList.lookup(ManagementLink.class);
    }

    @CheckForNull
    @Override
    public abstract String getIconFileName();

    public String getDescription() {
        return "";
    }

    @CheckForNull
    @Override
    public abstract String getUrlName();

    @NonNull
    public Permission getRequiredPermission() {
        return Jenkins.ADMINISTER;
    }

    @NonNull
    public Category getCategory() {
        return Category.UNCATEGORIZED;
    }

    /** Where on Manage Jenkins it stands. */
    public enum Category {
        CONFIGURATION,
        SECURITY,
        STATUS,
        TROUBLESHOOTING,
        TOOLS,
        MISC,
        UNCATEGORIZED
    }
}
