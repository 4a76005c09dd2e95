package io.jenkins.plugins.oauthmail.config;

import java.util.function.Supplier;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * How an account obtains its tokens.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-1.3">RFC 6749, section 1.3</a>
 */
@Restricted(NoExternalUse.class)
public enum Grant {
    /** A person signs in once; Jenkins then acts on that person's behalf with a refresh token. */
    DELEGATED(Messages::Grant_delegated),
    /** The application acts on its own behalf with client credentials; nobody signs in. */
    APPLICATION(Messages::Grant_application);

    private final Supplier<String> displayName;

    Grant(Supplier<String> displayName) {
        this.displayName = displayName;
    }

    @Override
    public String toString() {
        return displayName.get();
    }
}
