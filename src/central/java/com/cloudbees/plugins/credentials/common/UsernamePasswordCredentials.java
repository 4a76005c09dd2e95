package com.cloudbees.plugins.credentials.common;

/** A credential with a user name and a password. */
public interface UsernamePasswordCredentials extends UsernameCredentials, PasswordCredentials {}
