package io.jenkins.plugins.oauthmail.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;

/**
 * A connection to an SMTP server: open, log in, deliver as often as you like, close. After a failure that is not a
 * refusal by the server it must not be used again; {@link #usable()} knows.
 */
final class SmtpConnection implements AutoCloseable {

    /** So many commands travel together that neither side's buffers fill up while both only write. */
    private static final int GROUP = 100;

    private final SmtpWire wire;
    private final Endpoint endpoint;
    private boolean usable = true;

    private SmtpConnection(SmtpWire wire, Endpoint endpoint) {
        this.wire = wire;
        this.endpoint = endpoint;
    }

    /** Connects, protects the connection as the endpoint demands, and learns what the server can do. */
    static SmtpConnection open(Endpoint endpoint, Timeouts timeouts) throws MailFailure {
        SmtpWire wire = new SmtpWire(
                MailSession.session(MailSession.SMTP, endpoint, timeouts), endpoint.security() == Security.TLS);
        try {
            wire.connect(endpoint.host(), endpoint.port(), null, null);
        } catch (MessagingException e) {
            throw ConnectFailure.opening(endpoint, e);
        }
        return new SmtpConnection(wire, endpoint);
    }

    void login(String user, String token) throws MailFailure {
        new SmtpLogin(wire, endpoint).login(user, token);
    }

    /**
     * Delivers one message to all recipients that the server takes.
     *
     * @throws MailFailure if none got it, or nobody can know
     * @throws BrokenAttachment if the message could not be read to its end; nothing was delivered
     */
    Delivery deliver(MimeMessage message, Envelope envelope) throws MailFailure, BrokenAttachment {
        checkSize(envelope);
        usable = false;
        try {
            Recipients recipients = announce(envelope);
            SmtpWire.Transmission sent = wire.transmit(message);
            SmtpReply reply = sent.reply();
            if (reply.closed()) {
                throw fateUnknown(null);
            }
            usable = reply.code() != 421;
            if (!reply.ok()) {
                throw FailureReading.refused(endpoint, "the mail", reply);
            }
            return new Delivery(recipients.accepted, recipients.refused, reply.text(), sent.bytes());
        } catch (BrokenAttachment e) {
            throw e;
        } catch (SMTPSendFailedException e) {
            SmtpReply reply = new SmtpReply(e.getReturnCode(), String.valueOf(e.getMessage()));
            usable = reply.code() >= 400 && reply.code() != 421;
            throw reply.closed() ? notSent(e) : FailureReading.refused(endpoint, "the mail", reply);
        } catch (MessagingException | IOException e) {
            throw wire.handedOver() ? fateUnknown(e) : notSent(e);
        }
    }

    /** Whether another message may be delivered over this connection. */
    boolean usable() {
        return usable;
    }

    @Override
    public void close() {
        try {
            wire.close();
        } catch (MessagingException e) {
            // The mail is delivered or its failure is on its way to the caller: a failing good-bye changes nothing.
            usable = false;
        }
    }

    private void checkSize(Envelope envelope) throws MailFailure {
        String limit = wire.getExtensionParameter("SIZE");
        if (limit == null || !limit.trim().matches("\\d{1,18}")) {
            return;
        }
        long octets = Long.parseLong(limit.trim());
        if (octets > 0 && envelope.size() > octets) {
            throw MessageSize.tooLarge(envelope.size(), octets, endpoint + " takes");
        }
    }

    private Recipients announce(Envelope envelope) throws MessagingException, MailFailure {
        List<String> commands = new ArrayList<>();
        String size = wire.supportsExtension("SIZE") ? " SIZE=" + envelope.size() : "";
        commands.add("MAIL FROM:<" + envelope.from() + ">" + size);
        for (String recipient : envelope.recipients()) {
            commands.add("RCPT TO:<" + recipient + ">");
        }
        List<SmtpReply> replies = new ArrayList<>();
        for (int i = 0; i < commands.size(); i += GROUP) {
            replies.addAll(wire.group(commands.subList(i, Math.min(commands.size(), i + GROUP))));
            SmtpReply sender = replies.get(0);
            if (!sender.ok() && !sender.closed()) {
                startOver();
                throw FailureReading.refused(endpoint, "the sender " + envelope.from(), sender);
            }
            if (replies.get(replies.size() - 1).closed()) {
                throw new MessagingException("closed");
            }
        }
        Recipients recipients = new Recipients();
        for (int i = 0; i < envelope.recipients().size(); i++) {
            recipients.add(envelope.recipients().get(i), replies.get(i + 1));
        }
        if (recipients.accepted.isEmpty()) {
            startOver();
            throw FailureReading.refused(
                    endpoint, "every recipient: " + String.join(", ", recipients.refused), recipients.firstRefusal);
        }
        return recipients;
    }

    /** Makes the server forget the mail it was told about, so that the connection can carry another one. */
    private void startOver() {
        try {
            usable = wire.command("RSET").ok();
        } catch (MessagingException e) {
            // Why the mail was refused matters more than the end of a connection that carries nothing.
            usable = false;
        }
    }

    private MailFailure fateUnknown(Exception cause) {
        return MailFailure.fateUnknown(
                "the connection to " + endpoint + " was lost after the whole mail was handed over, so it may or may not"
                        + " have been delivered; it is not sent again by itself, look whether it arrived.",
                cause);
    }

    private MailFailure notSent(Exception cause) {
        return ConnectFailure.lost(endpoint, "before the mail was handed over, so nothing was sent", "", cause);
    }

    private static final class Recipients {
        private final List<String> accepted = new ArrayList<>();
        private final List<String> refused = new ArrayList<>();
        private SmtpReply firstRefusal;

        void add(String address, SmtpReply reply) {
            if (reply.ok()) {
                accepted.add(address);
                return;
            }
            refused.add(address + " (" + ServerWords.clean(reply.text()) + ")");
            if (firstRefusal == null) {
                firstRefusal = reply;
            }
        }
    }
}
