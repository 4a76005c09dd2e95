package io.jenkins.plugins.oauthmail.mail.connect;

import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Describes why a connection could not be opened, or why it was lost. */
public final class ConnectFailure {

    private ConnectFailure() {}

    /** A failure before the login: host name, port, TLS, greeting. */
    public static MailFailure opening(Endpoint endpoint, Exception thrown, ConnectionDeadline deadline) {
        if (deadline.reason() == ConnectionDeadline.Reason.PHASE) {
            return new MailFailure(Layer.CONNECT, Messages.ConnectFailure_timeout(endpoint), thrown);
        }
        return deadline.reason() == null ? opening(endpoint, thrown) : ended(endpoint, deadline.reason());
    }

    /** Same as {@link #opening(Endpoint, Exception, ConnectionDeadline)}, for a connection without a deadline. */
    public static MailFailure opening(Endpoint endpoint, Exception thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof SSLException) {
                return tls(endpoint, (SSLException) t);
            }
            if (t instanceof UnknownHostException) {
                return new MailFailure(Layer.CONNECT, Messages.ConnectFailure_unknownHost(endpoint), t);
            }
            if (t instanceof SocketTimeoutException) {
                return new MailFailure(Layer.CONNECT, Messages.ConnectFailure_timeout(endpoint), t);
            }
            if (t instanceof ConnectException || t instanceof NoRouteToHostException) {
                return new MailFailure(
                        Layer.CONNECT,
                        Messages.ConnectFailure_unreachable(endpoint, QuotedText.clean(t.getMessage())),
                        t);
            }
        }
        return new MailFailure(Layer.CONNECT, greeting(endpoint, thrown.getMessage()), thrown);
    }

    /** An SMTP server greeted with an error reply, or refused EHLO. */
    public static MailFailure greeted(Endpoint endpoint, SmtpReply reply) {
        return reply.temporary()
                ? MailFailure.temporary(
                        Layer.CONNECT,
                        Messages.MailFailures_fix(
                                Messages.ConnectFailure_deferred(endpoint, QuotedText.quoted(reply.text())),
                                KnownReply.in(reply.text())
                                        .map(KnownReply::cure)
                                        .orElseGet(Messages::MailFailures_later)))
                : new MailFailure(Layer.CONNECT, greeting(endpoint, reply.text()));
    }

    private static String greeting(Endpoint endpoint, String said) {
        return Messages.MailFailures_fix(
                Messages.ConnectFailure_greeting(endpoint, QuotedText.quoted(said)),
                KnownReply.in(String.valueOf(said))
                        .map(KnownReply::cure)
                        .orElseGet(Messages::ConnectFailure_greetingFix));
    }

    public static MailFailure startTlsMissing(Endpoint endpoint) {
        return new MailFailure(Layer.TLS, Messages.ConnectFailure_startTlsMissing(endpoint));
    }

    /** The server refused STARTTLS, for now or for ever. */
    public static MailFailure startTlsRefused(Endpoint endpoint, SmtpReply reply) {
        return reply.temporary() ? greeted(endpoint, reply) : startTlsRefused(endpoint, reply.text());
    }

    public static MailFailure startTlsRefused(Endpoint endpoint, String said) {
        return new MailFailure(Layer.TLS, Messages.ConnectFailure_startTlsRefused(endpoint, QuotedText.quoted(said)));
    }

    /** We closed the connection ourselves, during something that is safe to repeat. */
    public static MailFailure ended(Endpoint endpoint, ConnectionDeadline.Reason reason) {
        return MailFailure.temporary(
                Layer.CONNECT,
                reason == ConnectionDeadline.Reason.CLOSED
                        ? Messages.ConnectFailure_closed(endpoint)
                        : Messages.ConnectFailure_slow(endpoint));
    }

    /**
     * The connection was lost during the login. The failure has no cause, because the exception may quote the token.
     */
    public static MailFailure lostAtLogin(Endpoint endpoint, String said) {
        return lost(Messages.ConnectFailure_lostAtLogin(endpoint), said, null);
    }

    /** The connection was lost after the greeting, during something that is safe to repeat. */
    public static MailFailure lost(String what, String said, Exception thrown) {
        Optional<KnownReply> known = KnownReply.in(said);
        String words = QuotedText.clean(said);
        MailFailure failure = MailFailure.refused(
                known.map(KnownReply::layer).orElse(Layer.CONNECT),
                Messages.MailFailures_fix(
                        words.isEmpty() ? what : Messages.ConnectFailure_lostSaying(what, words),
                        known.map(KnownReply::cure).orElseGet(Messages::ConnectFailure_lostFix)),
                MailFailure.Permanence.TEMPORARY,
                ImapRefusal.of(String.valueOf(said)).retryAfter(),
                thrown);
        // A session dies with its token.
        return known.filter(KnownReply.TOKEN_EXPIRED::equals).isPresent()
                ? failure.withTokenRefused(Messages.ConnectFailure_lostSaying(what, words))
                : failure;
    }

    private static MailFailure tls(Endpoint endpoint, SSLException e) {
        StringBuilder said = new StringBuilder();
        for (Throwable t = e; t != null; t = t.getCause()) {
            said.append(t.getMessage()).append(' ');
        }
        String sentence;
        if (said.indexOf("No subject alternative") >= 0 || said.indexOf("No name matching") >= 0) {
            sentence = Messages.ConnectFailure_otherHost(endpoint);
        } else if (said.indexOf("PKIX") >= 0) {
            sentence = Messages.ConnectFailure_untrusted(endpoint);
        } else if (said.indexOf("Unsupported or unrecognized SSL message") >= 0
                || said.indexOf("plaintext connection") >= 0) {
            sentence = Messages.ConnectFailure_noTls(endpoint);
        } else {
            sentence = Messages.ConnectFailure_tls(endpoint, QuotedText.clean(e.getMessage()));
        }
        return new MailFailure(Layer.TLS, sentence, e);
    }
}
