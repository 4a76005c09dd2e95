package io.jenkins.plugins.oauthmail.account;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ProxyConfiguration;
import hudson.util.Secret;
import java.net.http.HttpClient;
import java.time.Duration;
import jenkins.model.Jenkins;

/**
 * The one HTTP client of all token sources, since each has threads and connections of its own. It is made anew when
 * Jenkins' proxy settings have changed.
 */
final class TokenHttpClient {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);

    private Settings madeFor;
    private HttpClient client;

    /** A client for the proxy settings as they are now; the same as before if they are. */
    @NonNull
    synchronized HttpClient current() {
        Settings now = Settings.of(Jenkins.get().getProxy());
        if (client == null || !now.equals(madeFor)) {
            client = ProxyConfiguration.newHttpClientBuilder()
                    .connectTimeout(CONNECT_TIMEOUT)
                    .build();
            madeFor = now;
        }
        return client;
    }

    /** Read out of the proxy configuration, which can be changed in place. */
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
