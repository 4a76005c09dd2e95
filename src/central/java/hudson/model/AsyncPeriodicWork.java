package hudson.model;

import java.io.IOException;
import java.util.logging.Level;

/** Work that may take long. A controller gives it a thread and a log file; here it runs in the caller's thread. */
public abstract class AsyncPeriodicWork extends PeriodicWork {
    public final String name;

    protected AsyncPeriodicWork(String name) {
        this.name = name;
    }

    @Override
    public final void doRun() {
        try {
            execute(TaskListener.NULL);
        } catch (IOException e) {
            logger.log(Level.WARNING, name + " failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    protected abstract void execute(TaskListener listener) throws IOException, InterruptedException;
}
