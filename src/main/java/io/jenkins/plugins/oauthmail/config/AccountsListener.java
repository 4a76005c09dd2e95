package io.jenkins.plugins.oauthmail.config;

import hudson.ExtensionPoint;

/** Notified when applications or accounts were changed, by form or by configuration as code. */
public interface AccountsListener extends ExtensionPoint {
    /** Called when the change is saved. The configuration is locked meanwhile, so implementations must not block. */
    void accountsChanged();
}
