package io.jenkins.plugins.oauthmail.token.entra;

import io.jenkins.plugins.oauthmail.token.AccessToken;
import io.jenkins.plugins.oauthmail.token.DaemonThreads;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;

/**
 * Lets any number of threads that need a token share one call, with its result or its failure. The call runs in its own
 * thread, so interrupting a waiting thread does not affect the others. There are never two calls at the same time.
 */
final class SingleFlight {

    private static final ExecutorService THREADS = DaemonThreads.named("token");

    /** Requests a token. */
    interface Call {

        /** @param freshness which token is required */
        AccessToken get(Freshness freshness) throws TokenFailure, InterruptedException;
    }

    private record Flight(CompletableFuture<AccessToken> landing, Freshness freshness) {}

    private final Call call;
    private Flight current;

    SingleFlight(Call call) {
        this.call = call;
    }

    AccessToken join(Freshness freshness) throws TokenFailure, InterruptedException {
        CompletableFuture<AccessToken> landing = flight(freshness).landing();
        try {
            return landing.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TokenFailure failure) {
                throw failure.again();
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private synchronized Flight flight(Freshness freshness) {
        Flight before = current;
        boolean underWay = before != null && !before.landing().isDone();
        if (underWay && (before.freshness() == Freshness.NEW || freshness == Freshness.VALID)) {
            return before;
        }
        // A thread that needs a new token cannot share a call that may return the current one, so it waits for it to
        // end.
        CompletableFuture<?> free =
                underWay ? before.landing().handle((token, failure) -> null) : CompletableFuture.completedFuture(null);
        current = new Flight(free.thenApplyAsync(nothing -> fly(freshness), THREADS), freshness);
        return current;
    }

    private AccessToken fly(Freshness freshness) {
        try {
            return call.get(freshness);
        } catch (TokenFailure | InterruptedException e) {
            throw new CompletionException(e);
        }
    }
}
