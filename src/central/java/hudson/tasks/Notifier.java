package hudson.tasks;

import hudson.ExtensionPoint;

/** A step after the build that tells somebody. */
public abstract class Notifier extends Publisher implements ExtensionPoint {
    protected Notifier() {}

    @Override
    public BuildStepDescriptor<Publisher> getDescriptor() {
        return (BuildStepDescriptor<Publisher>) super.getDescriptor();
    }
}
