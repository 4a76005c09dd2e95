package io.jenkins.plugins.oauthmail.token.entra;

import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * A client with which the time to wait for an answer is over at a certain event, however fast the machine is: its answers
 * never come.
 */
final class ImpatientClient extends HttpClient {

    /** The event. */
    interface Event {
        void await() throws InterruptedException;
    }

    private final HttpClient client;
    private final Event timeIsUp;
    private int left;

    ImpatientClient(HttpClient client, Event timeIsUp) {
        this(client, timeIsUp, Integer.MAX_VALUE);
    }

    /** @param times how many requests it is impatient with; it waits for the others */
    ImpatientClient(HttpClient client, Event timeIsUp, int times) {
        this.client = client;
        this.timeIsUp = timeIsUp;
        this.left = times;
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request, HttpResponse.BodyHandler<T> responseBodyHandler) {
        CompletableFuture<HttpResponse<T>> sent = client.sendAsync(request, responseBodyHandler);
        if (left-- <= 0) {
            return sent;
        }
        return new CompletableFuture<>() {
            @Override
            public HttpResponse<T> get(long timeout, TimeUnit unit) throws InterruptedException, TimeoutException {
                timeIsUp.await();
                throw new TimeoutException();
            }

            @Override
            public boolean cancel(boolean mayInterruptIfRunning) {
                return sent.cancel(mayInterruptIfRunning);
            }
        };
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request,
            HttpResponse.BodyHandler<T> responseBodyHandler,
            HttpResponse.PushPromiseHandler<T> pushPromiseHandler) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> responseBodyHandler) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<CookieHandler> cookieHandler() {
        return client.cookieHandler();
    }

    @Override
    public Optional<Duration> connectTimeout() {
        return client.connectTimeout();
    }

    @Override
    public Redirect followRedirects() {
        return client.followRedirects();
    }

    @Override
    public Optional<ProxySelector> proxy() {
        return client.proxy();
    }

    @Override
    public SSLContext sslContext() {
        return client.sslContext();
    }

    @Override
    public SSLParameters sslParameters() {
        return client.sslParameters();
    }

    @Override
    public Optional<Authenticator> authenticator() {
        return client.authenticator();
    }

    @Override
    public Version version() {
        return client.version();
    }

    @Override
    public Optional<Executor> executor() {
        return client.executor();
    }
}
