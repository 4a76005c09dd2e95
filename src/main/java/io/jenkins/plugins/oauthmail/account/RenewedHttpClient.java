package io.jenkins.plugins.oauthmail.account;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Sends each request with the same client until that gets no answers any more, whatever their status, and then with
 * another one. The thread of a client may die, such as when the controller has no memory for a moment, and its requests
 * are never answered again.
 */
final class RenewedHttpClient extends ForwardingHttpClient {
    /**
     * How long a client may get no answers. That is doubled from one to the next for as long as none gets any, because
     * most often it is not the client's fault, and each has a thread until it is garbage-collected.
     */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Supplier<HttpClient> clients;
    private final TimeSource time;
    private HttpClient client;
    private Duration patience = PATIENCE;
    /** When the first of the requests failed since which none was answered; null if there is none. */
    @CheckForNull
    private Instant failing;

    /** @param clients makes a new client each time */
    RenewedHttpClient(@NonNull Supplier<HttpClient> clients, @NonNull TimeSource time) {
        this.clients = clients;
        this.time = time;
        this.client = clients.get();
    }

    @Override
    synchronized HttpClient client() {
        if (failing != null && !time.now().isBefore(failing.plus(patience))) {
            client = clients.get();
            patience = patience.multipliedBy(2);
            failing = null;
        }
        return client;
    }

    private synchronized void note(HttpClient by, boolean answered) {
        if (by != client) {
            return;
        }
        if (answered) {
            patience = PATIENCE;
            failing = null;
        } else if (failing == null) {
            failing = time.now();
        }
    }

    private <T> CompletableFuture<T> noted(HttpClient by, CompletableFuture<T> answer) {
        answer.whenComplete((response, failure) -> note(by, failure == null));
        return answer;
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
            throws IOException, InterruptedException {
        HttpClient present = client();
        boolean answered = false;
        try {
            HttpResponse<T> answer = present.send(request, handler);
            answered = true;
            return answer;
        } finally {
            note(present, answered);
        }
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        HttpClient present = client();
        return noted(present, present.sendAsync(request, handler));
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request, HttpResponse.BodyHandler<T> handler, HttpResponse.PushPromiseHandler<T> promises) {
        HttpClient present = client();
        return noted(present, present.sendAsync(request, handler, promises));
    }
}
