package org.kohsuke.accmod.restrictions;

/** Only this plugin may call it. */
public class NoExternalUse extends DoNotUse {}
