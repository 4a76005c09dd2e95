package hudson.security;

import edu.umd.cs.findbugs.annotations.NonNull;
import org.jvnet.localizer.Localizable;

/** Permissions of one kind of object. */
public final class PermissionGroup {
    @NonNull
    @SuppressWarnings("rawtypes")
    public final Class owner;

    public final Localizable title;

    @SuppressWarnings("rawtypes")
    public PermissionGroup(@NonNull Class owner, Localizable title) {
        this.owner = owner;
        this.title = title;
    }

    public String getId() {
        return owner.getSimpleName();
    }
}
