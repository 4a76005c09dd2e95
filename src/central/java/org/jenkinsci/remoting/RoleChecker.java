package org.jenkinsci.remoting;

/** Whom a {@link RoleSensitive} asks; here nobody. */
public abstract class RoleChecker {}
