package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Where a mailbox is reached by Microsoft Graph.
 *
 * @param root the service with its version and a trailing slash, such as {@code https://graph.microsoft.com/v1.0/};
 *     plain http is accepted for loopback addresses only
 * @param own whether the tokens are for the person whose mailbox it is, and not for an application or for somebody else
 * @param keepsDrafts whether the tokens also permit the mailbox to be read and changed, so that a message can be
 *     prepared as a draft before it is sent
 * @param client asked for each request, as its proxy may have changed since
 */
public record GraphService(
        @NonNull URI root,
        boolean own,
        boolean keepsDrafts,
        @NonNull Supplier<HttpClient> client) {

    /** @throws IllegalArgumentException with a sentence that says what is wrong with the URL */
    public GraphService {
        Objects.requireNonNull(client, "client");
        check(root);
    }

    /**
     * Checks a URL.
     *
     * @param root as in {@link #root}
     * @throws IllegalArgumentException with a sentence that says what is wrong with it
     */
    public static void check(@NonNull URI root) {
        if (root.getHost() == null
                || root.getRawQuery() != null
                || root.getRawFragment() != null
                || root.getRawUserInfo() != null
                || !root.getRawPath().endsWith("/")) {
            throw new IllegalArgumentException(Messages.GraphService_root());
        }
        // Checks host, port, and that nothing but a loopback address is reached without TLS.
        endpoint(root);
    }

    /** The server, for sentences. */
    @NonNull
    public Endpoint endpoint() {
        return endpoint(root);
    }

    private static Endpoint endpoint(URI root) {
        boolean tls = "https".equals(root.getScheme());
        if (!tls && !"http".equals(root.getScheme())) {
            throw new IllegalArgumentException(Messages.GraphService_root());
        }
        String host = root.getHost().replaceAll("^\\[|]$", "");
        int port = root.getPort() >= 0 ? root.getPort() : tls ? 443 : 80;
        return new Endpoint(host, port, tls ? Security.TLS : Security.NONE);
    }

    /** Whether both are the same for the same mailbox; the client does not count. */
    @Override
    public boolean equals(@CheckForNull Object other) {
        return other instanceof GraphService service
                && root.equals(service.root)
                && own == service.own
                && keepsDrafts == service.keepsDrafts;
    }

    @Override
    public int hashCode() {
        return Objects.hash(root, own, keepsDrafts);
    }

    @Override
    public String toString() {
        return root.toString();
    }
}
