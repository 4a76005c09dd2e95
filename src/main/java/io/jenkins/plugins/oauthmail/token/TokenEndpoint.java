package io.jenkins.plugins.oauthmail.token;

import com.microsoft.aad.msal4j.HttpMethod;
import com.microsoft.aad.msal4j.HttpRequest;
import com.microsoft.aad.msal4j.IHttpClient;
import com.microsoft.aad.msal4j.IHttpResponse;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * The one way out to the token endpoint, for MSAL4J to use. It lets only an answer with an access token through and
 * turns everything else into a {@link TokenFailure} (inside a {@link Stopped}), because MSAL loses the trace id and
 * chokes on answers that are not JSON. Nothing is retried here but a lost connection, and that not with an
 * authorization code: it may have been used up.
 */
final class TokenEndpoint implements IHttpClient {

    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final List<String> SECRETS =
            List.of("client_secret", "client_assertion", "code", "code_verifier", "refresh_token");

    private static final int OK = 200;
    private static final int PROXY_AUTHENTICATION = 407;
    private static final int TOO_MANY = 429;
    private static final int SERVER_ERROR = 500;

    private final HttpClient client;
    private final Duration patience;
    private final Refusal.Of request;

    TokenEndpoint(HttpClient client, Duration patience, Refusal.Of request) {
        this.client = client;
        this.patience = patience;
        this.request = request;
    }

    /** Carries a failure through MSAL, which wraps it in exceptions of its own. */
    static final class Stopped extends IOException {

        private static final long serialVersionUID = 1L;

        private final TokenFailure failure;

        Stopped(TokenFailure failure) {
            super(failure.getMessage());
            this.failure = failure;
        }

        TokenFailure failure() {
            return failure;
        }
    }

    @Override
    public IHttpResponse send(@NonNull HttpRequest asked) throws Stopped, InterruptedException {
        URI uri = URI.create(asked.url().toString());
        String host = uri.getRawAuthority();
        if (asked.httpMethod() != HttpMethod.POST || asked.body() == null) {
            // MSAL's discovery requests are GETs, and none is wanted: they would go to Microsoft from closed networks.
            throw new Stopped(
                    new TokenFailure(TokenFailure.Kind.REQUEST_REFUSED, Messages.TokenEndpoint_heldBack(host)));
        }
        Map<String, String> form = form(asked.body());
        java.net.http.HttpRequest.Builder built = java.net.http.HttpRequest.newBuilder(uri)
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(asked.body()));
        asked.headers().forEach(built::setHeader);
        built.setHeader("Accept", "application/json");
        java.net.http.HttpRequest outgoing = built.build();
        HttpResponse<String> answer;
        try {
            answer = exchange(outgoing);
        } catch (IOException lost) {
            if (!worthAnother(lost, form)) {
                throw new Stopped(Unreachable.because(host, patience, lost));
            }
            try {
                answer = exchange(outgoing);
            } catch (IOException e) {
                throw new Stopped(Unreachable.because(host, patience, e));
            }
        }
        return checked(host, form, answer);
    }

    /** Waits for the whole answer: the client's own timeout ends with the headers. */
    private HttpResponse<String> exchange(java.net.http.HttpRequest outgoing) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<String>> answer = client.sendAsync(outgoing, head -> new BoundedBody());
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new HttpTimeoutException("no whole answer in time");
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        }
    }

    private static boolean worthAnother(IOException lost, Map<String, String> form) {
        boolean nothingWasSent = lost instanceof ConnectException
                || lost instanceof HttpTimeoutException
                || lost instanceof SSLException;
        return !nothingWasSent && !form.containsKey("code") && !Unreachable.caused(lost, BoundedBody.TooLong.class);
    }

    private IHttpResponse checked(String host, Map<String, String> form, HttpResponse<String> answer) throws Stopped {
        int status = answer.statusCode();
        Map<String, Object> body = Json.object(answer.body());
        if (status == OK && body != null && Json.string(body, "access_token") != null) {
            return new Answer(status, answer.headers().map(), answer.body());
        }
        if (status == PROXY_AUTHENTICATION) {
            throw new Stopped(Unreachable.proxyWantsLogin(host));
        }
        ProviderError said = body == null
                ? new ProviderError(null, null, null, null, "")
                : ProviderError.of(
                        body,
                        SECRETS.stream().map(form::get).filter(v -> v != null).toList());
        if (status == TOO_MANY || status >= SERVER_ERROR || said.error() == null) {
            throw new Stopped(Unreachable.answered(host, status, retryAfter(answer), said));
        }
        throw new Stopped(Refusal.of(request, said, null));
    }

    private static Optional<String> retryAfter(HttpResponse<String> answer) {
        return answer.headers().firstValue("Retry-After").filter(v -> v.matches("\\d{1,5}"));
    }

    private static Map<String, String> form(String body) {
        Map<String, String> form = new HashMap<>();
        for (String pair : body.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                form.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return form;
    }

    private record Answer(int statusCode, Map<String, List<String>> headers, String body) implements IHttpResponse {

        @Override
        public String toString() {
            return "Answer[" + statusCode + ", hidden]";
        }
    }
}
