package io.jenkins.plugins.oauthmail.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.angus.mail.smtp.SMTPOutputStream;
import org.eclipse.angus.mail.smtp.SMTPTransport;

/**
 * Angus' SMTP connection, driven command by command. Angus makes the connection, negotiates TLS and reads the
 * extensions; it is given no password, so it never logs in by itself.
 */
final class SmtpWire extends SMTPTransport {

    private boolean handedOver;

    SmtpWire(Session session, boolean tls) {
        super(session, null, MailSession.SMTP, tls);
        ProtocolTrace.silence();
    }

    /** Says one line and waits for the answer. */
    synchronized SmtpReply command(String line) throws MessagingException {
        simpleCommand(line);
        return reply();
    }

    /** Says several lines at once where the server takes that (RFC 2920), else one after the other. */
    synchronized List<SmtpReply> group(List<String> lines) throws MessagingException {
        handedOver = false;
        List<SmtpReply> replies = new ArrayList<>();
        boolean pipelining = supportsExtension("PIPELINING");
        if (pipelining) {
            for (String line : lines) {
                sendCommand(line);
            }
        }
        for (String line : lines) {
            if (!pipelining) {
                sendCommand(line);
            }
            readServerResponse();
            replies.add(reply());
            if (reply().closed()) {
                break;
            }
        }
        return replies;
    }

    /**
     * DATA, the message and the final dot.
     *
     * @throws IOException if the message could not be read or written; the server has not got all of it then
     * @throws MessagingException if the server refused DATA, or went away; see {@link #handedOver()}
     */
    synchronized Transmission transmit(MimeMessage message) throws IOException, MessagingException {
        SMTPOutputStream data = (SMTPOutputStream) data();
        CountingOutputStream counted = new CountingOutputStream(data);
        message.writeTo(counted);
        handedOver = true;
        data.ensureAtBOL();
        // Not finishData(): it says RSET after a refusal, and what the refusal was is lost if that fails.
        return new Transmission(command("."), counted.count());
    }

    /** The reply to the final dot and the size of what came before it. */
    record Transmission(SmtpReply reply, long bytes) {}

    /** Whether the end of the last message was on its way, so that the server may have taken it. */
    synchronized boolean handedOver() {
        return handedOver;
    }

    /** The last thing the server said. */
    synchronized SmtpReply reply() {
        String text = getLastServerResponse();
        return new SmtpReply(getLastReturnCode(), text == null ? "" : text);
    }
}
