package io.jenkins.plugins.oauthmail.token;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** The sentences for a token endpoint that gave no usable answer. */
final class Unreachable {

    private Unreachable() {}

    /**
     * @param host of the token endpoint
     * @param patience how long was waited for the answer
     * @param lost what the HTTP client said
     */
    @NonNull
    static TokenFailure because(@NonNull String host, @NonNull Duration patience, @NonNull IOException lost) {
        return new TokenFailure(TokenFailure.Kind.UNREACHABLE, sentence(host, patience, lost), lost);
    }

    private static String sentence(String host, Duration patience, IOException lost) {
        if (caused(lost, UnknownHostException.class) || caused(lost, UnresolvedAddressException.class)) {
            return "The token endpoint's host " + host
                    + " is not known here: check the authority, the DNS and Jenkins' proxy settings.";
        }
        if (lost instanceof HttpTimeoutException && !(caused(lost, ConnectException.class))) {
            return "The token endpoint " + host + " did not answer within " + patience.toSeconds()
                    + " s: try again later, and check Jenkins' proxy settings and the firewall.";
        }
        if (caused(lost, SSLException.class)) {
            return "No TLS connection to the token endpoint " + host + " (" + said(lost)
                    + "): if the network inspects TLS, add its certificate authority to the Java trust store of Jenkins.";
        }
        String why = said(lost);
        return "No connection to the token endpoint " + host + (why.isEmpty() ? "" : " (" + why + ")")
                + ": check the authority, Jenkins' proxy settings and the firewall.";
    }

    @NonNull
    static TokenFailure proxyWantsLogin(@NonNull String host) {
        return new TokenFailure(
                TokenFailure.Kind.UNREACHABLE,
                "The proxy on the way to the token endpoint " + host
                        + " wants a login (HTTP 407): put user name and password into Jenkins' proxy settings.");
    }

    /**
     * @param retryAfter seconds, if the answer named them
     * @param said may be empty of everything
     */
    @NonNull
    static TokenFailure answered(
            @NonNull String host, int status, @NonNull Optional<String> retryAfter, @NonNull ProviderError said) {
        String label = said.label().isEmpty() ? "" : ", " + said.label();
        String words = said.words().isEmpty() ? "" : ", saying \"" + said.words() + "\"";
        String fix = retryAfter.map(seconds -> "try again in " + seconds + " s").orElse("try again later");
        if (status < 429) {
            fix = "check that the authority is that of an Entra tenant and that no proxy answers in its place";
        }
        return new TokenFailure(
                TokenFailure.Kind.UNREACHABLE,
                "The token endpoint " + host + " gave no token answer (HTTP " + status + label + ")" + words + ": "
                        + fix + ".",
                said,
                null);
    }

    private static boolean caused(Throwable thrown, Class<? extends Throwable> type) {
        int depth = 0;
        for (Throwable t = thrown; t != null && depth < 10; t = t.getCause()) {
            if (type.isInstance(t)) {
                return true;
            }
            depth++;
        }
        return false;
    }

    /** The innermost message: the HTTP client wraps it in others that say less. */
    private static String said(Throwable thrown) {
        String message = "";
        int depth = 0;
        for (Throwable t = thrown; t != null && depth < 10; t = t.getCause()) {
            message = t.getMessage() == null ? message : t.getMessage();
            depth++;
        }
        return ProviderText.clean(message, List.of());
    }
}
