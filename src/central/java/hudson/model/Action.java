package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/** Something with a URL, and a link if it has an icon. */
public interface Action extends ModelObject {
    @CheckForNull
    String getIconFileName();

    @CheckForNull
    @Override
    String getDisplayName();

    @CheckForNull
    String getUrlName();
}
