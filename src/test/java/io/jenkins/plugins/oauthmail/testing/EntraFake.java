package io.jenkins.plugins.oauthmail.testing;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A token server on a free loopback port that speaks like Microsoft Entra, over https with a certificate of
 * {@link TestCa}. It has one tenant, known by {@link #TENANT_ID} and {@link #DOMAIN}. Register applications and
 * people, then use {@link #authority()}. Nothing it prints or records holds a token, code, secret or assertion. All
 * methods may be called at any time by any thread.
 */
public final class EntraFake implements AutoCloseable {

    /** Directory (tenant) id. */
    public static final String TENANT_ID = "5f0c1b4e-6f3c-4a52-9d59-7c1fd6a3c0de";

    /** The other name of the tenant. */
    public static final String DOMAIN = "contoso.test";

    /** An error for the redirect to bring back. */
    record Decline(String error, String description) {}

    private final HttpsServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "entra-fake");
        thread.setDaemon(true);
        return thread;
    });
    private final EntraTokens tokens = new EntraTokens(this::now);
    private final Map<String, EntraApplication> applications = new ConcurrentHashMap<>();
    private final Map<String, EntraPerson> people = new ConcurrentSkipListMap<>(String.CASE_INSENSITIVE_ORDER);
    private final Map<String, Set<String>> mailboxes = new ConcurrentHashMap<>();
    private final Queue<EntraAnswer> answers = new ConcurrentLinkedQueue<>();
    private final Queue<Decline> declines = new ConcurrentLinkedQueue<>();
    private final List<EntraCall> calls = new CopyOnWriteArrayList<>();
    private final AtomicInteger answersToLose = new AtomicInteger();
    private volatile EntraHold hold;
    private volatile Duration ahead = Duration.ZERO;
    private volatile String automaticUsername;
    private volatile boolean refreshTokensWorkOnce;
    private volatile boolean wrongNonce;
    private volatile boolean withoutClientInfo;

    private EntraFake() throws IOException {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(TestCa.get().serverContext()));
        server.setExecutor(threads);
        EntraRouter router =
                new EntraRouter(this, new EntraTokenEndpoint(this, tokens), new EntraSignInPage(this, tokens));
        server.createContext("/", router::handle);
    }

    /** A running server with nobody in it. */
    @NonNull
    public static EntraFake start() {
        try {
            EntraFake fake = new EntraFake();
            fake.server.start();
            return fake;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code https://localhost:<port>}, without a slash at the end. */
    @NonNull
    public String origin() {
        return "https://localhost:" + server.getAddress().getPort();
    }

    /** {@code https://localhost:<port>/<tenant id>/}: the custom authority URL to configure. */
    @NonNull
    public String authority() {
        return origin() + "/" + TENANT_ID + "/";
    }

    /** Registers an application, or changes the one with the same client id. */
    @NonNull
    public EntraFake register(@NonNull EntraApplication application) {
        applications.put(application.clientId(), application);
        return this;
    }

    /** Adds a person, who may use the mailbox whose address is the sign-in name. */
    @NonNull
    public EntraFake add(@NonNull EntraPerson person) {
        people.put(person.username(), person);
        return grantMailbox(person.username(), person.username());
    }

    /**
     * Lets somebody use a mailbox.
     *
     * @param who sign-in name of a person (for shared mailboxes), or client id of an application
     * @param address the mailbox
     */
    @NonNull
    public EntraFake grantMailbox(@NonNull String who, @NonNull String address) {
        mailboxes
                .computeIfAbsent(lower(who), key -> ConcurrentHashMap.newKeySet())
                .add(lower(address));
        return this;
    }

    /** Signs this person in without showing the page; null shows it again. */
    public void signInAutomatically(@CheckForNull String username) {
        automaticUsername = username;
    }

    /** The next sign-in comes back with this error, such as {@code access_denied}. */
    public void declineNext(@NonNull String error, @NonNull String description) {
        declines.add(new Decline(error, description));
    }

    /** The next token request that nothing earlier was queued for gets this answer, whatever it asks. */
    public void answerNext(@NonNull EntraAnswer answer) {
        answers.add(answer);
    }

    /** The answer to the next token request that succeeds is lost on the way: it is acted on, and the connection closed. */
    public void loseNextAnswer() {
        answersToLose.incrementAndGet();
    }

    /** Holds token requests until the result is closed. */
    @NonNull
    public EntraHold hold() {
        EntraHold next = new EntraHold();
        hold = next;
        return next;
    }

    /**
     * Shape of the access tokens from now on.
     *
     * @param length in characters; Entra's for Exchange have 1500 to 3000
     * @param jwt whether they look like a JWT; else opaque
     */
    public void accessTokens(int length, boolean jwt) {
        tokens.accessTokenLength = length;
        tokens.jwtAccessTokens = jwt;
    }

    /** Life of the access tokens from now on; Entra's is about an hour. */
    public void accessTokenLife(@NonNull Duration life) {
        tokens.accessTokenLife = life;
    }

    /** Whether a refresh token is revoked once used; Entra's are not, but a client should not rely on that. */
    public void refreshTokensWorkOnce(boolean once) {
        refreshTokensWorkOnce = once;
    }

    /** Whether id_tokens carry a nonce that nobody sent. */
    public void wrongNonce(boolean wrong) {
        wrongNonce = wrong;
    }

    /** Whether {@code client_info} is left out, as servers other than Entra do. */
    public void withoutClientInfo(boolean without) {
        withoutClientInfo = without;
    }

    /** Moves this server's clock; the caller's stays where it is. */
    public void advance(@NonNull Duration by) {
        ahead = ahead.plus(by);
    }

    /** Makes every access token issued so far invalid, as if an hour had passed. */
    public void expireAccessTokens() {
        tokens.accesses.clear();
    }

    /** Revokes every refresh token issued so far, as an administrator does by revoking sessions. */
    public void revokeRefreshTokens() {
        tokens.revokedRefreshes.addAll(tokens.refreshes.keySet());
    }

    /**
     * What a mail server asks: may the bearer of this token use this mailbox now?
     *
     * @param user SASL user, an address
     * @param token as presented
     */
    public boolean accepts(@NonNull String user, @NonNull String token) {
        return accepts(user, token, "");
    }

    /**
     * As {@link #accepts(String, String)}, and the token must carry a permission.
     *
     * @param permission end of a delegated scope, such as {@code SMTP.Send} or {@code IMAP.AccessAsUser.All}; tokens
     *     of applications carry all
     */
    public boolean accepts(@NonNull String user, @NonNull String token, @NonNull String permission) {
        EntraTokens.Access access = tokens.accesses.get(token);
        if (access == null || !now().isBefore(access.expires())) {
            return false;
        }
        String who =
                access.person() == null ? access.clientId() : access.person().username();
        return mailboxes.getOrDefault(lower(who), Set.of()).contains(lower(user))
                && access.scopes().stream().anyMatch(s -> s.endsWith("/.default") || s.endsWith(permission));
    }

    /**
     * Whether an access token was issued for a resource, which must be the only one that accepts it.
     *
     * @param resource with a trailing slash, such as {@code https://graph.microsoft.com/}
     */
    public boolean isFor(@NonNull String token, @NonNull String resource) {
        EntraTokens.Access access = tokens.accesses.get(token);
        return access != null && access.scopes().stream().allMatch(scope -> scope.startsWith(resource));
    }

    /** How often the token endpoint was asked with this {@code grant_type}. */
    public int count(@NonNull String grant) {
        return (int) calls.stream().filter(call -> grant.equals(call.grant())).count();
    }

    /** Every request so far, whatever its path. */
    @NonNull
    public List<EntraCall> calls() {
        return List.copyOf(calls);
    }

    @Override
    public void close() {
        EntraHold held = hold;
        if (held != null) {
            held.close();
        }
        server.stop(0);
        threads.shutdownNow();
    }

    Instant now() {
        return Instant.now().plus(ahead);
    }

    void record(EntraCall call) {
        calls.add(call);
    }

    @CheckForNull
    EntraAnswer nextAnswer() {
        return answers.poll();
    }

    boolean losesAnswer() {
        return answersToLose.getAndUpdate(count -> Math.max(0, count - 1)) > 0;
    }

    @CheckForNull
    Decline nextDecline() {
        return declines.poll();
    }

    void passHold() throws InterruptedException {
        EntraHold held = hold;
        if (held != null) {
            held.pass();
        }
    }

    @CheckForNull
    EntraApplication application(@CheckForNull String clientId) {
        return clientId == null ? null : applications.get(clientId);
    }

    @CheckForNull
    EntraPerson person(String username) {
        return people.get(username);
    }

    Collection<EntraPerson> people() {
        return people.values();
    }

    @CheckForNull
    String automaticUsername() {
        return automaticUsername;
    }

    boolean refreshTokensWorkOnce() {
        return refreshTokensWorkOnce;
    }

    boolean wrongNonce() {
        return wrongNonce;
    }

    boolean withoutClientInfo() {
        return withoutClientInfo;
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
