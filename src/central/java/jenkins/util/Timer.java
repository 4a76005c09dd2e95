package jenkins.util;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** The controller's timer. */
public class Timer {
    private static final ScheduledExecutorService EXECUTOR = Executors.newScheduledThreadPool(2, work -> {
        Thread thread = new Thread(work, "jenkins.util.Timer");
        thread.setDaemon(true);
        return thread;
    });

    private Timer() {}

    @NonNull
    public static ScheduledExecutorService get() {
        return EXECUTOR;
    }
}
