package hudson.model;

import io.jenkins.inmemory.InMemoryJenkins;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** An agent; here only the pool of threads that everybody uses. */
public abstract class Computer {
    public static final ExecutorService threadPoolForRemoting = new Pool();

    private static final class Pool extends ThreadPoolExecutor {
        Pool() {
            super(0, Integer.MAX_VALUE, 1, TimeUnit.MINUTES, new SynchronousQueue<>(), work -> {
                Thread thread = new Thread(work, "Computer.threadPoolForRemoting");
                thread.setDaemon(true);
                return thread;
            });
        }

        @Override
        public void execute(Runnable work) {
            super.execute(InMemoryJenkins.employ(work));
        }
    }

    private Computer() {}
}
