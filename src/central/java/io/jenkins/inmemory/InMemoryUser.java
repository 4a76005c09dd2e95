package io.jenkins.inmemory;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.security.ACL;
import org.springframework.security.core.Authentication;

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
