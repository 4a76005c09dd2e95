package io.jenkins.plugins.oauthmail.token;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

class TimeSourceTest {
    /** A thread dump must not show a mail connection being closed as a request for a token. */
    @Test
    void runsDelayedTasksOnANamedDaemonThread() throws Exception {
        BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
        TimeSource.SYSTEM.later(Duration.ofMillis(1), () -> threads.add(Thread.currentThread()));
        Thread thread = threads.take();
        assertTrue(thread.getName().startsWith("oauth-mail timer "), thread.getName());
        assertTrue(thread.isDaemon());
        assertSame(TimeSource.class.getClassLoader(), thread.getContextClassLoader());
    }
}
