package io.jenkins.plugins.oauthmail.token;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Thread pools of this plugin. Their threads are created as needed, and keep neither the JVM nor a class loader alive. If
 * no thread can be made, a task is rejected: an error would end those who give tasks to a pool, such as the thread that
 * accepts connections.
 */
public final class DaemonThreads {
    private static final long IDLE_SECONDS = 60;

    private DaemonThreads() {}

    /** @param work what the threads do, for their names */
    @NonNull
    public static ExecutorService named(@NonNull String work) {
        AtomicInteger count = new AtomicInteger();
        return pool(task -> {
            Thread thread = new Thread(task, "oauth-mail " + work + " " + count.incrementAndGet());
            thread.setDaemon(true);
            // Otherwise the class loader of the first caller, perhaps of a build, would never be garbage-collected.
            thread.setContextClassLoader(DaemonThreads.class.getClassLoader());
            return thread;
        });
    }

    static ExecutorService pool(ThreadFactory factory) {
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), factory) {
            @Override
            public void execute(Runnable task) {
                try {
                    super.execute(task);
                } catch (OutOfMemoryError noThread) {
                    throw new RejectedExecutionException("No thread can be made", noThread);
                }
            }
        };
    }
}
