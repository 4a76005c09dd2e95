package jenkins.util;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** Does things later. */
public class Timer {
    private Timer() {}

    private static final ScheduledExecutorService EXECUTOR = Executors.newScheduledThreadPool(1, work -> {
        Thread thread = new Thread(work, "jenkins.util.Timer");
        thread.setDaemon(true);
        return thread;
    });

    public static ScheduledExecutorService get() {
        return EXECUTOR;
    }
}
