package io.jenkins.plugins.oauthmail.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Work goes on while no threads can be made. */
class SteadyExecutorTest {
    private static Thread where(SteadyExecutor executor) throws Exception {
        return CompletableFuture.supplyAsync(Thread::currentThread, executor).get(20, TimeUnit.SECONDS);
    }

    @Test
    void runsTasksInItsReserve() throws Exception {
        SteadyExecutor executor = new SteadyExecutor(task -> {
            throw new OutOfMemoryError("unable to create native thread");
        });
        Thread reserve = where(executor);
        assertNotSame(Thread.currentThread(), reserve);
        executor.execute(() -> {
            throw new IllegalStateException("a task that fails");
        });
        reserve.interrupt();
        assertEquals(reserve, where(executor));
    }

    @Test
    void runsRejectedTasks() throws Exception {
        SteadyExecutor executor = new SteadyExecutor(task -> {
            throw new RejectedExecutionException("shut down");
        });
        assertNotSame(Thread.currentThread(), where(executor));
    }

    @Test
    void leavesTasksToTheUsualThreads() throws Exception {
        assertEquals(Thread.currentThread(), where(new SteadyExecutor(Runnable::run)));
    }
}
