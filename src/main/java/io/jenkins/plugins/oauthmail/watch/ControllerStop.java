package io.jenkins.plugins.oauthmail.watch;

import hudson.Extension;
import hudson.model.listeners.ItemListener;
import java.util.concurrent.atomic.AtomicReference;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Whether the controller is being stopped in an orderly way, during which threads go on for some seconds while pipelines
 * and the queue have been saved for the last time and classes can no longer be loaded. What is begun then would be lost, so
 * mail that arrives is left to the time after the start.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class ControllerStop extends ItemListener {
    private static final AtomicReference<Jenkins> STOPPING = new AtomicReference<>();

    /** Whether it has begun, or is over. */
    public static boolean hasBegun() {
        Jenkins stopping = STOPPING.get();
        Jenkins present = Jenkins.getInstanceOrNull();
        return stopping != null && (present == null || present == stopping);
    }

    /** Before anything is saved for the last time. */
    @Override
    public void onBeforeShutdown() {
        STOPPING.set(Jenkins.getInstanceOrNull());
    }

    /** For tests that follow in the same JVM. */
    static void forget() {
        STOPPING.set(null);
    }
}
