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

/** Remembers whether its requests are answered, with whatever status. */
final class ObservedHttpClient extends ForwardingHttpClient {
    private final TimeSource time;
    private boolean everAnswered;
    /** When the first of the requests failed since which none was answered; null if the last one was answered. */
    @CheckForNull
    private Instant failing;

    ObservedHttpClient(@NonNull HttpClient client, @NonNull TimeSource time) {
        super(client);
        this.time = time;
    }

    /** Whether any request has been answered. */
    synchronized boolean wasEverAnswered() {
        return everAnswered;
    }

    /** Whether all requests within at least this time have failed. */
    synchronized boolean hasBeenFailingFor(@NonNull Duration most) {
        return failing != null && !time.now().isBefore(failing.plus(most));
    }

    private synchronized void note(boolean answered) {
        if (answered) {
            everAnswered = true;
            failing = null;
        } else if (failing == null) {
            failing = time.now();
        }
    }

    private <T> CompletableFuture<T> noted(CompletableFuture<T> answer) {
        answer.whenComplete((response, failure) -> note(failure == null));
        return answer;
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
            throws IOException, InterruptedException {
        boolean answered = false;
        try {
            HttpResponse<T> answer = super.send(request, handler);
            answered = true;
            return answer;
        } finally {
            note(answered);
        }
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        return noted(super.sendAsync(request, handler));
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request, HttpResponse.BodyHandler<T> handler, HttpResponse.PushPromiseHandler<T> promises) {
        return noted(super.sendAsync(request, handler, promises));
    }
}
