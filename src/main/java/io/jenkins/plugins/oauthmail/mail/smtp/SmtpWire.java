package io.jenkins.plugins.oauthmail.mail.smtp;

import io.jenkins.plugins.oauthmail.mail.connect.ConnectFailure;
import io.jenkins.plugins.oauthmail.mail.connect.ConnectionDeadline;
import io.jenkins.plugins.oauthmail.mail.connect.CountingOutputStream;
import io.jenkins.plugins.oauthmail.mail.connect.MailSession;
import io.jenkins.plugins.oauthmail.mail.connect.SmtpReply;
import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.eclipse.angus.mail.smtp.SMTPOutputStream;
import org.eclipse.angus.mail.util.SocketFetcher;

/**
 * SMTP over one connection, line by line. Angus creates the sockets and TLS, as for IMAP. Its transport is not used,
 * because it reads replies of any length, takes any text for a reply, and hides replies that belong to no command.
 */
final class SmtpWire {

    private static final String PREFIX = "mail." + MailSession.SMTP;

    private final Endpoint endpoint;
    private final Timeouts timeouts;
    private final ConnectionDeadline deadline;
    private final Properties properties;
    private final Map<String, String> extensions = new HashMap<>();
    private boolean exchange;
    private Socket socket;
    private SmtpReplies replies;
    private OutputStream out;

    private SmtpWire(Endpoint endpoint, Timeouts timeouts, ConnectionDeadline deadline) {
        this.endpoint = endpoint;
        this.timeouts = timeouts;
        this.deadline = deadline;
        this.properties = MailSession.properties(MailSession.SMTP, endpoint, timeouts, deadline);
    }

    /**
     * Connects, sets up TLS as the endpoint requires, and reads the server's capabilities.
     *
     * @throws IOException if there is no connection, or the server does not speak SMTP
     * @throws MailFailure if the server refuses
     */
    static SmtpWire open(Endpoint endpoint, Timeouts timeouts, ConnectionDeadline deadline)
            throws IOException, MailFailure {
        SmtpWire wire = new SmtpWire(endpoint, timeouts, deadline);
        boolean open = false;
        deadline.begin(timeouts.opening());
        try {
            wire.open();
            open = true;
            return wire;
        } finally {
            deadline.end();
            if (!open) {
                wire.close(false);
            }
        }
    }

    private void open() throws IOException, MailFailure {
        boolean tls = endpoint.security() == Security.TLS;
        use(SocketFetcher.getSocket(endpoint.host(), endpoint.port(), properties, PREFIX, tls));
        SmtpReply greeting = replies.next();
        if (greeting.code() != 220) {
            throw ConnectFailure.greeted(endpoint, greeting);
        }
        exchange = ExchangeQuirks.isExchange(endpoint, greeting);
        learn();
        if (endpoint.security() == Security.STARTTLS) {
            startTls();
            learn();
        }
    }

    private void use(Socket next) throws IOException {
        socket = next;
        replies = new SmtpReplies(next.getInputStream());
        out = new BufferedOutputStream(next.getOutputStream(), 16 * 1024);
    }

    private void learn() throws IOException, MailFailure {
        extensions.clear();
        SmtpReply reply = exchange(hello());
        if (reply.code() != 250) {
            throw ConnectFailure.greeted(endpoint, reply);
        }
        extensions.putAll(extensions(reply));
    }

    private static Map<String, String> extensions(SmtpReply reply) {
        Map<String, String> extensions = new HashMap<>();
        reply.text().lines().skip(1).forEach(line -> {
            String[] words = line.substring(Math.min(4, line.length())).strip().split("\\s+", 2);
            String parameters = words.length > 1 ? words[1] : "";
            extensions.merge(CaseFolding.asciiLower(words[0]), parameters, (one, other) -> one + " " + other);
        });
        return extensions;
    }

    /**
     * The EHLO command, whose reply cannot be mistaken for another one. After it, client and server are in step again,
     * and the session is reset (RFC 5321 section 4.1.4).
     */
    String hello() {
        return "EHLO " + properties.getProperty(PREFIX + ".localhost");
    }

    /** Whether this is the reply to {@link #hello} and cannot be any other. */
    boolean answersHello(SmtpReply reply) {
        return reply.code() == 250 && extensions(reply).keySet().stream().anyMatch(extensions::containsKey);
    }

    private void startTls() throws IOException, MailFailure {
        if (!supports("STARTTLS")) {
            throw ConnectFailure.startTlsMissing(endpoint);
        }
        SmtpReply reply = exchange("STARTTLS");
        if (reply.code() != 220) {
            throw ConnectFailure.startTlsRefused(endpoint, reply);
        }
        checkInStep();
        use(SocketFetcher.startTLS(socket, endpoint.host(), properties, PREFIX));
    }

    boolean supports(String extension) {
        return extensions.containsKey(CaseFolding.asciiLower(extension));
    }

