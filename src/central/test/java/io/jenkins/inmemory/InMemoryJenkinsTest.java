package io.jenkins.inmemory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import hudson.model.Computer;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import jenkins.util.Timer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InMemoryJenkinsTest {
    @TempDir
    Path home;

    static Stream<ExecutorService> pools() {
        return Stream.of(Computer.threadPoolForRemoting, Timer.get());
    }

    /** Otherwise, a message that one test leaves to be sent would reach the server of the next one. */
    @ParameterizedTest
    @MethodSource("pools")
    void workOfAClosedControllerDoesNotGoOnWithTheNextOne(ExecutorService pool) throws Exception {
        CountDownLatch next = new CountDownLatch(1);
        Callable<Future<Jenkins>> work = () -> {
            next.await();
            assertEquals(false, InMemoryJenkins.isStarted());
            return Computer.threadPoolForRemoting.submit(Jenkins::get);
        };
        Future<Future<Jenkins>> left;
        try (InMemoryJenkins before = InMemoryJenkins.start(home, null)) {
            left = pool.submit(work);
        }
        try (InMemoryJenkins after = InMemoryJenkins.start(home, null)) {
            next.countDown();
            Future<Jenkins> begun = left.get(20, TimeUnit.SECONDS);
            ExecutionException failed = assertThrows(ExecutionException.class, () -> begun.get(20, TimeUnit.SECONDS));
            assertInstanceOf(IllegalStateException.class, failed.getCause());
            assertSame(after.jenkins(), pool.submit(Jenkins::get).get(20, TimeUnit.SECONDS));
        }
    }
}
