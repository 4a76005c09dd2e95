package hudson.model;

import hudson.ExtensionPoint;

/** An action just below the context path. */
public interface RootAction extends Action, ExtensionPoint {}
