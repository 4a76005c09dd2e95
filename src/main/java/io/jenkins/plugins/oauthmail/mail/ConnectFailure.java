package io.jenkins.plugins.oauthmail.mail;

import io.jenkins.plugins.oauthmail.mail.MailFailure.Layer;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** Tells why no connection came about, or why it was lost. */
final class ConnectFailure {

    /** Angus puts the bare reply to STARTTLS into the exception, and words in front of any other. */
    private static final Pattern SMTP_REFUSAL = Pattern.compile("^[45]\\d\\d[ -]");

    /** Angus puts the reply behind words of its own. */
    private static final Pattern GREETED_LATER = Pattern.compile("response: 4\\d\\d\\b");

    private ConnectFailure() {}

    /** Before the login: name, port, greeting, TLS. */
    static MailFailure opening(Endpoint endpoint, Exception thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof SSLException) {
                return tls(endpoint, (SSLException) t);
            }
            if (t instanceof UnknownHostException) {
                return connect(endpoint, "has a host name that cannot be found; correct the server of the account", t);
            }
            if (t instanceof SocketTimeoutException) {
                return connect(
                        endpoint,
                        "did not answer in time; check the port, that TLS and STARTTLS are not mixed up, and that no"
                                + " firewall is in the way",
                        t);
            }
            if (t instanceof ConnectException || t instanceof NoRouteToHostException) {
                return connect(
                        endpoint,
                        "cannot be reached (" + ServerWords.clean(t.getMessage())
                                + "); check host and port and that no firewall is in the way",
                        t);
            }
        }
        String said = String.valueOf(thrown.getMessage());
        if (said.contains("does not support STARTTLS")) {
            return noStartTls(endpoint, "does not offer STARTTLS");
        }
        if (endpoint.security() == Security.STARTTLS
                && SMTP_REFUSAL.matcher(said).find()) {
            return noStartTls(endpoint, "refused STARTTLS with " + ServerWords.quoted(said));
        }
        Optional<KnownReply> known = KnownReply.in(said);
        String sentence = endpoint + " did not greet as a mail server does, " + ServerWords.quoted(said) + ": "
                + known.map(KnownReply::cure).orElse("check host, port and TLS, or try again later") + ".";
        return GREETED_LATER.matcher(said).find()
                ? MailFailure.temporary(Layer.CONNECT, sentence, thrown)
                : new MailFailure(Layer.CONNECT, sentence, thrown);
    }

    /** @param what "does not offer STARTTLS" or the like */
    static MailFailure noStartTls(Endpoint endpoint, String what) {
        return new MailFailure(
                Layer.TLS,
                endpoint + " " + what + ", so nothing was sent; choose TLS if the port is one for implicit TLS (993,"
                        + " 465), or correct the port (587 to submit, 143 for IMAP).");
    }

    /** After the greeting: the connection broke while we were doing something that is safe to repeat. */
    static MailFailure lost(Endpoint endpoint, String during, String said, Exception thrown) {
        Optional<KnownReply> known = KnownReply.in(said);
        String words = ServerWords.clean(said);
        return MailFailure.temporary(
                known.map(KnownReply::layer).orElse(Layer.CONNECT),
                "the connection to " + endpoint + " was lost " + during
                        + (words.isEmpty() ? "" : " (" + words + ")") + ": "
                        + known.map(KnownReply::cure).orElse("try again") + ".",
                thrown);
    }

    private static MailFailure connect(Endpoint endpoint, String what, Throwable cause) {
        return new MailFailure(Layer.CONNECT, endpoint + " " + what + ".", cause);
    }

    private static MailFailure tls(Endpoint endpoint, SSLException e) {
        StringBuilder said = new StringBuilder();
        for (Throwable t = e; t != null; t = t.getCause()) {
            said.append(t.getMessage()).append(' ');
        }
        String why;
        if (said.indexOf("No subject alternative") >= 0 || said.indexOf("No name matching") >= 0) {
            why = "presented a certificate for another host; use the name the certificate is for, and if you do, do not"
                    + " trust this server";
        } else if (said.indexOf("PKIX") >= 0) {
            why = "presented a certificate that this Java does not trust; put the authority that signed it into Java's"
                    + " trust store, or correct the server";
        } else if (said.indexOf("Unsupported or unrecognized SSL message") >= 0
                || said.indexOf("plaintext connection") >= 0) {
            why = "does not speak TLS from the first byte; choose STARTTLS or correct the port";
        } else {
            why = "failed to set up TLS (" + ServerWords.clean(e.getMessage()) + "); check the port and the server's"
                    + " certificate";
        }
        return new MailFailure(Layer.TLS, endpoint + " " + why + ".", e);
    }
}
