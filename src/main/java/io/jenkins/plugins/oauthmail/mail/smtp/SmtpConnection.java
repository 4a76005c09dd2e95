package io.jenkins.plugins.oauthmail.mail.smtp;

import io.jenkins.plugins.oauthmail.mail.compose.BrokenAttachment;
import io.jenkins.plugins.oauthmail.mail.compose.ComposedMessage;
import io.jenkins.plugins.oauthmail.mail.compose.Envelope;
import io.jenkins.plugins.oauthmail.mail.connect.ConnectFailure;
import io.jenkins.plugins.oauthmail.mail.connect.ConnectionDeadline;
import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import java.io.IOException;

/**
 * A connection to an SMTP server: open, log in, deliver as often as you like, close. After a failure that is not a
 * refusal by the server it must not be used again; {@link #usable()} knows.
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

    /** Connects, protects the connection as the endpoint demands, and learns what the server can do. */
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

    void login(String user, String token) throws MailFailure, InterruptedException {
        new SmtpLogin(wire, endpoint).login(user, token);
    }

    /** Logs in; closed again if that fails. */
    public SmtpConnection loggedIn(String user, String token) throws MailFailure, InterruptedException {
        boolean loggedIn = false;
        try {
            login(user, token);
            loggedIn = true;
            return this;
        } finally {
            if (!loggedIn) {
                close();
            }
        }
    }

    /**
     * Delivers one message to all recipients that the server takes.
     *
     * @param message what to deliver
     * @param envelope from whom to whom
     * @param recent whether the server has answered just now, so that it is hardly gone: the whole mail may then travel
     *     in one flight with the envelope. On a connection that has been idle the envelope goes ahead, so that its end
     *     shows while nothing has been handed over.
     * @return who got it and who did not, which may be everybody
     * @throws MailFailure if the server does not take it from us, or nobody can know
     * @throws BrokenAttachment if the message could not be read to its end; nothing was delivered
     * @throws InterruptedException if the thread was interrupted before the mail was handed over; nothing was delivered
     */
    Delivery deliver(ComposedMessage message, Envelope envelope, boolean recent)
            throws MailFailure, BrokenAttachment, InterruptedException {
        usable = false;
        SmtpTransaction transaction = new SmtpTransaction(wire, endpoint, envelope);
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

    /** Whether the last delivery failed because the server no longer knows us, with nothing handed over. */
    boolean ended() {
        return ended;
    }

    @Override
    public void close() {
        wire.close(usable);
        usable = false;
    }
}
