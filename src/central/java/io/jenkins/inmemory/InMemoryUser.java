package io.jenkins.inmemory;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.security.ACL;
import java.util.Collection;
import java.util.List;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;

/**
 * Who acts in a thread.
 *
 * @param name also the id
 */
public record InMemoryUser(@NonNull String name) implements Authentication {
    private static final ThreadLocal<Authentication> ACTING = new ThreadLocal<>();

    @Override
    public String getName() {
        return name;
    }

    @Override
    public Collection<? extends GrantedAuthority> getAuthorities() {
        return InMemoryJenkins.isStarted() ? InMemoryJenkins.current().groups(name) : List.of();
    }

    /** Membership in a group. */
    record Membership(String group) implements GrantedAuthority {
        @Override
        public String getAuthority() {
            return group;
        }
    }

    /** SYSTEM unless somebody was set. */
    @NonNull
    public static Authentication current() {
        Authentication acting = ACTING.get();
        return acting == null ? ACL.SYSTEM2 : acting;
    }

    /** Sets who acts in this thread from now on, and gives who did so far. */
    @NonNull
    public static Authentication actAs(@NonNull Authentication user) {
        Authentication before = current();
        ACTING.set(user);
        return before;
    }
}
