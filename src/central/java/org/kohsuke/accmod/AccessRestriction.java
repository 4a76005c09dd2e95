package org.kohsuke.accmod;

/** What a {@link Restricted} asks for. Only the real build checks it. */
public abstract class AccessRestriction {}
