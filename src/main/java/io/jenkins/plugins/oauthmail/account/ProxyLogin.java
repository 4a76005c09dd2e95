package io.jenkins.plugins.oauthmail.account;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;

/**
 * A client that logs in at an HTTP proxy. A client with an authenticator, as Java provides for that, throws away each
 * answer 401 that does not ask for a login, and answers of Microsoft Entra that refuse an application do not: instead of
 * the reason, there is an {@link IOException}, as if the connection had been lost.
 *
 * <p>The header is for the proxy only: the client itself removes it from requests to all others.
 */
final class ProxyLogin extends ForwardingHttpClient {
    private static final String HEADER = "Proxy-Authorization";

    private final HttpClient client;
    private final String login;

    /** @param client one without an authenticator */
    ProxyLogin(@NonNull HttpClient client, @NonNull String userName, @NonNull String password) {
        this.client = client;
        // The same character set as that of Java's authenticator.
        byte[] both = (userName + ":" + password).getBytes(StandardCharsets.ISO_8859_1);
        this.login = "Basic " + Base64.getEncoder().encodeToString(both);
    }

    @Override
    HttpClient client() {
        return client;
    }

    private HttpRequest with(HttpRequest request) {
        return HttpRequest.newBuilder(request, (name, value) -> true)
                .setHeader(HEADER, login)
                .build();
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
            throws IOException, InterruptedException {
        return super.send(with(request), handler);
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        return super.sendAsync(with(request), handler);
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request, HttpResponse.BodyHandler<T> handler, HttpResponse.PushPromiseHandler<T> promises) {
        return super.sendAsync(with(request), handler, promises);
    }
}
