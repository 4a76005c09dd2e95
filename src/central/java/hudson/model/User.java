package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.security.ACL;
import io.jenkins.inmemory.InMemoryJenkins;
import io.jenkins.inmemory.InMemoryUser;
import jenkins.model.IdStrategy;
import org.springframework.security.core.Authentication;

/** A person, as far as Jenkins knows one; here only by an id, which is the full name too. */
public class User {
    private final String id;

    private User(String id) {
        this.id = id;
    }

    @Nullable
    public static User getById(String id, boolean create) {
        return create || InMemoryJenkins.current().knows(id) ? new User(id) : null;
    }

    /** Who acts in this thread; null for SYSTEM. */
    @CheckForNull
    public static User current() {
        Authentication acting = InMemoryUser.current();
        return acting.equals(ACL.SYSTEM2) ? null : new User(acting.getName());
    }

    @NonNull
    public static IdStrategy idStrategy() {
        return IdStrategy.CASE_INSENSITIVE;
    }

    @NonNull
    public String getId() {
        return id;
    }

    @NonNull
    public String getFullName() {
        return id;
    }

    /** @throws org.springframework.security.core.AuthenticationException if nobody can sign in by this id */
    @NonNull
    public Authentication impersonate2() {
        if (!InMemoryJenkins.current().knows(id)) {
            throw new UnknownUser(id);
        }
        return new InMemoryUser(id);
    }

    private static final class UnknownUser
            extends org.springframework.security.core.userdetails.UsernameNotFoundException {
        private static final long serialVersionUID = 1;

        UnknownUser(String id) {
            super("There is no user " + id);
        }
    }
}
