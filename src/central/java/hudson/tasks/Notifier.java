package hudson.tasks;

import hudson.ExtensionPoint;

/** A step after the build that tells somebody. */
public abstract class Notifier extends Publisher implements ExtensionPoint {
    protected Notifier() {}

    @Override
    @SuppressWarnings("rawtypes")
    public BuildStepDescriptor getDescriptor() {
        return (BuildStepDescriptor) super.getDescriptor();
    }
}
