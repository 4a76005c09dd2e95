package hudson.model;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An agent; here only the pool of threads that everybody uses. */
public abstract class Computer {
    public static final ExecutorService threadPoolForRemoting = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "Computer.threadPoolForRemoting");
        thread.setDaemon(true);
        return thread;
    });

    private Computer() {}
}
