package org.kohsuke.accmod.restrictions;

import org.kohsuke.accmod.AccessRestriction;

/** Anyone may call it. */
public class None extends AccessRestriction {}
