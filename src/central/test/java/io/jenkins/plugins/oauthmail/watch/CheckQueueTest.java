package io.jenkins.plugins.oauthmail.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.MailReader;
import io.jenkins.plugins.oauthmail.mail.MailRig;
import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose turn it is to look, whatever the others come to. */
@Timeout(60)
class CheckQueueTest {
    private static final Duration NEVER = Duration.ofHours(1);

    private static final List<Throwable> ALL_KINDS = List.of(
            new IllegalStateException("broken"),
            new StackOverflowError("broken"),
            new OutOfMemoryError("broken"),
            new NoClassDefFoundError("broken"),
            new ExceptionInInitializerError("broken"),
            new AssertionError("broken"),
            new Error("broken"),
            new Checked());

    private final SetTime time = new SetTime();
    private final CheckQueue queue = new CheckQueue("nowhere", Duration.ofMillis(1), time);

    @Test
    void reportsAnyFailureAndChecksAgain() throws Exception {
        List<Waiter> broken = new ArrayList<>();
        for (Throwable kind : ALL_KINDS) {
            Waiter waiter = new Waiter();
            waiter.work = shared -> CheckQueueTest.<RuntimeException>sneak(kind);
            broken.add(waiter);
            queue.join(waiter);
        }
        Waiter sound = new Waiter();
        queue.join(sound);
        for (int i = 0; i < 3; i++) {
            sound.looks.acquire();
            for (int j = 0; j < broken.size(); j++) {
                assertSame(ALL_KINDS.get(j), broken.get(j).failures.take());
            }
            queue.requestAll();
        }
    }

    @Test
    void failingListenerDoesNotAffectOthers() throws Exception {
        Waiter broken = new Waiter() {
            @Override
            public void watchFailed(MailFailure failure) {
                throw new StackOverflowError("broken");
            }

            @Override
            public void checkFailed(Throwable unforeseen) {
                throw new OutOfMemoryError("broken");
            }
        };
        broken.work = shared -> {
            throw new AssertionError("broken");
        };
        Waiter sound = new Waiter();
        queue.join(broken);
        queue.join(sound);
        sound.looks.acquire();
        queue.watchFailed(failure("gone"));
        assertEquals("gone", sound.failures.take().getMessage().replaceFirst(".*: ", ""));
        queue.requestAll();
        sound.looks.acquire();
    }

    /** Others may ask for less, and must not fail with what somebody else asked for. */
    @Test
    void tellsNobodyElseOfAFailureWithMessages() throws Exception {
        CountDownLatch joined = new CountDownLatch(1);
        AtomicInteger looks = new AtomicInteger();
        Waiter slow = new Waiter();
        slow.work = shared -> {
            joined.await();
            if (looks.getAndIncrement() == 0) {
                throw new ReadDeadline(Duration.ofMinutes(10), System::nanoTime).over();
            }
        };
        Waiter other = new Waiter();
        queue.join(slow);
        queue.join(other);
        joined.countDown();
        other.looks.acquire();
        slow.looks.acquire();
        assertEquals(0, other.failures.size());
    }

    @Test
    void retriesTemporaryFailures() throws Exception {
        AtomicInteger left = new AtomicInteger(5);
        Waiter waiter = new Waiter();
        waiter.work = shared -> {
            if (left.getAndDecrement() > 0) {
                throw failure("throttled");
            }
        };
        queue.join(waiter);
        waiter.looks.acquire();
        assertEquals(-1, left.get());
        Await.until(() -> queue.hasSucceededWithin(Duration.ofMinutes(1)));
    }

    /** While mail is on its way, a server that says in how many seconds to come back is not left alone for minutes. */
    @ParameterizedTest
    @CsvSource({",  PT5M, PT6M", "PT4S, PT1M, PT80S", "PT50S, PT50S, PT80S", "PT15M, PT15M, PT19M"})
    void waitsAsLongAsTheServerAsks(Duration suggested, Duration least, Duration most) {
        CheckQueue usual = new CheckQueue("nowhere", Duration.ofSeconds(5), time);
        Duration pause = Duration.ZERO;
        for (int i = 0; i < 20; i++) {
            pause = usual.pause(MailFailure.refused(
                    MailFailure.Layer.FOLDER, "throttled", MailFailure.Permanence.TEMPORARY, suggested, null));
            assertTrue(suggested == null || pause.compareTo(suggested) >= 0, pause.toString());
        }
        assertTrue(pause.compareTo(least) >= 0 && pause.compareTo(most) <= 0, pause.toString());
    }

    @Test
    void successOnlyClearsEarlierFailures() throws Exception {
        Waiter waiter = new Waiter();
        queue.join(waiter);
        waiter.looks.acquire();
        Await.until(() -> queue.hasSucceededWithin(Duration.ofMinutes(1)));
        time.advance(Duration.ofSeconds(59));
        assertTrue(queue.hasSucceededWithin(Duration.ofMinutes(1)));
        time.advance(Duration.ofSeconds(1));
        assertFalse(queue.hasSucceededWithin(Duration.ofMinutes(1)));
    }

