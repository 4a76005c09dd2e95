package io.jenkins.plugins.oauthmail.testing.mail;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Microsoft Graph on a free loopback port, for the mailboxes of a {@link MailServerFake}: messages, folders, changes,
 * drafts, upload sessions and sending. It refuses and misbehaves as told, and remembers what it heard.
 */
public final class GraphFake implements AutoCloseable {
    private static final String ROOT = "/v1.0/";
    private static final int MAX_REQUEST = 4 << 20;
    private static final int MAX_AT_ONCE = 4;

    static {
        // Otherwise each answer with a body takes as long as the client takes to acknowledge its header.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer http;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final BiPredicate<String, String> tokens;
    private final GraphMailboxes mailboxes;
    private final Set<GraphTrait> traits = Collections.synchronizedSet(EnumSet.noneOf(GraphTrait.class));
    private final List<Rule> rules = new ArrayList<>();
    private final List<String> heard = Collections.synchronizedList(new ArrayList<>());
    private final List<String> tokensHeard = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, AtomicInteger> busy = new ConcurrentHashMap<>();
    private final AtomicInteger inProgress = new AtomicInteger();
    private volatile CountDownLatch cleared = new CountDownLatch(1);
    private final AtomicInteger served = new AtomicInteger();
    private final AtomicInteger throttledCount = new AtomicInteger();
    private volatile int throttled;
    private volatile Pattern dripped;
    private volatile int retryAfter;
    private volatile UnaryOperator<String> me = token -> null;

    /** What to do with one request instead of, or after, serving it. */
    private static final class Rule {
        private final Pattern request;
        private final Function<GraphReply, GraphReply> reply;
        private final boolean serves;
        private int left;

        Rule(String request, int times, boolean serves, Function<GraphReply, GraphReply> reply) {
            this.request = Pattern.compile(request);
            this.left = times;
            this.serves = serves;
            this.reply = reply;
        }
    }

    /** @param tokens whether a token opens a mailbox */
    GraphFake(MailServerFake mails, BiPredicate<String, String> tokens) {
        this.tokens = tokens;
        this.mailboxes = new GraphMailboxes(mails, this);
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        http.setExecutor(threads);
        http.createContext("/", this::serve);
        http.start();
    }

    /** The URL of the service, with the version. */
    @NonNull
    public URI root() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + ROOT);
    }

    /** As the client knows it, which may go through something in between. */
    private URI root(HttpExchange exchange) {
        String host = exchange.getRequestHeaders().getFirst("Host");
        return host == null ? root() : URI.create("http://" + host + ROOT);
    }

    /** Whose mailbox {@code me} is; by default, nobody's. */
    public void me(@NonNull String user) {
        me(token -> user);
    }

    /** As {@link #me(String)}, depending on the token. */
    public void me(@NonNull UnaryOperator<String> user) {
        me = user;
    }

    /** Has these traits from now on, and the others as before. */
    @NonNull
    public GraphFake with(@NonNull GraphTrait... more) {
        return with(Arrays.asList(more));
    }

    /** As {@link #with(GraphTrait...)}. */
    @NonNull
    public GraphFake with(@NonNull Collection<GraphTrait> more) {
        traits.addAll(more);
        return this;
    }

    boolean has(GraphTrait trait) {
        return traits.contains(trait);
    }

    /**
     * Refuses the next requests of a kind without doing anything.
     *
     * @param request regular expression that is found in method and path, such as {@code POST .*sendMail}
     * @param times how many
     */
    public void refuse(@NonNull String request, int times, int status, @NonNull String code, @NonNull String message) {
        add(new Rule(request, times, false, done -> GraphReply.error(status, code, message)));
    }

    /** As {@link #refuse}, with 429 and Retry-After. */
    public void throttle(@NonNull String request, int times, int seconds) {
        GraphReply reply =
                GraphReply.error(429, "ApplicationThrottled", "Application is over its MailboxConcurrency limit.");
        add(new Rule(request, times, false, done -> reply.with("Retry-After", Integer.toString(seconds))));
    }

    /** As {@link #refuse}, with 503 and Retry-After. */
    public void unavailable(@NonNull String request, int times, int seconds) {
        GraphReply reply = GraphReply.error(503, "ServiceUnavailable", "The service is temporarily unavailable.");
        add(new Rule(request, times, false, done -> reply.with("Retry-After", Integer.toString(seconds))));
    }

    /**
     * Answers one of so many requests with 429 and Retry-After, whatever it is.
     *
     * @param of such as 3 for every third one; 0 for none any more
     */
    public void throttleEvery(int of, int seconds) {
        throttled = of;
        retryAfter = seconds;
    }

    /** How many requests {@link #throttleEvery} has answered. */
    public int throttled() {
        return throttledCount.get();
    }

    private boolean isThrottled() {
        int of = throttled;
        return of > 0 && served.incrementAndGet() % of == 0;
    }

    /** Answers the next request of a kind with nothing but a status, without doing anything. */
    public void answer(@NonNull String request, int status) {
        add(new Rule(request, 1, false, done -> GraphReply.empty(status)));
    }

    /** Answers the next request of a kind with this body, without doing anything. */
    public void answer(@NonNull String request, int status, @NonNull String type, @NonNull String body) {
        add(new Rule(
                request,
                1,
                false,
                done -> new GraphReply(status, type, body.getBytes(StandardCharsets.UTF_8), Map.of())));
    }

    /** Serves the next request of a kind, but answers with an error, as a gateway does that has waited too long. */
    public void fail(@NonNull String request, int status, @NonNull String code, @NonNull String message) {
        add(new Rule(request, 1, true, done -> GraphReply.error(status, code, message)));
    }

    /** Serves the next request of a kind, and has something happen before it is answered. */
    public void meanwhile(@NonNull String request, @NonNull Runnable happens) {
        add(new Rule(request, 1, true, done -> {
            happens.run();
            return done;
        }));
    }

    /** Answers each request of a kind from now on with a page without messages that names itself as the next one. */
    public void goInCircles(@NonNull String request) {
        add(new Rule(
                request,
                Integer.MAX_VALUE,
                false,
                done -> GraphReply.json(
                        200,
                        object("value", List.of(), "@odata.nextLink", root() + "users/x/messages/delta?circle=1"))));
    }

    /**
     * Ends the connection of the next request of a kind without an answer.
     *
     * @param done whether it is served before
     */
    public void lose(@NonNull String request, boolean done) {
        add(new Rule(request, 1, done, reply -> null));
    }

    /**
     * Does not answer the next request of a kind until it may.
     *
     * @param may when it may; the request then is not answered at all
     * @return when the request has come
     */
    @NonNull
    public CountDownLatch hold(@NonNull String request, @NonNull CountDownLatch may) {
        CountDownLatch arrived = new CountDownLatch(1);
        add(new Rule(request, 1, false, done -> {
            arrived.countDown();
            try {
                may.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return null;
        }));
        return arrived;
    }

    /** Answers no request of a kind until {@link #clear}. */
    public void silence(@NonNull String request) {
        CountDownLatch until = cleared;
        add(new Rule(request, Integer.MAX_VALUE, false, done -> {
            // The client may have gone long ago.
            inProgress.decrementAndGet();
            try {
                until.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                inProgress.incrementAndGet();
            }
            return null;
        }));
    }

    /** Answers each request of a kind with a byte now and then, until {@link #clear} or until the client leaves. */
    public void drip(@NonNull String request) {
        dripped = Pattern.compile(request);
    }

    /** Does nothing out of the ordinary any more. */
    public void clear() {
        synchronized (rules) {
            rules.clear();
        }
        dripped = null;
        cleared.countDown();
        cleared = new CountDownLatch(1);
    }

    /** How many requests it is about to answer. */
    public int inProgress() {
        return inProgress.get();
    }

    private void add(Rule rule) {
        synchronized (rules) {
            rules.add(rule);
        }
    }

    private Rule rule(String request) {
        synchronized (rules) {
            for (Rule rule : rules) {
                if (rule.left > 0 && rule.request.matcher(request).find()) {
                    rule.left--;
                    return rule;
                }
            }
            return null;
        }
    }

    /** All requests so far, such as {@code POST me/sendMail}; queries are decoded. */
    @NonNull
    public List<String> heard() {
        return List.copyOf(heard);
    }

    /** The tokens of all requests so far; empty for a request without one. */
    @NonNull
    public List<String> tokensHeard() {
        return List.copyOf(tokensHeard);
    }

    /** No longer knows from where on to list changes, to anybody. */
    public void forgetChanges() {
        mailboxes.changes().forget();
    }

    /** Renames a folder at the top level, whose id stays the same. */
    public void rename(@NonNull String folder, @NonNull String shown) {
        mailboxes.rename(folder, shown);
    }

    /** Throws away what was uploaded. */
    void forgetUploads() {
        mailboxes.drafts().forget();
    }

    /** The number of drafts that a mailbox has. */
    public int drafts(@NonNull String user) {
        return mailboxes.count(user, GraphMailboxes.DRAFTS);
    }

    /** Lets a mailbox send with another address. */
    public void allowSender(@NonNull String user, @NonNull String sender) {
        mailboxes.allow(user, sender);
    }

    private void serve(HttpExchange exchange) throws IOException {
        inProgress.incrementAndGet();
        try {
            answer(exchange);
        } finally {
            inProgress.decrementAndGet();
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        GraphReply reply;
        try {
            byte[] body = exchange.getRequestBody().readAllBytes();
            GraphRequest request = new GraphRequest(exchange, body, root(exchange));
            heard.add(request.toString());
            tokensHeard.add(request.token());
            Pattern drops = dripped;
            if (drops != null && drops.matcher(request.toString()).find()) {
                drip(exchange, cleared);
                return;
            }
            if (isThrottled()) {
                throttledCount.incrementAndGet();
                reply = GraphReply.error(429, "ApplicationThrottled", "Application is over its limit.")
                        .with("Retry-After", Integer.toString(retryAfter));
            } else {
                Rule rule = rule(request.toString());
                reply = rule == null || rule.serves ? served(request) : null;
                reply = rule == null ? reply : rule.reply.apply(reply);
            }
        } catch (GraphReply.Refused refused) {
            reply = refused.reply();
        } catch (RuntimeException e) {
            reply = GraphReply.error(500, "InternalServerError", e.toString());
        }
        if (reply != null) {
            if (reply.type() != null) {
                exchange.getResponseHeaders().set("Content-Type", reply.type());
            }
            reply.headers().forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(reply.status(), reply.body().length == 0 ? -1 : reply.body().length);
            if (reply.body().length > 0) {
                exchange.getResponseBody().write(reply.body());
            }
        }
        exchange.close();
    }

    private static void drip(HttpExchange exchange, CountDownLatch until) {
        try {
            exchange.sendResponseHeaders(200, 0);
            while (!until.await(50, TimeUnit.MILLISECONDS)) {
                exchange.getResponseBody().write(' ');
                exchange.getResponseBody().flush();
            }
        } catch (IOException e) {
            // The client has left.
            exchange.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            exchange.close();
        }
    }

    private GraphReply served(GraphRequest request) {
        if (has(GraphTrait.LIMITS_REQUESTS) && request.body().length > MAX_REQUEST) {
            throw new GraphReply.Refused(413, "RequestEntityTooLarge", "The request is too large.");
        }
        if (request.isUpload()) {
            return mailboxes.drafts().stored(request);
        }
        String user = user(request);
        AtomicInteger now = busy.computeIfAbsent(user, key -> new AtomicInteger());
        try {
            if (now.incrementAndGet() > MAX_AT_ONCE && has(GraphTrait.LIMITS_CONCURRENCY)) {
                throw new GraphReply.Refused(
                        429, "ApplicationThrottled", "Application is over its MailboxConcurrency limit.");
            }
            return mailboxes.serve(user, request);
        } finally {
            now.decrementAndGet();
        }
    }

    private String user(GraphRequest request) {
        String box = request.path().startsWith("users/")
                ? URLDecoder.decode(request.path().split("/")[1], StandardCharsets.UTF_8)
                : request.path().startsWith("me/") ? me.apply(request.token()) : null;
        if (box == null || !tokens.test(box, request.token())) {
            throw new GraphReply.Refused(401, "InvalidAuthenticationToken", "Access token validation failure.");
        }
        return box;
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }

    /** One object with these members. */
    static Map<String, Object> object(Object... members) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < members.length; i += 2) {
            object.put((String) members[i], members[i + 1]);
        }
        return object;
    }
}
