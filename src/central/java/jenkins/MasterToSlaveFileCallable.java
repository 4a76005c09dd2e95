package jenkins;

import hudson.FilePath;
import org.jenkinsci.remoting.RoleChecker;

/** Work on a file that a controller may ask of an agent. */
public abstract class MasterToSlaveFileCallable<T> implements FilePath.FileCallable<T> {
    private static final long serialVersionUID = 1L;

    @Override
    public void checkRoles(RoleChecker checker) throws SecurityException {}
}
