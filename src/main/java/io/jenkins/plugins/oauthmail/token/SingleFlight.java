package io.jenkins.plugins.oauthmail.token;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;

/**
 * Lets however many threads want a token share one call, its result or its failure. The call runs in a thread of its
 * own, so that interrupting one of those who wait takes it from nobody else. Never are two calls under way at once.
 */
final class SingleFlight {

    private static final ExecutorService THREADS = DaemonThreads.named("token");

    /** Gets a token. */
    interface Call {

        /** @param forced whether a token at hand will not do */
        AccessToken get(boolean forced) throws TokenFailure, InterruptedException;
    }

    private record Flight(CompletableFuture<AccessToken> landing, boolean forced) {}

    private final Call call;
    private Flight current;

    SingleFlight(Call call) {
        this.call = call;
    }

    AccessToken join(boolean forced) throws TokenFailure, InterruptedException {
        CompletableFuture<AccessToken> landing = flight(forced).landing();
        try {
            return landing.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TokenFailure failure) {
                throw failure.again();
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private synchronized Flight flight(boolean forced) {
        Flight before = current;
        boolean underWay = before != null && !before.landing().isDone();
        if (underWay && (before.forced() || !forced)) {
            return before;
        }
        // One who must have a new token can't share a call that may be content with an old one, and queues behind it.
        CompletableFuture<?> free =
                underWay ? before.landing().handle((token, failure) -> null) : CompletableFuture.completedFuture(null);
        current = new Flight(free.thenApplyAsync(nothing -> fly(forced), THREADS), forced);
        return current;
    }

    private AccessToken fly(boolean forced) {
        try {
            return call.get(forced);
        } catch (TokenFailure | InterruptedException e) {
            throw new CompletionException(e);
        }
    }
}
