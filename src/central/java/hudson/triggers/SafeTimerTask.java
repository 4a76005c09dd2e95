package hudson.triggers;

import hudson.security.ACL;
import hudson.security.ACLContext;
import java.util.TimerTask;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A task that survives its own failures and runs as SYSTEM. */
public abstract class SafeTimerTask extends TimerTask {
    private static final Logger LOGGER = Logger.getLogger(SafeTimerTask.class.getName());

    @Override
    public final void run() {
        try (ACLContext system = ACL.as2(ACL.SYSTEM2)) {
            doRun();
        } catch (Exception e) {
            LOGGER.log(Level.SEVERE, "Timer task " + this + " failed", e);
        }
    }

    protected abstract void doRun() throws Exception;
}
