package io.jenkins.plugins.oauthmail.mail.graph;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.connect.ConnectFailure;
import io.jenkins.plugins.oauthmail.mail.connect.ConnectionDeadline;
import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.connect.Tokens;
import io.jenkins.plugins.oauthmail.mail.connect.WaitLimit;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.FileFailure;
import io.jenkins.plugins.oauthmail.mail.model.GraphService;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Permanence;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLHandshakeException;

/**
 * Sends requests for one mailbox to Microsoft Graph, with its token. A token that is refused is replaced once; nothing
 * else is repeated, unless the client is {@link #patient}. Thread-safe.
 */
final class GraphClient {

    /** What Microsoft allows one application for one mailbox. */
    private static final int MAX_AT_ONCE = 4;

    /** An error is much shorter. */
    private static final long MAX_ERROR = 1 << 20;

    /** For a request that a patient client repeats by itself. */
    private static final Duration MAX_RETRY_AFTER = Duration.ofSeconds(30);

    private static final int MAX_RETRIES = 5;
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** How long it may take to notice an end while waiting for other requests; whoever looks up loses their turn. */
    private static final Duration BETWEEN_CHECKS = Duration.ofSeconds(10);

    /** One for each mailbox, however many send and read it. */
    private static final Map<String, Semaphore> PLACES = new ConcurrentHashMap<>();

    private final Mailbox mailbox;
    private final Endpoint endpoint;
    private final Timeouts timeouts;
    private final URI box;
    private final Semaphore places;
    private final Set<CompletableFuture<?>> running = ConcurrentHashMap.newKeySet();
    /** For waiting; null for a client that repeats nothing. */
    @CheckForNull
    private final TimeSource patience;

    private volatile boolean aborted;

    /** @param mailbox one that has a {@link Mailbox#graph} */
    GraphClient(@NonNull Mailbox mailbox, @NonNull Timeouts timeouts) {
        this(mailbox, timeouts, null);
    }

    private GraphClient(Mailbox mailbox, Timeouts timeouts, @CheckForNull TimeSource patience) {
        this.mailbox = mailbox;
        this.patience = patience;
        GraphService service = service();
        this.endpoint = service.endpoint();
        this.timeouts = timeouts;
        this.box = service.root().resolve(service.own() ? "me/" : "users/" + encoded(mailbox.user()) + "/");
        this.places =
                PLACES.computeIfAbsent(service.root() + " " + mailbox.user(), key -> new Semaphore(MAX_AT_ONCE, true));
    }

    /**
     * Another one, for somebody who waits anyway: it waits as long as a throttling server asks for and repeats just the
     * request. Whoever begins anew instead needs many requests that succeed in a row.
     */
    @NonNull
    static GraphClient patient(@NonNull Mailbox mailbox, @NonNull Timeouts timeouts, @NonNull TimeSource time) {
        return new GraphClient(mailbox, timeouts, time);
    }

    /** For sentences. */
    @NonNull
    Endpoint endpoint() {
        return endpoint;
    }

    /** See {@link Mailbox#mark}. */
    @NonNull
    String mark() {
        return Mailbox.mark(mailbox.user(), service().root().toString());
    }

    @NonNull
    GraphService service() {
        return Objects.requireNonNull(mailbox.graph());
    }

    /** A URL in the mailbox. @param path relative, and encoded */
    @NonNull
    URI uri(@NonNull String path) {
        return box.resolve(path);
    }

