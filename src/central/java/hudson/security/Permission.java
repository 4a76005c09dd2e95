package hudson.security;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import jenkins.model.Jenkins;
import org.jvnet.localizer.Localizable;

/** Something that somebody may do. */
public final class Permission {
    @NonNull
    public static final PermissionGroup HUDSON_PERMISSIONS = new PermissionGroup(Jenkins.class, null);

    @NonNull
    public static final Permission HUDSON_ADMINISTER = new Permission(HUDSON_PERMISSIONS, "Administer", null);

    @NonNull
    public static final PermissionGroup GROUP = new PermissionGroup(Permission.class, null);

    public static final Permission READ = new Permission(GROUP, "GenericRead", HUDSON_ADMINISTER);
    public static final Permission CONFIGURE = new Permission(GROUP, "GenericConfigure", HUDSON_ADMINISTER);

    @NonNull
    public final PermissionGroup group;

    @NonNull
    public final String name;

    @CheckForNull
    public final Permission impliedBy;

    public boolean enabled;

    public Permission(@NonNull PermissionGroup group, @NonNull String name, @CheckForNull Permission impliedBy) {
        this(group, name, null, impliedBy, true);
    }

    public Permission(
            @NonNull PermissionGroup group,
            @NonNull String name,
            @CheckForNull Localizable description,
            @CheckForNull Permission impliedBy,
            boolean enable) {
        this.group = group;
        this.name = name;
        this.impliedBy = impliedBy;
        this.enabled = enable;
    }

    @NonNull
    public String getId() {
        return group.owner.getName() + "." + name;
    }

    @Override
    public String toString() {
        return "Permission[" + getId() + "]";
    }
}
