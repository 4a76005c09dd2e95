package com.cloudbees.plugins.credentials.common;

/** A credential with id, description and user name. */
public interface StandardUsernameCredentials extends StandardCredentials, UsernameCredentials {}
