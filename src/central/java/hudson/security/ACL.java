package hudson.security;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.inmemory.InMemoryUser;
import jenkins.model.Jenkins;
import org.springframework.security.core.Authentication;

/** Who may do what with an object. */
public abstract class ACL {
    public static final String ANONYMOUS_USERNAME = "anonymous";
    public static final String SYSTEM_USERNAME = "SYSTEM";
    public static final Authentication SYSTEM2 = new InMemoryUser(SYSTEM_USERNAME);

    public final void checkPermission(@NonNull Permission p) {
        if (!hasPermission(p)) {
            throw new AccessDeniedException3(Jenkins.getAuthentication2(), p);
        }
    }

    public final boolean hasPermission(@NonNull Permission p) {
        return hasPermission2(Jenkins.getAuthentication2(), p);
    }

    public abstract boolean hasPermission2(@NonNull Authentication a, @NonNull Permission permission);

    public static boolean isAnonymous2(@NonNull Authentication authentication) {
        return authentication.getName().equals(ANONYMOUS_USERNAME);
    }

    /** Acts as somebody until closed. */
    @NonNull
    public static ACLContext as2(@NonNull Authentication auth) {
        return new ACLContext(auth);
    }
}
