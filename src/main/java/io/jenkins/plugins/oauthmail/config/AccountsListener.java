package io.jenkins.plugins.oauthmail.config;

import hudson.ExtensionPoint;

/** Is told when applications or accounts were changed, whether by form or by configuration as code. */
public interface AccountsListener extends ExtensionPoint {
    /** Called when the change is saved, with the configuration locked: must not block. */
    void accountsChanged();
}