    /** A server that is silent costs its time-out once and not once for each build. */
    @Test
    void pausesAllWhileTheServerIsUnavailable() throws Exception {
        CheckQueue resting = new CheckQueue("nowhere", NEVER, time);
        AtomicInteger sent = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(1);
        List<Waiter> waiters = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Waiter waiter = new Waiter();
            waiter.work = shared -> {
                all.await();
                sent.incrementAndGet();
                throw failure("silent");
            };
            waiters.add(waiter);
            resting.join(waiter);
        }
        all.countDown();
        for (Waiter waiter : waiters.subList(1, 3)) {
            assertEquals("silent", waiter.failures.take().getMessage().replaceFirst(".*: ", ""));
        }
        resting.requestFirst(waiters.get(2));
        assertEquals(1, sent.get());
        assertFalse(resting.hasSucceededWithin(Duration.ofMinutes(1)));
        waiters.forEach(waiter -> waiter.work = shared -> {});
        resting.restart(); // as when the account was changed
        for (Waiter waiter : waiters) {
            waiter.looks.acquire();
        }
    }

    @Test
    void leavingEndsOnlyTheOwnCheck() throws Exception {
        CountDownLatch looking = new CountDownLatch(1);
        BlockingQueue<Boolean> interrupted = new LinkedBlockingQueue<>();
        Waiter aborted = new Waiter();
        aborted.work = shared -> {
            looking.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // and back without a word
            }
        };
        Waiter next = new Waiter();
        next.work = shared -> interrupted.add(Thread.currentThread().isInterrupted());
        queue.join(aborted);
        looking.await();
        queue.join(next);
        assertFalse(queue.leave(aborted));
        assertFalse(interrupted.take());
        assertTrue(queue.leave(next));
        assertFalse(queue.leave(next));
    }

    /** The step that ends in its own look reports its result in the same thread. */
    @Test
    void leavingWithinACheckDoesNotInterruptIt() throws Exception {
        BlockingQueue<Boolean> interrupted = new LinkedBlockingQueue<>();
        Waiter waiter = new Waiter();
        waiter.work = shared -> {
            queue.leave(waiter);
            interrupted.add(Thread.currentThread().isInterrupted());
        };
        queue.join(waiter);
        assertFalse(interrupted.take());
    }

    @Test
    void outsideInterruptDoesNotEndWaiting() throws Exception {
        AtomicInteger left = new AtomicInteger(2);
        Waiter waiter = new Waiter();
        waiter.work = shared -> {
            if (left.getAndDecrement() > 0) {
                throw new InterruptedException();
            }
        };
        queue.join(waiter);
        waiter.looks.acquire();
        assertTrue(waiter.failures.isEmpty());
    }

    @Test
    void restartRepeatsTheCurrentCheck() throws Exception {
        CheckQueue resting = new CheckQueue("nowhere", NEVER, time);
        CountDownLatch looking = new CountDownLatch(1);
        Waiter waiter = new Waiter();
        waiter.work = shared -> {
            waiter.work = again -> {};
            looking.countDown();
            new CountDownLatch(1).await();
        };
        resting.join(waiter);
        looking.await();
        resting.restart();
        waiter.looks.acquire();
    }

    @Test
    void checksJobsInTurn() throws Exception {
        List<String> order = new ArrayList<>();
        CountDownLatch looking = new CountDownLatch(1);
        CountDownLatch all = new CountDownLatch(1);
        List<Waiter> waiters = new ArrayList<>();
        for (int i = 0; i < 1001; i++) {
            String owner = i < 1000 ? "large" : "small";
            Waiter waiter = new Waiter() {
                @Override
                public Object owner() {
                    return owner;
                }
            };
            waiter.work = shared -> {
                looking.countDown();
                all.await();
                order.add(owner);
            };
            waiters.add(waiter);
            queue.join(waiter);
        }
        looking.await();
        all.countDown();
        for (Waiter waiter : waiters) {
            waiter.looks.acquire();
        }
        assertTrue(order.indexOf("small") <= 2, "after " + order.indexOf("small") + " others");
        assertEquals(1001, order.size());
    }

    @Test
    void urgentChecksComeFirst() throws Exception {
        List<Integer> order = new ArrayList<>();
        CountDownLatch looking = new CountDownLatch(1);
        CountDownLatch all = new CountDownLatch(1);
        List<Waiter> waiters = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            int number = i;
            Waiter waiter = new Waiter();
            waiter.work = shared -> {
                looking.countDown();
                all.await();
                order.add(number);
            };
            waiters.add(waiter);
            queue.join(waiter);
        }
        looking.await();
        queue.requestFirst(waiters.get(4));
        all.countDown();
        for (Waiter waiter : waiters) {
            waiter.looks.acquire();
        }
        assertEquals(List.of(0, 4, 1, 2, 3), order);
    }

    /** Otherwise it would hide what came in time, or never end because others are in a hurry again and again. */
    @Test
    void longCheckIsInterruptedForAnUrgentOneButOnlyOnce() throws Exception {
        Semaphore begun = new Semaphore(0);
        CountDownLatch end = new CountDownLatch(1);
        Waiter slow = new Waiter();
        slow.work = shared -> {
            begun.release();
            end.await();
        };
        Waiter urgent = new Waiter();
        queue.join(slow);
        begun.acquire();
        queue.join(urgent);
        queue.interruptFor(urgent);
        urgent.looks.acquire();
        begun.acquire(); // it is repeated
        queue.requestFirst(urgent);
        queue.interruptFor(urgent);
        assertEquals(0, slow.looks.availablePermits());
        end.countDown();
        slow.looks.acquire();
        assertEquals(0, begun.availablePermits());
        urgent.looks.acquire();
    }

    @Test
    void urgentChecksDoNotInterruptEachOther() throws Exception {
        Semaphore begun = new Semaphore(0);
        Semaphore end = new Semaphore(0);
        Waiter first = new Waiter();
        first.work = shared -> {
            begun.release();
            end.acquire();
        };
        Waiter second = new Waiter();
        queue.join(first);
        begun.acquire();
        queue.join(second);
        queue.requestFirst(first);
        end.release();
        begun.acquire();
        queue.interruptFor(second);
        end.release();
        first.looks.acquire(2);
        assertEquals(0, begun.availablePermits());
        second.looks.acquire();
    }

    /** One who reads much ends its turn then; those who were in a hurry themselves do not wait for each other again. */
    @Test
    void onlyUnhurriedCheckLearnsThatAnUrgentOneWaits() throws Exception {
        Semaphore begun = new Semaphore(0);
        Semaphore end = new Semaphore(0);
        BlockingQueue<Boolean> awaited = new LinkedBlockingQueue<>();
        Waiter first = new Waiter();
        first.work = shared -> {
            begun.release();
            end.acquire();
            awaited.add(shared.isAwaited());
        };
        Waiter second = new Waiter();
        queue.join(first);
        begun.acquire();
        queue.join(second);
        queue.requestFirst(first);
        end.release();
        assertFalse(awaited.take());
        begun.acquire(); // ahead of the second
        queue.requestFirst(second);
        end.release();
        assertFalse(awaited.take());
        second.looks.acquire();
        queue.request(first);
        begun.acquire();
        queue.requestFirst(second);
        end.release();
        assertTrue(awaited.take());
        second.looks.acquire();
        queue.request(first);
        begun.acquire();
        end.release();
        assertFalse(awaited.take());
    }

    /** Otherwise a last check that is kept waiting by it would be given up, although the server answers. */
    @Test
    void eachAnswerToALongCheckCounts() throws Exception {
        Semaphore begun = new Semaphore(0);
        Semaphore next = new Semaphore(0);
        try (MailRig rig = new MailRig();
                MailReader reader = rig.keeping(rig.server.imap(Security.NONE))) {
            Waiter slow = new Waiter();
            slow.work = shared -> {
                begun.release();
                next.acquire();
                shared.arrivals(reader, MailQuery.inbox(), null, mail -> false);
                begun.release();
                next.acquire();
                shared.look(reader, MailQuery.inbox(), null, 0);
                begun.release();
                next.acquire();
            };
            queue.join(slow);
            begun.acquire();
            assertFalse(queue.hasSucceededWithin(NEVER));
            for (int i = 0; i < 2; i++) {
                next.release();
                begun.acquire();
                assertTrue(queue.hasSucceededWithin(Duration.ofMinutes(1)));
                time.advance(Duration.ofMinutes(1));
                assertFalse(queue.hasSucceededWithin(Duration.ofMinutes(1)));
            }
            next.release();
            slow.looks.acquire();
            queue.leave(slow);
        }
    }

    private static MailFailure failure(String sentence) {
        return new MailFailure(MailFailure.Layer.CONNECT, sentence);
    }

    @SuppressWarnings("unchecked") // as a language without checked exceptions does it
    private static <T extends Throwable> void sneak(Throwable kind) throws T {
        throw (T) kind;
    }

    private static final class Checked extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private interface Work {
        void look(SharedReading shared) throws MailFailure, InterruptedException;
    }

    private static class Waiter implements FolderWatches.Listener {
        final Semaphore looks = new Semaphore(0);
        final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
        volatile Work work = shared -> {};

        @Override
        public void checkForMail(SharedReading shared) throws MailFailure, InterruptedException {
            work.look(shared);
            looks.release();
        }

        @Override
        public void watchFailed(MailFailure failure) {
            failures.add(failure);
        }

        @Override
        public void checkFailed(Throwable unforeseen) {
            failures.add(unforeseen);
        }
    }

    /** A clock that moves only when the test says so, or somebody looks at it. */
    private static final class SetTime implements TimeSource {
        private Instant now = Instant.EPOCH;

        synchronized void advance(Duration by) {
            now = now.plus(by);
        }

        @Override
        public synchronized Instant now() {
            // No two events are at the same time.
            now = now.plusNanos(1);
            return now;
        }

        @Override
        public void pause(Duration duration) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void later(Duration delay, Runnable task) {
            throw new UnsupportedOperationException();
        }

        @Override
        public double chance() {
            return 0.5;
        }
    }
}
