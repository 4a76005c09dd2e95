package hudson.security;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.inmemory.InMemoryUser;
import org.springframework.security.core.Authentication;

/** Somebody acts in this thread until it is closed. */
public class ACLContext implements AutoCloseable {
    private final Authentication before;

    ACLContext(@NonNull Authentication authentication) {
        this.before = InMemoryUser.actAs(authentication);
    }

    @Override
    public void close() {
        InMemoryUser.actAs(before);
    }
}
