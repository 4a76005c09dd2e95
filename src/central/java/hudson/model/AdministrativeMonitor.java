package hudson.model;

import hudson.ExtensionPoint;

/** Warns administrators of something for as long as it lasts. */
public abstract class AdministrativeMonitor implements ModelObject, ExtensionPoint {
    protected AdministrativeMonitor() {}

    @Override
    public String getDisplayName() {
        return getClass().getName();
    }

    /** Whether there is something to warn of now. */
    public abstract boolean isActivated();
}
