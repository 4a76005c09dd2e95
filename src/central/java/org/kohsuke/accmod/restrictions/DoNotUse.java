package org.kohsuke.accmod.restrictions;

/** Nobody may call it from Java. */
public class DoNotUse extends None {}
