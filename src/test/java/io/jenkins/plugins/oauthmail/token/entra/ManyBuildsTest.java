package io.jenkins.plugins.oauthmail.token.entra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.testing.EntraHold;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ManyBuildsTest {

    private TokenRig rig;

    @BeforeEach
    void open() {
        rig = new TokenRig();
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void sharesOneRequestAmongManyThreads() throws Exception {
        DelegatedTokenSource source = rig.delegated(rig.authorized());
        Set<String> values;
        try (EntraHold hold = rig.entra.hold()) {
            List<FutureTask<AccessToken>> askers = crowd(source::refresh);
            hold.awaitRequest();
            hold.close();
            values = new HashSet<>();
            for (FutureTask<AccessToken> asker : askers) {
                values.add(asker.get().value());
            }
        }
        assertEquals(1, values.size());
        assertEquals(1, rig.entra.count("refresh_token"));
    }

    @Test
    void sharesOneFailureWithStacksOfTheirOwn() throws Exception {
        DelegatedTokenSource source = rig.delegated(rig.authorized());
        List<TokenFailure> failures = new ArrayList<>();
        rig.entra.revokeRefreshTokens();
        try (EntraHold hold = rig.entra.hold()) {
            List<FutureTask<TokenFailure>> askers = crowd(() -> assertThrows(TokenFailure.class, source::refresh));
            hold.awaitRequest();
            hold.close();
            for (FutureTask<TokenFailure> asker : askers) {
                failures.add(asker.get());
            }
        }
        assertEquals(1, rig.entra.count("refresh_token"));
        assertEquals(200, failures.stream().distinct().count(), "an exception object belongs to one thread");
        assertEquals(
                Set.of(
                        "The sign-in was revoked by its owner or an administrator (invalid_grant, AADSTS50173), saying \"The provided grant has expired due to it being revoked.\":"
                                + " re-authorize the mail account."),
                failures.stream().map(Throwable::getMessage).collect(Collectors.toSet()));
        assertEquals(
                Set.of("AADSTS50173"), failures.stream().map(TokenFailure::code).collect(Collectors.toSet()));
        assertTrue(failures.stream().allMatch(f -> f.traceId() != null && f.correlationId() != null));
    }

    /** 200 threads that all wait inside the call when this returns. */
    private static <T> List<FutureTask<T>> crowd(Callable<T> ask) throws Exception {
        List<FutureTask<T>> tasks = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            FutureTask<T> task = new FutureTask<>(ask);
            Thread thread = new Thread(task, "asker " + i);
            thread.setDaemon(true);
            thread.start();
            tasks.add(task);
            threads.add(thread);
        }
        for (Thread thread : threads) {
            Await.until(() -> thread.getState() == Thread.State.WAITING || !thread.isAlive());
        }
        return tasks;
    }
}
