package jenkins.model;

import hudson.ExtensionPoint;
import hudson.model.ModelObject;

/** A page of the controller's configuration. */
public abstract class GlobalConfigurationCategory implements ExtensionPoint, ModelObject {
    public abstract String getShortDescription();
}
