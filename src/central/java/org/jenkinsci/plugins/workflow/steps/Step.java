package org.jenkinsci.plugins.workflow.steps;

import hudson.ExtensionPoint;
import hudson.model.Describable;
import jenkins.model.Jenkins;

/** A step of a pipeline, with its arguments. */
public abstract class Step implements ExtensionPoint, Describable<Step> {
    public abstract StepExecution start(StepContext context) throws Exception;

    @Override
    public StepDescriptor getDescriptor() {
        return (StepDescriptor) Jenkins.get().getDescriptorOrDie(getClass());
    }
}
