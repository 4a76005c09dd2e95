package io.jenkins.plugins.oauthmail.account;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ProxyConfiguration;
import hudson.util.Secret;
import io.jenkins.plugins.oauthmail.token.DaemonThreads;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.Executor;
import jenkins.model.Jenkins;

/**
 * The HTTP client shared by all token sources, since each client has its own threads and connections. It is replaced
 * when Jenkins' proxy settings change.
 *
 * <p>It speaks HTTP/1.1. With HTTP/2 all requests to a host share one connection, which JDK's client keeps using after
 * requests on it have timed out: one that dies silently, such as in a firewall, would stop every account.
 */
final class TokenHttpClient {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);

    private static final Executor THREADS = new SteadyExecutor(DaemonThreads.named("http"));

    private Settings madeFor;
    private HttpClient client;

    /** The client for the current proxy settings. */
    @NonNull
    synchronized HttpClient current() {
        Settings now = Settings.of(Jenkins.get().getProxy());
        if (client == null || !now.equals(madeFor)) {
            client = new RenewedHttpClient(() -> create(now), TimeSource.SYSTEM);
            madeFor = now;
        }
        return client;
    }

    private static HttpClient create(Settings settings) {
        HttpClient usual = configured(ProxyConfiguration.newHttpClientBuilder()).build();
        String user = settings.userName();
        Secret password = settings.password();
        if (usual.authenticator().isEmpty() || user == null || password == null) {
            return usual;
        }
        HttpClient.Builder own = configured(HttpClient.newBuilder());
        usual.proxy().ifPresent(own::proxy);
        return new ProxyLogin(own.build(), user, password.getPlainText());
    }

    private static HttpClient.Builder configured(HttpClient.Builder builder) {
        return builder.version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .executor(THREADS);
    }

    /** A copy of the proxy configuration, which can be changed in place. */
    private record Settings(
            @CheckForNull String name,
            int port,
            @CheckForNull String userName,
            @CheckForNull Secret password,
            @CheckForNull String noProxyHost) {

        static Settings of(@CheckForNull ProxyConfiguration proxy) {
            return proxy == null
                    ? new Settings(null, 0, null, null, null)
                    : new Settings(
                            proxy.getName(),
                            proxy.getPort(),
                            proxy.getUserName(),
                            proxy.getSecretPassword(),
                            proxy.getNoProxyHost());
        }

        @Override
        public String toString() {
            return "Settings[" + name + ":" + port + "]";
        }
    }
}