    /** Encodes a value for a URL. */
    @NonNull
    static String encoded(@NonNull String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * The URL of the next page, of a delta or of an upload.
     *
     * @throws MailFailure if the server names one that is not its own or another of Microsoft's, as it would get the
     *     token
     */
    @NonNull
    URI given(@NonNull String url, boolean withToken) throws MailFailure {
        try {
            URI uri = URI.create(url);
            boolean same = uri.getHost() != null
                    && Objects.equals(uri.getScheme(), box.getScheme())
                    && (!withToken || Objects.equals(uri.getRawAuthority(), box.getRawAuthority()));
            if (same) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw new MailFailure(Layer.CONNECT, Messages.GraphClient_otherServer(endpoint, QuotedText.clean(url)), e);
        }
        throw new MailFailure(Layer.CONNECT, Messages.GraphClient_otherServer(endpoint, QuotedText.clean(url)));
    }

    /** Same as {@link #ask(GraphCall, ReadDeadline)}, with the time limits of a request only. */
    @NonNull
    GraphAnswer ask(@NonNull GraphCall call) throws MailFailure, InterruptedException {
        return ask(call, ReadDeadline.ENDLESS);
    }

    /**
     * Sends a request.
     *
     * @return the answer, whether it is an error or not
     * @throws MailFailure if there was none; caused by {@link Unanswered} if the request may have been carried out. Also
     *     if the token was refused.
     */
    @NonNull
    GraphAnswer ask(@NonNull GraphCall call, @NonNull ReadDeadline limit) throws MailFailure, InterruptedException {
        if (call.isUpload()) {
            return exchange(call, null, limit, null);
        }
        GraphAnswer answer = once(call, limit, null);
        for (int retries = 0; patience != null && retries < MAX_RETRIES; retries++) {
            Duration delay = GraphRefusal.isBusy(answer) ? answer.retryAfter(Instant.now()) : null;
            if (delay == null || delay.compareTo(MAX_RETRY_AFTER) > 0) {
                break;
            }
            pause(patience, delay, limit);
            answer = once(call, limit, null);
        }
        return answer;
    }

    /**
     * Sends a request that submits a message, as {@link #ask(GraphCall)}.
     *
     * @param wait limits how long it may wait for a token and for other requests before it is sent
     */
    @NonNull
    GraphAnswer submit(@NonNull GraphCall call, @NonNull WaitLimit wait) throws MailFailure, InterruptedException {
        return once(call, ReadDeadline.ENDLESS, wait);
    }

    /** What the server asked for does not count as reading. */
    private void pause(TimeSource clock, Duration time, ReadDeadline limit) throws MailFailure, InterruptedException {
        long begin = limit.now();
        for (Duration left = time; !left.isNegative() && !left.isZero(); left = left.minus(SECOND)) {
            check();
            clock.pause(left.compareTo(SECOND) < 0 ? left : SECOND);
        }
        check();
        limit.exclude(limit.now() - begin);
    }

    private GraphAnswer once(GraphCall call, ReadDeadline limit, @CheckForNull WaitLimit wait)
            throws MailFailure, InterruptedException {
        return Tokens.login(mailbox, token -> {
                    GraphAnswer answer = exchange(call, token.value(), limit, wait);
                    if (answer.status() == GraphAnswer.UNAUTHORIZED) {
                        throw GraphRefusal.failure(
                                Layer.LOGIN, Messages.GraphClient_login(endpoint, mailbox.user()), answer);
                    }
                    return answer;
                })
                .connection();
    }

    /** The answer to a request without a token, which shows whether the service can be reached. */
    @NonNull
    GraphAnswer reach() throws MailFailure, InterruptedException {
        return exchange(GraphCall.get(service().root()), null, ReadDeadline.ENDLESS, null);
    }

    /** @throws MailFailure after {@link #abort} */
    void check() throws MailFailure {
        if (aborted) {
            throw ReadDeadline.stopped();
        }
    }

    /** Only reading ends with a sentence of its own when it is interrupted. */
    private static void check(ReadDeadline limit) throws MailFailure, InterruptedException {
        if (limit != ReadDeadline.ENDLESS) {
            limit.check();
        } else if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /** Ends all requests at once, and refuses later ones. */
    void abort() {
        aborted = true;
        running.forEach(request -> request.cancel(true));
    }

    private GraphAnswer exchange(GraphCall call, String token, ReadDeadline limit, @CheckForNull WaitLimit wait)
            throws MailFailure, InterruptedException {
        check(limit);
        enter(limit, wait);
        try {
            // Not before it has its place: few bodies are in memory at a time, however many requests wait.
            GraphCall.Body content = call.body();
            SentBody body = new SentBody(content == null ? null : content.make());
            check(limit);
            if (wait != null) {
                wait.check(endpoint);
            }
            return call.target() == null ? inMemory(call, body, token, limit) : toFile(call, body, token, limit);
        } finally {
            places.release();
        }
    }

    /** Waiting for others does not count as reading. */
    private void enter(ReadDeadline limit, @CheckForNull WaitLimit wait) throws MailFailure, InterruptedException {
        if (wait != null) {
            if (!places.tryAcquire(wait.left().toMillis(), TimeUnit.MILLISECONDS)) {
                throw wait.over(endpoint);
            }
            return;
        }
        long begin = limit.now();
        while (!places.tryAcquire(BETWEEN_CHECKS.toMillis(), TimeUnit.MILLISECONDS)) {
            check();
        }
        limit.exclude(limit.now() - begin);
    }

    private GraphAnswer inMemory(GraphCall call, SentBody body, String token, ReadDeadline limit)
            throws MailFailure, InterruptedException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        HttpResponse<Void> head = send(call, body, token, limit, bytes, bytes);
        return new GraphAnswer(head.statusCode(), head.headers(), bytes.toByteArray());
    }

    private GraphAnswer toFile(GraphCall call, SentBody body, String token, ReadDeadline limit)
            throws MailFailure, InterruptedException {
        ByteArrayOutputStream error = new ByteArrayOutputStream();
        HttpResponse<Void> head;
        try (OutputStream file =
                new BufferedOutputStream(Files.newOutputStream(Objects.requireNonNull(call.target())))) {
            head = send(call, body, token, limit, file, error);
        } catch (IOException e) {
            throw notStored(e);
        }
        return new GraphAnswer(head.statusCode(), head.headers(), error.toByteArray());
    }

    /** Temporary, because it is not the fault of the message. */
    static MailFailure notStored(Throwable why) {
        return MailFailure.temporary(Layer.MESSAGE, Messages.GraphClient_file(FileFailure.reason(why)), why);
    }

    /** Waits for the whole response, because the client's own timeout ends with the headers. */
    private HttpResponse<Void> send(
            GraphCall call,
            SentBody body,
            @CheckForNull String token,
            ReadDeadline limit,
            OutputStream good,
            OutputStream error)
            throws MailFailure, InterruptedException {
        // Nothing is sent once this has been stopped, not even for the moment until it is cancelled.
        check();
        AtomicLong count = new AtomicLong();
        CompletableFuture<HttpResponse<Void>> answer = service()
                .client()
                .get()
                .sendAsync(
                        request(call, token, body),
                        head -> isContent(head.statusCode(), call)
                                ? new ReceivedBody(good, call.most(), count)
                                : new ReceivedBody(error, MAX_ERROR, count));
        running.add(answer);
        try {
            // It may have been stopped meanwhile.
            check();
            return await(answer, call, limit, count);
        } catch (InterruptedException e) {
            throw new Interrupted();
        } catch (CancellationException e) {
            throw ReadDeadline.stopped();
        } catch (TimeoutException e) {
            throw unanswered(Messages.GraphClient_slow(endpoint), e);
        } catch (ExecutionException e) {
            throw failure(e.getCause(), call, body);
        } finally {
            running.remove(answer);
            answer.cancel(true);
        }
    }

    /** The thread was interrupted when the request may already have been sent. */
    static final class Interrupted extends InterruptedException {
        private static final long serialVersionUID = 1L;
    }

    /** What was created is returned, too, which may be long. */
    private static boolean isContent(int status, GraphCall call) {
        return status == GraphAnswer.OK || call.target() == null && status == GraphAnswer.CREATED;
    }

    private HttpRequest request(GraphCall call, @CheckForNull String token, SentBody body) {
        HttpRequest.Builder built = HttpRequest.newBuilder(call.uri())
                .method(call.method(), body)
                .setHeader("Accept", call.target() == null ? "application/json" : "*/*")
                .setHeader("client-request-id", UUID.randomUUID().toString());
        if (token != null) {
            built.setHeader("Authorization", "Bearer " + token);
            // Ids that stay the same when a message is sent or moved.
            String size = call.pageSize() == 0 ? "" : ", odata.maxpagesize=" + call.pageSize();
            built.setHeader("Prefer", "IdType=\"ImmutableId\"" + size);
        }
        if (call.type() != null) {
            built.setHeader("Content-Type", call.type());
        }
        if (call.range() != null) {
            built.setHeader("Content-Range", call.range());
        }
        return built.build();
    }

    /** Waits as long as enough arrives, or until the time limit of the whole read. */
    private HttpResponse<Void> await(
            CompletableFuture<HttpResponse<Void>> answer, GraphCall call, ReadDeadline limit, AtomicLong count)
            throws MailFailure, InterruptedException, ExecutionException, TimeoutException {
        long quiet = call.body() == null ? timeouts.read() : timeouts.command().toMillis();
        long phase = timeouts.command().toNanos();
        long enough = Math.round(phase / 1e9 * ConnectionDeadline.MIN_BYTES_PER_SECOND);
        long begin = System.nanoTime();
        long had = 0;
        while (true) {
            long before = count.get();
            Duration left = limit.left();
            long most = left == null ? quiet : Math.max(1, Math.min(quiet, left.toMillis()));
            try {
                return answer.get(most, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                check(limit);
                if (most >= quiet && count.get() == before) {
                    throw e;
                }
                if (System.nanoTime() - begin >= phase) {
                    // A server that sends a byte now and then would be waited for without end.
                    if (count.get() - had < enough) {
                        throw e;
                    }
                    begin = System.nanoTime();
                    had = count.get();
                }
            }
        }
    }

    private MailFailure failure(Throwable thrown, GraphCall call, SentBody body) {
        if (aborted) {
            return ReadDeadline.stopped();
        }
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            // Within exceptions that say less.
            if (t instanceof UnresolvedAddressException) {
                return ConnectFailure.opening(endpoint, new UnknownHostException(endpoint.host()));
            }
        }
        Throwable cause = thrown;
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof HttpConnectTimeoutException) {
                return ConnectFailure.opening(endpoint, new SocketTimeoutException(t.getMessage()));
            }
            if (t instanceof ConnectException || t instanceof SSLHandshakeException) {
                return ConnectFailure.opening(endpoint, (Exception) t);
            }
            if (t instanceof ReceivedBody.NotStored) {
                return notStored(t.getCause());
            }
            if (t instanceof ReceivedBody.TooLong) {
                return new MailFailure(Layer.MESSAGE, Messages.GraphClient_tooLong(endpoint, call.most() >> 20), t);
            }
            cause = t;
        }
        String said = QuotedText.clean(cause.getMessage());
        String sentence = Messages.GraphClient_lost(
                endpoint, said.isEmpty() ? cause.getClass().getSimpleName() : said);
        boolean unsent = body.contentLength() > 0 && !body.taken();
        return unsent ? MailFailure.temporary(Layer.CONNECT, sentence, cause) : unanswered(sentence, cause);
    }

    private static MailFailure unanswered(String sentence, Throwable cause) {
        return MailFailure.temporary(Layer.CONNECT, sentence, new Unanswered(sentence, cause));
    }

    /**
     * The object in a good answer.
     *
     * @throws MailFailure if the answer is an error or no object
     */
    @NonNull
    Map<String, Object> object(@NonNull GraphAnswer answer, @NonNull Layer layer, @NonNull String what)
            throws MailFailure {
        if (!answer.good()) {
            throw GraphRefusal.failure(layer, what, answer);
        }
        Map<String, Object> json = answer.json();
        if (json == null) {
            throw unexpected(layer, what, answer.said());
        }
        return json;
    }

    /**
     * The list in a page.
     *
     * @throws MailFailure if there is none: something is in between, and nobody knows what the server has
     */
    @NonNull
    List<Map<String, Object>> list(@NonNull Map<String, Object> page, @NonNull Layer layer, @NonNull String what)
            throws MailFailure {
        List<Map<String, Object>> list = Json.objects(page, "value");
        if (list == null) {
            throw unexpected(layer, what, Messages.GraphClient_without("value"));
        }
        return list;
    }

    /** As {@link #list(Map, Layer, String)}, of the object in an answer. */
    @NonNull
    List<Map<String, Object>> list(@NonNull GraphAnswer answer, @NonNull Layer layer, @NonNull String what)
            throws MailFailure {
        return list(object(answer, layer, what), layer, what);
    }

    /**
     * A text that an object must have.
     *
     * @throws MailFailure as {@link #list(Map, Layer, String)}
     */
    @NonNull
    String text(@NonNull Map<String, Object> object, @NonNull String member, @NonNull Layer layer, @NonNull String what)
            throws MailFailure {
        String text = Json.string(object, member);
        if (text == null) {
            throw unexpected(layer, what, Messages.GraphClient_without(member));
        }
        return text;
    }

    /** As {@link #text(Map, String, Layer, String)}, of the object in an answer. */
    @NonNull
    String text(@NonNull GraphAnswer answer, @NonNull String member, @NonNull Layer layer, @NonNull String what)
            throws MailFailure {
        return text(object(answer, layer, what), member, layer, what);
    }

    /** An answer that is not one of Microsoft Graph, such as the page of a proxy; those who wait may try again. */
    @NonNull
    static MailFailure unexpected(@NonNull Layer layer, @NonNull String what, @NonNull String answer) {
        return MailFailure.refused(layer, Messages.GraphClient_noJson(what, answer), Permanence.UNKNOWN, null, null);
    }
}
