package io.jenkins.plugins.oauthmail.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionPoint;
import java.util.function.Consumer;
import jenkins.util.Listeners;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Implemented by everything that keeps something for an account, such as connections or tokens, to learn when it is
 * outdated. Called
 * after the event, without a lock, as the system user, and possibly by several threads at once. Jenkins logs what a
 * listener throws; the other listeners are called nevertheless.
 */
@Restricted(NoExternalUse.class)
public interface AccountsListener extends ExtensionPoint {
    /**
     * Called after a change to applications or accounts was saved: once for each submitted form, and once for each time
     * that configuration as code is applied.
     */
    default void changed() {}

    /**
     * An account was authorized, perhaps again and perhaps by another person.
     *
     * @param accountId ID of the account
     */
    default void authorized(@NonNull String accountId) {}

    /**
     * The authorization of an account was deleted.
     *
     * @param accountId ID of the account, which may no longer exist
     */
    default void forgotten(@NonNull String accountId) {}

    /**
     * Calls all listeners.
     *
     * @param event one of the methods above
     */
    static void fire(@NonNull Consumer<AccountsListener> event) {
        Listeners.notify(AccountsListener.class, true, event);
    }
}
