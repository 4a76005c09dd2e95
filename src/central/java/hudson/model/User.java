package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.security.ACL;
import jenkins.model.Jenkins;
import org.springframework.security.core.Authentication;

/** A person who is logged in. */
public class User extends AbstractModelObject {
    private final String id;

    private User(String id) {
        this.id = id;
    }

    /** Null for anonymous and SYSTEM. */
    @CheckForNull
    public static User current() {
        return get2(Jenkins.getAuthentication2());
    }

    @CheckForNull
    public static User get2(@CheckForNull Authentication a) {
        return a == null || a.equals(ACL.SYSTEM2) || a.equals(Jenkins.ANONYMOUS2) ? null : new User(a.getName());
    }

    @NonNull
    public String getId() {
        return id;
    }

    @NonNull
    public String getFullName() {
        return id;
    }

    @NonNull
    @Override
    public String getDisplayName() {
        return id;
    }
}
