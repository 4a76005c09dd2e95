package hudson.slaves;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;

/** The workspaces of a node. */
public final class WorkspaceList {
    private WorkspaceList() {}

    @CheckForNull
    public static FilePath tempDir(FilePath ws) {
        FilePath parent = ws.getParent();
        return parent == null ? null : parent.child(ws.getName() + "@tmp");
    }
}
