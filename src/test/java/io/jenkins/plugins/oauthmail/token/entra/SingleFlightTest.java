package io.jenkins.plugins.oauthmail.token.entra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
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

    private static FutureTask<AccessToken> waiting(SingleFlight flight, Freshness freshness) throws Exception {
        FutureTask<AccessToken> task = new FutureTask<>(() -> flight.join(freshness));
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        Await.until(() -> thread.getState() == Thread.State.WAITING);
        return task;
    }

    @Test
    void interruptDoesNotAffectOthers() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        SingleFlight flight = new SingleFlight(freshness -> {
            go.await();
            return token("shared");
        });
        Thread[] first = new Thread[1];
        FutureTask<AccessToken> impatient = new FutureTask<>(() -> flight.join(Freshness.VALID));
        first[0] = new Thread(impatient);
        first[0].start();
        Await.until(() -> first[0].getState() == Thread.State.WAITING);
        FutureTask<AccessToken> patient = waiting(flight, Freshness.VALID);
        first[0].interrupt();
        Exception gone = assertThrows(Exception.class, impatient::get);
        assertTrue(gone.getCause() instanceof InterruptedException, String.valueOf(gone.getCause()));
        go.countDown();
        assertEquals("shared", patient.get().value());
    }

    @Test
    void requestForANewTokenWaitsForARunningOne() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger underWay = new AtomicInteger();
        List<Freshness> calls = new CopyOnWriteArrayList<>();
        List<Integer> crowd = new CopyOnWriteArrayList<>();
        SingleFlight flight = new SingleFlight(freshness -> {
            calls.add(freshness);
            crowd.add(underWay.incrementAndGet());
            go.await();
            underWay.decrementAndGet();
            return token(freshness == Freshness.NEW ? "new" : "any");
        });
        FutureTask<AccessToken> any = waiting(flight, Freshness.VALID);
        FutureTask<AccessToken> renewed = waiting(flight, Freshness.NEW);
        FutureTask<AccessToken> alsoRenewed = waiting(flight, Freshness.NEW);
        FutureTask<AccessToken> either = waiting(flight, Freshness.VALID);
        go.countDown();
        assertEquals("any", any.get().value());
        assertEquals("new", renewed.get().value());
        assertSame(renewed.get(), alsoRenewed.get());
        assertSame(renewed.get(), either.get(), "a new token is good enough for anybody");
        assertEquals(List.of(Freshness.VALID, Freshness.NEW), calls);
        assertEquals(List.of(1, 1), crowd, "never two at once");
    }

    @Test
    void startsANewRequestAfterAFailure() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        SingleFlight flight = new SingleFlight(freshness -> {
            if (calls.incrementAndGet() == 1) {
                throw new TokenFailure(TokenFailure.Kind.UNREACHABLE, "No.");
            }
            return token("second");
        });
        assertEquals(
                "No.",
                assertThrows(TokenFailure.class, () -> flight.join(Freshness.VALID))
                        .getMessage());
        assertEquals("second", flight.join(Freshness.VALID).value());
    }

    @Test
    void propagatesProgrammingErrors() throws Exception {
        SingleFlight flight = new SingleFlight(freshness -> {
            throw new IllegalArgumentException("a bug");
        });
        assertEquals(
                "a bug",
                assertThrows(IllegalStateException.class, () -> flight.join(Freshness.VALID))
                        .getCause()
                        .getMessage());
    }
}
