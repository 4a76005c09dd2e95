package jenkins.util;

import io.jenkins.inmemory.InMemoryJenkins;
import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Does things later. */
public class Timer {
    private Timer() {}

    private static final ScheduledExecutorService EXECUTOR = new Pool();

    private static final class Pool extends ScheduledThreadPoolExecutor {
        Pool() {
            super(1, work -> {
                Thread thread = new Thread(work, "jenkins.util.Timer");
                thread.setDaemon(true);
                return thread;
            });
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable work, long delay, TimeUnit unit) {
            return super.schedule(InMemoryJenkins.employ(work), delay, unit);
        }

        @Override
        public <T> ScheduledFuture<T> schedule(Callable<T> work, long delay, TimeUnit unit) {
            return super.schedule(InMemoryJenkins.employ(work), delay, unit);
        }
    }

    public static ScheduledExecutorService get() {
        return EXECUTOR;
    }
}
