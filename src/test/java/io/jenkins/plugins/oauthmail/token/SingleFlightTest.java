package io.jenkins.plugins.oauthmail.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.testing.Await;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SingleFlightTest {

    private static AccessToken token(String value) {
        return new AccessToken(value, Instant.MAX);
    }

    private static FutureTask<AccessToken> waiting(SingleFlight flight, boolean forced) throws Exception {
        FutureTask<AccessToken> task = new FutureTask<>(() -> flight.join(forced));
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        Await.until(() -> thread.getState() == Thread.State.WAITING);
        return task;
    }

    @Test
    void interruptingOneDisturbsNobodyElse() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        SingleFlight flight = new SingleFlight(forced -> {
            go.await();
            return token("shared");
        });
        Thread[] first = new Thread[1];
        FutureTask<AccessToken> impatient = new FutureTask<>(() -> flight.join(false));
        first[0] = new Thread(impatient);
        first[0].start();
        Await.until(() -> first[0].getState() == Thread.State.WAITING);
        FutureTask<AccessToken> patient = waiting(flight, false);
        first[0].interrupt();
        Exception gone = assertThrows(Exception.class, impatient::get);
        assertTrue(gone.getCause() instanceof InterruptedException, String.valueOf(gone.getCause()));
        go.countDown();
        assertEquals("shared", patient.get().value());
    }

    @Test
    void whoMustHaveANewTokenQueuesBehindACallThatMayGiveAnOldOne() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger underWay = new AtomicInteger();
        List<Boolean> calls = new CopyOnWriteArrayList<>();
        List<Integer> crowd = new CopyOnWriteArrayList<>();
        SingleFlight flight = new SingleFlight(forced -> {
            calls.add(forced);
            crowd.add(underWay.incrementAndGet());
            go.await();
            underWay.decrementAndGet();
            return token(forced ? "new" : "any");
        });
        FutureTask<AccessToken> any = waiting(flight, false);
        FutureTask<AccessToken> forced = waiting(flight, true);
        FutureTask<AccessToken> alsoForced = waiting(flight, true);
        FutureTask<AccessToken> content = waiting(flight, false);
        go.countDown();
        assertEquals("any", any.get().value());
        assertEquals("new", forced.get().value());
        assertSame(forced.get(), alsoForced.get());
        assertSame(forced.get(), content.get(), "a new token is good enough for anybody");
        assertEquals(List.of(false, true), calls);
        assertEquals(List.of(1, 1), crowd, "never two at once");
    }

    @Test
    void startsANewCallAfterAFailedOne() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        SingleFlight flight = new SingleFlight(forced -> {
            if (calls.incrementAndGet() == 1) {
                throw new TokenFailure(TokenFailure.Kind.UNREACHABLE, "No.");
            }
            return token("second");
        });
        assertEquals(
                "No.",
                assertThrows(TokenFailure.class, () -> flight.join(false)).getMessage());
        assertEquals("second", flight.join(false).value());
    }

    @Test
    void passesOnProgrammingErrors() throws Exception {
        SingleFlight flight = new SingleFlight(forced -> {
            throw new IllegalArgumentException("a bug");
        });
        assertEquals(
                "a bug",
                assertThrows(IllegalStateException.class, () -> flight.join(false))
                        .getCause()
                        .getMessage());
    }
}
