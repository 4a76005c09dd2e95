package hudson.model;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.triggers.SafeTimerTask;
import java.util.logging.Logger;

/** Work that Jenkins repeats. Nothing repeats it here: call {@link #run()}. */
public abstract class PeriodicWork extends SafeTimerTask implements ExtensionPoint {
    protected static final long MIN = 60_000;
    protected static final long HOUR = 60 * MIN;
    protected static final long DAY = 24 * HOUR;

    protected final Logger logger = Logger.getLogger(getClass().getName());

    public static ExtensionList<PeriodicWork> all() {
        return ExtensionList.lookup(PeriodicWork.class);
    }

    /** In milliseconds. */
    public abstract long getRecurrencePeriod();

    /** In milliseconds. */
    public long getInitialDelay() {
        return 0;
    }
}
