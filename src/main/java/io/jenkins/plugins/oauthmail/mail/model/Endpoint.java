package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Address of a mail server.
 *
 * @param host host name or IP address; the server's certificate must be valid for it
 * @param port 1 to 65535
 * @param security {@link Security#NONE} is accepted for loopback addresses only
 */
public record Endpoint(
        @NonNull String host, int port, @NonNull Security security) {

    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:-]{1,253}");
    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|::1|0:0:0:0:0:0:0:1");

    /** @throws IllegalArgumentException with a sentence that names the wrong component */
    public Endpoint {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(security, "security");
        if (!HOST.matcher(host).matches()) {
            throw new IllegalArgumentException(Messages.Endpoint_host());
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException(Messages.Endpoint_port(port));
        }
        // Checks the text without resolving it, because a name may resolve to another address by the time the
        // connection is made.
        if (security == Security.NONE
                && !LOOPBACK.matcher(host.toLowerCase(Locale.ROOT)).matches()) {
            throw new IllegalArgumentException(Messages.Endpoint_plain(host));
        }
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
