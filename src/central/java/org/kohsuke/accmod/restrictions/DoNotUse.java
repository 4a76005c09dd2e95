package org.kohsuke.accmod.restrictions;

import org.kohsuke.accmod.AccessRestriction;

/** Nobody may call it from Java. */
public class DoNotUse extends AccessRestriction {}
