package com.cloudbees.plugins.credentials.common;

/** A credential with id, description, user name and password. */
public interface StandardUsernamePasswordCredentials extends StandardUsernameCredentials, UsernamePasswordCredentials {}
