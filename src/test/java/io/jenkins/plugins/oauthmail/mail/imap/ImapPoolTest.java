package io.jenkins.plugins.oauthmail.mail.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who gets one of the places, and when; the connections do not matter. */
@Timeout(60)
class ImapPoolTest {
    private final ImapPool pool = new ImapPool(null, null, TimeSource.SYSTEM, true);
    private final AtomicLong clock = new AtomicLong();
    private final ReadDeadline limit = new ReadDeadline(Duration.ofMinutes(10), clock::get);

    /** Somebody who has to wait for a place; the result is known once that is over. */
    private final class Waiting {
        private final FutureTask<Void> entry;
        private final Thread thread;

        Waiting(boolean saves) throws Exception {
            entry = new FutureTask<>(() -> {
                pool.enter(limit, saves);
                return null;
            });
            thread = new Thread(entry);
            thread.start();
            Await.until(() -> thread.getState() == Thread.State.WAITING);
        }
    }

    private void enter(boolean saves, int times) throws InterruptedException {
        for (int i = 0; i < times; i++) {
            pool.enter(limit, saves);
        }
    }

    @Test
    void savingTakesAllPlacesButOne() throws Exception {
        enter(true, ImapPool.MAX - 1);
        Waiting third = new Waiting(true);
        enter(false, 1);
        pool.leave(true);
        third.entry.get();
        Waiting fourth = new Waiting(false);
        pool.leave(true);
        fourth.entry.get();
    }

    @Test
    void othersTakeAllPlaces() throws Exception {
        enter(false, ImapPool.MAX);
        Waiting saving = new Waiting(true);
        Waiting other = new Waiting(false);
        pool.leave(false);
        saving.entry.get();
        pool.leave(true);
        other.entry.get();
    }

    @Test
    void waitingDoesNotCountAsReading() throws Exception {
        enter(true, ImapPool.MAX - 1);
        Waiting saving = new Waiting(true);
        clock.addAndGet(Duration.ofMinutes(4).toNanos());
        pool.leave(true);
        saving.entry.get();
        assertEquals(Duration.ofMinutes(10), limit.left());
        Waiting other = new Waiting(true);
        pool.leave(true);
        other.entry.get();
        enter(false, 1);
        Waiting last = new Waiting(false);
        clock.addAndGet(Duration.ofMinutes(4).toNanos());
        pool.leave(false);
        last.entry.get();
        assertEquals(Duration.ofMinutes(10), limit.left());
    }

    @Test
    void whoIsInterruptedWhileWaitingTakesNoPlace() throws Exception {
        enter(true, ImapPool.MAX - 1);
        interrupt(new Waiting(true));
        enter(false, 1);
        pool.leave(true);
        pool.leave(true);
        enter(false, ImapPool.MAX - 1);
        for (int i = 0; i < ImapPool.MAX; i++) {
            interrupt(new Waiting(true));
        }
        interrupt(new Waiting(false));
        for (int i = 0; i < ImapPool.MAX; i++) {
            pool.leave(false);
        }
        enter(true, ImapPool.MAX - 1);
        enter(false, 1);
    }

    private static void interrupt(Waiting who) {
        who.thread.interrupt();
        assertEquals(
                InterruptedException.class,
                assertThrows(ExecutionException.class, who.entry::get)
                        .getCause()
                        .getClass());
    }
}
