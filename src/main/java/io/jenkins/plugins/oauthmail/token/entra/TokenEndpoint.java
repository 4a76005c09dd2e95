package io.jenkins.plugins.oauthmail.token.entra;

import com.microsoft.aad.msal4j.HttpMethod;
import com.microsoft.aad.msal4j.HttpRequest;
import com.microsoft.aad.msal4j.IHttpClient;
import com.microsoft.aad.msal4j.IHttpResponse;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;

/**
 * The only way to the token endpoint, which MSAL4J uses. Only a response with an access token is returned; all others
 * become a {@link TokenFailure} (inside a {@link Stopped}), because MSAL loses the trace id and fails on responses that
 * are not JSON.
 *
 * <p>A request is repeated once at most, after a delay: if nothing of it was sent, if the endpoint is overloaded or out
 * of order, or if there was no response in time. If the first request used up its refresh token or authorization code,
 * its result is lost whether the request is repeated or not. After a connection that was lost behind a request, the
 * request is not repeated, unless an application requests a token for itself, which uses nothing up.
 */
final class TokenEndpoint implements IHttpClient {

    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final List<String> SECRETS =
            List.of("client_secret", "client_assertion", "code", "code_verifier", "refresh_token");

    private static final int OK = 200;
    private static final int PROXY_AUTHENTICATION = 407;
    private static final int TIMEOUT = 408;
    private static final int TOO_MANY = 429;
    private static final int SERVER_ERROR = 500;

    private final HttpClient client;
    private final Duration patience;
    private final Refusal.Of request;
    private final Exchanges exchanges;

    TokenEndpoint(HttpClient client, Duration patience, Refusal.Of request, Exchanges exchanges) {
        this.client = client;
        this.patience = patience;
        this.request = request;
        this.exchanges = exchanges;
    }

    /** Passes a failure through MSAL, which wraps it in its own exceptions. */
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
            // MSAL's discovery requests are GET requests. They are blocked, because they would go to Microsoft even
            // from closed networks.
            throw new Stopped(
                    new TokenFailure(TokenFailure.Kind.REQUEST_REFUSED, Messages.TokenEndpoint_heldBack(host)));
        }
        if (exchanges.untilTurn().compareTo(Exchanges.MAX_PAUSE) > 0) {
            throw new Stopped(Unreachable.notYet(host, exchanges.untilTurn()));
        }
        exchanges.awaitTurn();
        if (request == Refusal.Of.REFRESH) {
            exchanges.renewalBegins();
        }
        FailedAttempt failedAttempt = null;
        while (failedAttempt == null || failedAttempt.again()) {
            if (failedAttempt != null) {
                exchanges.backOff();
            }
            OneTimeBody body = new OneTimeBody(asked.body());
            try {
                HttpResponse<String> answer = exchange(outgoing(uri, asked, body));
                Map<String, Object> read = Json.object(answer.body());
                if (answer.statusCode() == OK && read != null && Json.string(read, "access_token") != null) {
                    exchanges.failed(null);
                    // Until MSAL has parsed it.
                    exchanges.answerLost(request == Refusal.Of.REFRESH);
                    String unreadable = AnswerCheck.unreadable(read);
                    if (unreadable != null) {
                        throw new Stopped(
                                new TokenFailure(TokenFailure.Kind.UNREACHABLE, Messages.Msal_answer(unreadable)));
                    }
                    return new Answer(OK, answer.headers().map(), answer.body());
                }
                failedAttempt = failedAttempt(host, asked, body, answer, read, failedAttempt);
            } catch (Stopped stopped) {
                throw stopped;
            } catch (IOException lost) {
                exchanges.failed(null);
                failedAttempt = failedAttempt(host, body, lost, failedAttempt == null);
            }
        }
        throw new Stopped(failedAttempt.failure());
    }

    /**
     * A request that returned no token.
     *
     * @param sent whether the endpoint may have processed the request nevertheless
     * @param again whether to repeat it
     */
    private record FailedAttempt(TokenFailure failure, boolean sent, boolean again) {}

    private static java.net.http.HttpRequest outgoing(URI uri, HttpRequest asked, OneTimeBody body) {
        java.net.http.HttpRequest.Builder built =
                java.net.http.HttpRequest.newBuilder(uri).POST(body);
        asked.headers().forEach(built::setHeader);
        return built.setHeader("Accept", "application/json").build();
    }

    /** Waits for the whole response, because the client's own timeout ends with the headers. */
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

    private FailedAttempt failedAttempt(String host, OneTimeBody body, IOException lost, boolean first) {
        // Without a TLS connection, nothing was sent, even if the client had requested the body.
        boolean sent = body.taken() && !Unreachable.caused(lost, SSLHandshakeException.class);
        TokenFailure failure = Unreachable.because(host, patience, lost);
        boolean mayRepeat = request == Refusal.Of.APPLICATION || lost instanceof HttpTimeoutException;
        boolean mayPass = !Unreachable.caused(lost, GeneralSecurityException.class)
                && !Unreachable.caused(lost, BoundedBody.TooLong.class);
        if (sent) {
            unanswered();
        }
        return new FailedAttempt(failure, sent, first && mayPass && (!sent || mayRepeat));
    }

    private FailedAttempt failedAttempt(
            String host,
            HttpRequest asked,
            OneTimeBody body,
            HttpResponse<String> answer,
            @CheckForNull Map<String, Object> read,
            @CheckForNull FailedAttempt before) {
        int status = answer.statusCode();
        if (status == PROXY_AUTHENTICATION) {
            exchanges.failed(null);
            return new FailedAttempt(Unreachable.proxyWantsLogin(host), false, false);
        }
        ProviderError said = read == null
                ? new ProviderError(null, null, null, null, "")
                : ProviderError.of(read, secrets(asked.body()));
        boolean clear = status < SERVER_ERROR && Refusal.passes(said);
        boolean later = clear || status == TIMEOUT || status == TOO_MANY || status >= SERVER_ERROR;
        if (!later && said.error() != null) {
            exchanges.failed(null);
            if (before != null && before.sent() && request == Refusal.Of.SIGN_IN) {
                // The first request has most likely used up the authorization code, so the first failure is the one to
                // report.
                return new FailedAttempt(before.failure(), true, false);
            }
            return new FailedAttempt(Refusal.of(request, said, exchanges.answerLost(), null), false, false);
        }
        Duration retryAfter = later ? RetryAfter.in(answer.headers(), Instant.now()) : null;
        exchanges.failed(retryAfter);
        TokenFailure failure = clear && status < TOO_MANY
                ? Refusal.of(request, said, null)
                : Unreachable.answered(host, status, retryAfter, said);
        boolean again = before == null && later && exchanges.untilTurn().compareTo(Exchanges.MAX_PAUSE) <= 0;
        boolean sent = body.taken() && !clear && status != TIMEOUT && status != TOO_MANY;
        if (sent) {
            unanswered();
        }
        return new FailedAttempt(failure, sent, again);
    }

    /** A renewal may have taken place whose result was lost. */
    private void unanswered() {
        if (request == Refusal.Of.REFRESH) {
            exchanges.answerLost(true);
        }
    }

    private static List<String> secrets(String body) {
        Map<String, String> form = form(body);
        return SECRETS.stream().map(form::get).filter(Objects::nonNull).toList();
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
