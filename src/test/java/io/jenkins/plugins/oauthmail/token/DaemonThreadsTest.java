package io.jenkins.plugins.oauthmail.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class DaemonThreadsTest {

    /** Those who give it tasks, such as the thread that accepts the relay's connections, go on afterwards. */
    @Test
    void rejectsTasksWhileNoThreadCanBeMade() throws Exception {
        AtomicBoolean none = new AtomicBoolean(true);
        ExecutorService threads = DaemonThreads.pool(task -> {
            if (none.get()) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            return new Thread(task);
        });
        try {
            assertThrows(RejectedExecutionException.class, () -> threads.execute(() -> {}));
            none.set(false);
            assertEquals("done", threads.submit(() -> "done").get());
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void keepsNoJvmAlive() throws Exception {
        ExecutorService threads = DaemonThreads.named("test");
        try {
            assertTrue(threads.submit(() -> Thread.currentThread().isDaemon()).get());
        } finally {
            threads.shutdown();
        }
    }
}
