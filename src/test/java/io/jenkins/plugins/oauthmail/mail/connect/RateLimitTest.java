package io.jenkins.plugins.oauthmail.mail.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.testing.FakeTime;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RateLimitTest {
    private static final Duration LONG = Duration.ofDays(1);

    private final RateLimit pace = new RateLimit();
    private final List<String> notices = new ArrayList<>();

    /** Who waits goes on when the test says so. */
    private static final class Standstill implements TimeSource {
        private final Semaphore pausing = new Semaphore(0);
        private final Semaphore goOn = new Semaphore(0);
        private volatile Instant now = Instant.EPOCH;

        @Override
        public Instant now() {
            return now;
        }

        @Override
        public void pause(Duration duration) throws InterruptedException {
            assertTrue(duration.compareTo(RateLimit.LOOK_AGAIN) <= 0, duration.toString());
            pausing.release();
            goOn.acquire();
        }

        @Override
        public void later(Duration delay, Runnable task) {
            throw new UnsupportedOperationException();
        }

        @Override
        public double chance() {
            return 0;
        }
    }

    private Thread waiting(TimeSource time) {
        Thread thread = new Thread(() -> {
            try {
                pace.awaitTurn(time, LONG, notices::add);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (MailFailure e) {
                throw new IllegalStateException(e);
            }
        });
        thread.start();
        return thread;
    }

    private void takeAll(TimeSource time) throws Exception {
        for (int i = 0; i < RateLimit.MAX; i++) {
            pace.awaitTurn(time, Duration.ZERO, notices::add);
        }
    }

    @Test
    void neverMoreThanThirtyInAnyMinute() throws Exception {
        FakeTime time = new FakeTime();
        List<Instant> turns = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            pace.awaitTurn(time, LONG, notices::add);
            turns.add(time.now());
            time.advance(Duration.ofMillis(i % 7 * 300));
        }
        for (int i = RateLimit.MAX; i < turns.size(); i++) {
            Duration apart = Duration.between(turns.get(i - RateLimit.MAX), turns.get(i));
            assertTrue(apart.compareTo(RateLimit.SPAN) >= 0, i + ": " + apart);
        }
    }

    @Test
    void thoseWhoGiveUpHoldNobodyBack() throws Exception {
        Standstill time = new Standstill();
        takeAll(time);
        List<Thread> burst = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            burst.add(waiting(time));
            time.pausing.acquire();
        }
        Thread behind = waiting(time);
        time.pausing.acquire();
        assertEquals("waiting 180 seconds, because the mailbox may send only 30 messages a minute.", notices.get(60));
        for (Thread one : burst) {
            one.interrupt();
            one.join();
        }
        time.now = time.now.plus(RateLimit.SPAN);
        time.goOn.release();
        behind.join();
        assertFalse(behind.isInterrupted());
        pace.awaitTurn(time, Duration.ZERO, notices::add);
        assertEquals(61, notices.size());
    }

    @Test
    void nobodyOvertakes() throws Exception {
        Standstill time = new Standstill();
        takeAll(time);
        List<Thread> first = new ArrayList<>();
        for (int i = 0; i < RateLimit.MAX; i++) {
            first.add(waiting(time));
            time.pausing.acquire();
        }
        time.now = time.now.plus(RateLimit.SPAN);
        assertThrows(MailFailure.class, () -> pace.awaitTurn(time, Duration.ofSeconds(40), notices::add));
        time.goOn.release(RateLimit.MAX);
        for (Thread one : first) {
            one.join();
        }
        assertThrows(MailFailure.class, () -> pace.awaitTurn(time, Duration.ofSeconds(40), notices::add));
        time.now = time.now.plus(RateLimit.SPAN);
        pace.awaitTurn(time, Duration.ZERO, notices::add);
    }
}
