package hudson;

import hudson.util.Secret;
import java.io.IOException;
import java.io.Serializable;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import jenkins.model.Jenkins;

/** How Jenkins reaches the rest of the world. */
public final class ProxyConfiguration implements Serializable {
    private static final long serialVersionUID = 1;

    public final String name;
    public final int port;
    private String userName;
    private String noProxyHost;
    private Secret secretPassword;

    public ProxyConfiguration(String name, int port) {
        this(name, port, null, null);
    }

    public ProxyConfiguration(String name, int port, String userName, String password) {
        this(name, port, userName, password, null);
    }

    public ProxyConfiguration(String name, int port, String userName, String password, String noProxyHost) {
        this.name = Util.fixEmptyAndTrim(name);
        this.port = port;
        this.userName = Util.fixEmptyAndTrim(userName);
        this.secretPassword = Secret.fromString(password);
        this.noProxyHost = Util.fixEmptyAndTrim(noProxyHost);
    }

    public String getName() {
        return name;
    }

    public int getPort() {
        return port;
    }

    public String getUserName() {
        return userName;
    }

    public Secret getSecretPassword() {
        return secretPassword;
    }

    public String getNoProxyHost() {
        return noProxyHost;
    }

    public static HttpClient newHttpClient() {
        return newHttpClientBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
    }

    public static HttpClient.Builder newHttpClientBuilder() {
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(20));
        Jenkins jenkins = Jenkins.getInstanceOrNull();
        ProxyConfiguration proxy = jenkins == null ? null : jenkins.getProxy();
        if (proxy != null && proxy.name != null) {
            builder.proxy(proxy.selector());
        }
        if (proxy != null && proxy.userName != null) {
            builder.authenticator(proxy.authenticator());
        }
        return builder;
    }

    private ProxySelector selector() {
        List<Pattern> direct = Arrays.stream(Util.fixNull(noProxyHost).split("[ \t\n,|]+"))
                .filter(host -> !host.isEmpty())
                .map(host -> Pattern.compile(host.replace(".", "\\.").replace("*", ".*")))
                .toList();
        Proxy proxy = new Proxy(Proxy.Type.HTTP, new InetSocketAddress(name, port));
        return new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                boolean excluded = direct.stream()
                        .anyMatch(host -> host.matcher(uri.getHost()).matches());
                return List.of(excluded ? Proxy.NO_PROXY : proxy);
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException failure) {
                // The client reports it.
            }
        };
    }

    private Authenticator authenticator() {
        return new Authenticator() {
            @Override
            public PasswordAuthentication getPasswordAuthentication() {
                return getRequestorType() == RequestorType.PROXY
                        ? new PasswordAuthentication(
                                userName, secretPassword.getPlainText().toCharArray())
                        : null;
            }
        };
    }
}
