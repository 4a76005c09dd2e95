package org.jenkinsci.remoting;

import edu.umd.cs.findbugs.annotations.NonNull;

/** What says where it may run. */
public interface RoleSensitive {
    void checkRoles(@NonNull RoleChecker checker) throws SecurityException;
}
