package io.jenkins.plugins.oauthmail.neighbours;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.AdministrativeMonitor;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Warns on Manage Jenkins if the relay should listen but cannot. */
@Extension
@Restricted(NoExternalUse.class)
public final class RelayMonitor extends AdministrativeMonitor {
    @Override
    public String getDisplayName() {
        return Messages.RelayMonitor_displayName();
    }

    @Override
    public boolean isActivated() {
        return getProblem() != null;
    }

    /** Why the relay does not listen, and the fix; null if there is no problem. */
    @CheckForNull
    public String getProblem() {
        return Relay.get().problem();
    }
}
