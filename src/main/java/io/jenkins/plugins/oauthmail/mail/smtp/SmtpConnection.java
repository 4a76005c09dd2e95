package io.jenkins.plugins.oauthmail.mail.smtp;

import io.jenkins.plugins.oauthmail.mail.compose.BrokenAttachment;
import io.jenkins.plugins.oauthmail.mail.compose.ComposedMessage;
import io.jenkins.plugins.oauthmail.mail.compose.Envelope;
import io.jenkins.plugins.oauthmail.mail.connect.ConnectFailure;
import io.jenkins.plugins.oauthmail.mail.connect.ConnectionDeadline;
import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.connect.WaitLimit;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import java.io.IOException;

/**
 * A connection to an SMTP server: open it, log in, deliver any number of messages, close it. After a failure other than
 * a refusal by the server it must not be used again; see {@link #usable()}.
 */
public final class SmtpConnection implements AutoCloseable {

    private final SmtpWire wire;
    private final Endpoint endpoint;
    private boolean usable = true;
    private boolean ended;

    private SmtpConnection(SmtpWire wire, Endpoint endpoint) {
        this.wire = wire;
        this.endpoint = endpoint;
    }

    /** Connects, sets up TLS as the endpoint requires, and reads the server's capabilities. */
    public static SmtpConnection open(Endpoint endpoint, Timeouts timeouts) throws MailFailure, InterruptedException {
        ConnectionDeadline deadline = new ConnectionDeadline();
        try {
            return new SmtpConnection(SmtpWire.open(endpoint, timeouts, deadline), endpoint);
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw ConnectFailure.opening(endpoint, e, deadline);
        }
    }

    /**
     * Connects and logs in, in one step if the server may accept that.
     *
     * @param longResponse what is known of the server; learns from this login
     */
    static SmtpConnection open(
            Endpoint endpoint, Timeouts timeouts, String user, String token, LongResponse longResponse)
            throws MailFailure, InterruptedException {
        int length = SmtpLogin.lengthInOneStep(user, token);
        SmtpConnection connection = open(endpoint, timeouts);
        boolean sensible = length > SmtpLogin.MAX_LINE_LENGTH
                && !connection.wire.exchange()
                && new SmtpLogin(connection.wire, endpoint).possible();
        if (!sensible || !longResponse.mayTry(length)) {
            return connection.loggedIn(user, token);
        }
        try {
            connection.loggedIn(login -> login.login(user, token, length));
            longResponse.accepted(length);
            return connection;
        } catch (MailFailure failure) {
            if (!longResponse.failed(length)) {
                throw failure;
            }
        }
        return open(endpoint, timeouts).loggedIn(user, token);
    }

    /** Logs in; closes the connection if that fails. */
    public SmtpConnection loggedIn(String user, String token) throws MailFailure, InterruptedException {
        return loggedIn(login -> login.login(user, token));
    }

    private SmtpConnection loggedIn(Login login) throws MailFailure, InterruptedException {
        SmtpLogin attempt = new SmtpLogin(wire, endpoint);
        boolean loggedIn = false;
        try {
            login.with(attempt);
            loggedIn = true;
            return this;
        } finally {
            if (!loggedIn) {
                usable = attempt.inStep();
                close();
            }
        }
    }

    private interface Login {
        void with(SmtpLogin login) throws MailFailure, InterruptedException;
    }

    /**
     * Delivers one message to all recipients that the server accepts.
     *
     * @param message the message
     * @param envelope its sender and recipients
     * @param recent whether the server has replied within the last few seconds, so that the connection is most likely
     *     alive; a small message may then be sent in one flight with its envelope. On a connection that has been idle,
     *     the envelope is sent first, so that a lost connection is noticed before any content is sent.
     * @param limit for waiting until the end of the content is sent
     * @return the accepted and the refused recipients; all may be refused
     * @throws MailFailure if the server refuses the message, its fate is unknown, or the limit is over
     * @throws BrokenAttachment if the message could not be read to its end; nothing was delivered
     * @throws InterruptedException if the thread was interrupted before any content was sent; nothing was delivered
     */
    Delivery deliver(ComposedMessage message, Envelope envelope, boolean recent, WaitLimit limit)
            throws MailFailure, BrokenAttachment, InterruptedException {
        usable = false;
        SmtpTransaction transaction = new SmtpTransaction(wire, endpoint, envelope, limit);
        try {
            return transaction.run(message, recent);
        } finally {
            usable = transaction.reusable();
            ended = transaction.ended();
        }
    }

    /** Whether another message may be delivered over this connection. */
    boolean usable() {
        return usable;
    }

    /** Whether the last delivery failed because the server had ended the session, before any content was sent. */
    boolean ended() {
        return ended;
    }

    @Override
    public void close() {
        wire.close(usable);
        usable = false;
    }
}
