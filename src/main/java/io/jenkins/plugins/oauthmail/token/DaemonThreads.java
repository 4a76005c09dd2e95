package io.jenkins.plugins.oauthmail.token;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Thread pools of this plugin. Their threads are created as needed, and keep neither the JVM nor a class loader alive.
 */
public final class DaemonThreads {
    private DaemonThreads() {}

    /** @param work what the threads do, for their names */
    @NonNull
    public static ExecutorService named(@NonNull String work) {
        AtomicInteger count = new AtomicInteger();
        return Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "oauth-mail " + work + " " + count.incrementAndGet());
            thread.setDaemon(true);
            // Otherwise the class loader of the first caller, perhaps of a build, would never be garbage-collected.
            thread.setContextClassLoader(DaemonThreads.class.getClassLoader());
            return thread;
        });
    }
}
