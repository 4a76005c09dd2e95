package hudson;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.TaskListener;

/** Starts processes on an agent; here it can only be handed around. */
public abstract class Launcher {
    protected final TaskListener listener;

    protected Launcher(@NonNull Launcher launcher) {
        this.listener = launcher.listener;
    }
}
