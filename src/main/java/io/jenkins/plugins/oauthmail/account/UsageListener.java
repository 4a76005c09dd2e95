package io.jenkins.plugins.oauthmail.account;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionPoint;
import java.util.function.Consumer;
import jenkins.util.Listeners;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Implemented by whoever counts what accounts do. Called by the thread that uses the account, so an implementation must
 * not wait. Jenkins logs what a listener throws.
 */
@Restricted(NoExternalUse.class)
public interface UsageListener extends ExtensionPoint {
    /**
     * A message was sent or messages were read, or an attempt failed.
     *
     * @param accountId ID of an account that exists
     */
    void used(@NonNull String accountId, @NonNull ActivityEntry entry);

    /** The account got a new access token. */
    void tokenRenewed(@NonNull String accountId);

    /**
     * Calls all listeners.
     *
     * @param event one of the methods above
     */
    static void fire(@NonNull Consumer<UsageListener> event) {
        Listeners.notify(UsageListener.class, false, event);
    }
}
