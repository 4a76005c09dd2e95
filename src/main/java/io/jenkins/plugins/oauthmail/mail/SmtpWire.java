package io.jenkins.plugins.oauthmail.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.angus.mail.smtp.SMTPOutputStream;
import org.eclipse.angus.mail.smtp.SMTPTransport;

/**
 * Angus' SMTP connection, driven command by command. Angus makes the connection, negotiates TLS and reads the
 * extensions; it is given no password, so it never logs in by itself.
 */
final class SmtpWire extends SMTPTransport {

    private static final int GO_AHEAD = 354;

    private OutputStream stream;
    private boolean mute;

    SmtpWire(Session session, boolean tls) {
        super(session, null, MailSession.SMTP, tls);
        ProtocolTrace.silence();
    }

    /** Says one line and waits for the answer. */
    synchronized SmtpReply command(String line) throws MessagingException {
        sendCommand(line);
        return listen();
    }

    /** Says several lines at once where the server takes that (RFC 2920), else one after the other. */
    synchronized List<SmtpReply> group(List<String> lines) throws IOException, MessagingException {
        boolean pipelining = pipelining();
        if (pipelining) {
            say(lines);
        }
        List<SmtpReply> replies = new ArrayList<>();
        for (String line : lines) {
            if (!pipelining) {
                sendCommand(line);
            }
            SmtpReply reply = listen();
            replies.add(reply);
            if (reply.closed()) {
                break;
            }
        }
        return replies;
    }

    /**
     * Says lines without waiting for answers. They travel together: sent one by one, the second would wait for the
     * server's acknowledgement of the first.
     *
     * @param lines none but the last may begin with a dot
     */
    synchronized void say(List<String> lines) throws IOException, MessagingException {
        int last = lines.size() - 1;
        stream().write(String.join("\r\n", lines.subList(0, last)).getBytes(StandardCharsets.ISO_8859_1));
        if (last > 0) {
            stream().write('\n');
        }
        sendCommand(lines.get(last));
    }

    /**
     * Says the content of a mail after the server's go-ahead, with CR LF at the end of lines and dots doubled, up to but
     * not with the lone dot.
     *
     * @return octets, as good as
     * @throws IOException if the message could not be read or written; the server has not got all of it then
     */
    synchronized long content(MimeMessage message) throws IOException, MessagingException {
        SMTPOutputStream data = open();
        CountingOutputStream counted = new CountingOutputStream(data);
        message.writeTo(counted);
        data.ensureAtBOL();
        return counted.count();
    }

    /** Waits for the next answer. */
    synchronized SmtpReply listen() throws MessagingException {
        readServerResponse();
        String text = getLastServerResponse();
        return new SmtpReply(getLastReturnCode(), text == null ? "" : text);
    }

    boolean pipelining() {
        return supportsExtension("PIPELINING");
    }

    /** Whether content may be sent as counted octets (RFC 3030). */
    boolean chunking() {
        return supportsExtension("CHUNKING");
    }

    private OutputStream stream() throws MessagingException {
        if (stream == null) {
            stream = open();
        }
        return stream;
    }

    /** Angus hands its stream out only with DATA, which has been said already or is never going to be. */
    private SMTPOutputStream open() throws MessagingException {
        mute = true;
        try {
            return (SMTPOutputStream) data();
        } finally {
            mute = false;
        }
    }

    @Override
    protected void sendCommand(String line) throws MessagingException {
        if (!mute) {
            super.sendCommand(line);
        }
    }

    @Override
    protected int readServerResponse() throws MessagingException {
        return mute ? GO_AHEAD : super.readServerResponse();
    }
}