    /** The parameters of an extension in the reply to EHLO, empty for none; null if the server does not support it. */
    String parameters(String extension) {
        return extensions.get(CaseFolding.asciiLower(extension));
    }

    boolean pipelining() {
        return supports("PIPELINING");
    }

    /** Whether the server is Exchange; see {@link ExchangeQuirks}. */
    boolean exchange() {
        return exchange;
    }

    /** Whether the content may be sent with BDAT (RFC 3030). Exchange offers it, but sometimes stalls. */
    boolean chunking() {
        return supports("CHUNKING") && !exchange;
    }

    /** Begins a phase that lasts until {@link #endPhase}. */
    void beginPhase(Duration time) {
        deadline.begin(time);
    }

    void endPhase() {
        deadline.end();
    }

    Timeouts timeouts() {
        return timeouts;
    }

    /** @throws BrokenConversation if the server has sent a reply that belongs to no command */
    void checkInStep() throws IOException {
        if (pending()) {
            throw new BrokenConversation(Messages.SmtpWire_unasked());
        }
    }

    /** Whether the server has sent a reply that belongs to no command. Only bytes that have already arrived count. */
    boolean pending() throws IOException {
        if (replies.buffered()) {
            return true;
        }
        if (!deadline.arrived()) {
            return false;
        }
        // With TLS, it may also be a session ticket or the end of the session.
        socket.setSoTimeout(1);
        try {
            return replies.peek();
        } catch (SocketTimeoutException e) {
            return false;
        } finally {
            socket.setSoTimeout(timeouts.read());
        }
    }

    /** Sends a command and waits for the reply. */
    SmtpReply command(String line) throws IOException {
        return group(List.of(line)).get(0);
    }

    /**
     * Sends several commands, together if the server supports PIPELINING (RFC 2920), otherwise one after another.
     *
     * @return the reply to each command
     */
    List<SmtpReply> group(List<String> lines) throws IOException {
        deadline.begin(timeouts.command());
        try {
            List<SmtpReply> answers = new ArrayList<>();
            if (pipelining()) {
                checkInStep();
                say(lines, "");
                while (answers.size() < lines.size()) {
                    answers.add(next(answers));
                }
            } else {
                for (String line : lines) {
                    answers.add(exchange(line));
                }
            }
            return answers;
        } finally {
            deadline.end();
        }
    }

    /** A server that closes the connection with a 421 says nothing else, so that is its reply to the rest of a group. */
    private SmtpReply next(List<SmtpReply> before) throws IOException {
        try {
            return replies.next();
        } catch (BrokenConversation e) {
            throw e;
        } catch (IOException e) {
            SmtpReply last = before.isEmpty() ? null : before.get(before.size() - 1);
            if (last == null || !last.closing()) {
                throw e;
            }
            return last;
        }
    }

    /** Same as {@link #command}, within the current phase. */
    SmtpReply exchange(String line) throws IOException {
        checkInStep();
        say(List.of(line), "");
        return replies.next();
    }

    /**
     * Sends lines, and text after them, without waiting for replies. Everything is sent in one write: with separate
     * writes, the second one would wait until the server has acknowledged the first.
     */
    void say(List<String> lines, String more) throws IOException {
        for (String line : lines) {
            if (line.indexOf('\r') >= 0 || line.indexOf('\n') >= 0) {
                throw new IllegalStateException("a command is one line");
            }
        }
        out.write((String.join("\r\n", lines) + "\r\n" + more).getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    /**
     * Sends the content of a message after the server's 354, with CR LF line ends and doubled dots, but without the
     * final dot.
     *
     * @param size approximate size in bytes
     * @return approximate number of bytes sent
     * @throws IOException if the message could not be read or written; the server has not received all of it then
     */
    long content(MimeMessage message, long size) throws IOException, MessagingException {
        deadline.begin(timeouts.command(), 2 * size);
        try {
            SMTPOutputStream data = new SMTPOutputStream(out);
            CountingOutputStream counted = new CountingOutputStream(data);
            message.writeTo(counted);
            data.ensureAtBOL();
            return counted.count();
        } finally {
            deadline.end();
        }
    }

    /** Waits for the next reply. */
    SmtpReply listen() throws IOException {
        return replies.next();
    }

    /** Lets the server be silent for as long as the phase allows. */
    void allowSilence() throws IOException {
        socket.setSoTimeout(0);
    }

    /** Undoes {@link #allowSilence}. */
    void limitSilence() throws IOException {
        socket.setSoTimeout(timeouts.read());
    }

    /** @param orderly whether the server expects a command, so that QUIT can be sent */
    void close(boolean orderly) {
        deadline.begin(Timeouts.CLOSING);
        try {
            if (socket != null) {
                if (orderly) {
                    say(List.of("QUIT"), "");
                } else {
                    // TLS would first read what a server that does not stop is sending.
                    deadline.drop();
                }
                socket.close();
            }
        } catch (IOException e) {
            // The connection is closed in any case.
            deadline.close();
        } finally {
            deadline.release();
        }
    }
}
