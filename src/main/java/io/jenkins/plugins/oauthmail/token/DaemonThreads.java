package io.jenkins.plugins.oauthmail.token;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads of this plugin's own, as many as are needed, which keep neither the JVM nor a class loader alive. */
final class DaemonThreads {
    private DaemonThreads() {}

    /** @param work what the threads do, for their names */
    @NonNull
    static ExecutorService named(@NonNull String work) {
        AtomicInteger count = new AtomicInteger();
        return Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "oauth-mail " + work + " " + count.incrementAndGet());
            thread.setDaemon(true);
            // Else the first asker's loader, perhaps that of a build, would be kept alive.
            thread.setContextClassLoader(DaemonThreads.class.getClassLoader());
            return thread;
        });
    }
}
