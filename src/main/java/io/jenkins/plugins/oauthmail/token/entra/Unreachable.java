package io.jenkins.plugins.oauthmail.token.entra;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLException;

/** The failures for a token endpoint that sent no usable response. */
final class Unreachable {

    private Unreachable() {}

    /**
     * @param host host of the token endpoint
     * @param patience how long we waited for the response
     * @param lost the exception of the HTTP client
     */
    @NonNull
    static TokenFailure because(@NonNull String host, @NonNull Duration patience, @NonNull IOException lost) {
        return new TokenFailure(TokenFailure.Kind.UNREACHABLE, sentence(host, patience, lost), lost);
    }

    private static String sentence(String host, Duration patience, IOException lost) {
        if (caused(lost, UnknownHostException.class) || caused(lost, UnresolvedAddressException.class)) {
            return Messages.Unreachable_unknownHost(host);
        }
        if (lost instanceof HttpTimeoutException && !(caused(lost, ConnectException.class))) {
            return Messages.Unreachable_timeout(host, patience.toSeconds());
        }
        if (caused(lost, SSLException.class)) {
            return Messages.Unreachable_tls(host, said(lost));
        }
        String why = said(lost);
        return why.isEmpty() ? Messages.Unreachable_connection(host) : Messages.Unreachable_connectionSaying(host, why);
    }

    @NonNull
    static TokenFailure proxyWantsLogin(@NonNull String host) {
        return new TokenFailure(TokenFailure.Kind.UNREACHABLE, Messages.Unreachable_proxyLogin(host));
    }

    /**
     * @param retryAfter how long the response asked to wait; null if it did not ask
     * @param said the parsed response, whose components may all be empty
     */
    @NonNull
    static TokenFailure answered(
            @NonNull String host, int status, @CheckForNull Duration retryAfter, @NonNull ProviderError said) {
        String what = said.label().isEmpty()
                ? Messages.Unreachable_status(host, status)
                : Messages.Unreachable_statusAndError(host, status, said.label());
        String fix = status < 429 && status != 408
                ? Messages.Unreachable_otherAnswers()
                : retryAfter == null ? Messages.Refusal_later() : Messages.Unreachable_laterIn(retryAfter.toSeconds());
        return new TokenFailure(
                TokenFailure.Kind.UNREACHABLE,
                Messages.Refusal_sentence(Refusal.saying(what, said), fix),
                said.reply(),
                null);
    }

    /** The endpoint asked to wait for longer than a build should. */
    @NonNull
    static TokenFailure notYet(@NonNull String host, @NonNull Duration left) {
        return new TokenFailure(
                TokenFailure.Kind.UNREACHABLE, Messages.Unreachable_notYet(host, Math.max(1, left.toSeconds())));
    }

    static boolean caused(Throwable thrown, Class<? extends Throwable> type) {
        int depth = 0;
        for (Throwable t = thrown; t != null && depth < 10; t = t.getCause()) {
            if (type.isInstance(t)) {
                return true;
            }
            depth++;
        }
        return false;
    }

    /** The innermost message, because the HTTP client wraps it in less specific ones. */
    private static String said(Throwable thrown) {
        String message = "";
        int depth = 0;
        for (Throwable t = thrown; t != null && depth < 10; t = t.getCause()) {
            message = t.getMessage() == null ? message : t.getMessage();
            depth++;
        }
        return QuotedText.ofProvider(message, List.of());
    }
}
