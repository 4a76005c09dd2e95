package com.cloudbees.plugins.credentials;

/** Who gets at a credential: the controller only, everything in Jenkins, or one person. */
public enum CredentialsScope {
    SYSTEM,
    GLOBAL,
    USER
}
