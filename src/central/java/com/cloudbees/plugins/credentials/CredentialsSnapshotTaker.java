package com.cloudbees.plugins.credentials;

import hudson.ExtensionPoint;

/** Makes copies of credentials that can be sent to agents. */
public abstract class CredentialsSnapshotTaker<C extends Credentials> implements ExtensionPoint {
    public abstract Class<C> type();

    public abstract C snapshot(C credentials);
}
