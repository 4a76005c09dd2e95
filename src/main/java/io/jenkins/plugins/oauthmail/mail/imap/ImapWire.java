package io.jenkins.plugins.oauthmail.mail.imap;

import io.jenkins.plugins.oauthmail.mail.connect.ConnectionDeadline;
import io.jenkins.plugins.oauthmail.mail.connect.MailSession;
import io.jenkins.plugins.oauthmail.mail.connect.ProtocolTrace;
import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.connect.Xoauth2;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.eclipse.angus.mail.iap.Argument;
import org.eclipse.angus.mail.iap.ByteArray;
import org.eclipse.angus.mail.iap.CommandFailedException;
import org.eclipse.angus.mail.iap.ParsingException;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.eclipse.angus.mail.iap.Response;
import org.eclipse.angus.mail.imap.protocol.IMAPProtocol;
import org.eclipse.angus.mail.imap.protocol.IMAPResponse;
import org.eclipse.angus.mail.imap.protocol.ListInfo;
import org.eclipse.angus.mail.util.MailLogger;

/**
 * Angus' IMAP connection without Angus' store around it, which would log in with LOGIN where XOAUTH2 is missing, log in
 * again with an old token for each folder, and fetch piece by piece.
 */
public final class ImapWire extends IMAPProtocol {

    /** Dovecot's and Exchange's longest command line is 8192 octets; the rest of the line has room beside this. */
    private static final int MAX_INITIAL_RESPONSE = 8000;

    /** A login takes two continuations at most; a server that asks on and on is sent nothing more. */
    private static final int CONTINUATIONS = 3;

    /**
     * Octets of all responses to one command: beyond anything that is asked for here, and small beside a controller's
     * memory.
     */
    public static final long MAX_BYTES = 64L << 20;

    /** The same before the login, where anybody may be talking. */
    private static final long MAX_OCTETS_OF_STRANGERS = 64L << 10;

    private final ConnectionDeadline deadline;
    private final Timeouts timeouts;
    /** What Angus puts in front of its commands. */
    private static final Pattern TAG = Pattern.compile("[A-Z]{1,3}\\d+");

    /** Angus has understood any number that it could, so that this is one of more than 31 bits. */
    private static final Pattern NUMBER = Pattern.compile("-?\\d+");

    private String challenge = "";

    // Without initial values, which would be set after the greeting was read in the constructor above.
    private ResponseBuffer buffer;
    private long octets;
    private volatile long excess;
    private volatile String nonsense;
    private boolean asked;
    private boolean exchange;
    /** Of the last command; null while it is being sent. */
    private String tag;

    private volatile boolean idleBegins;
    private boolean known;

    /**
     * Connects and reads the greeting.
     *
     * @param deadline whose phase covers this and what follows until the login; from then on each command is one
     */
    public ImapWire(Endpoint endpoint, Timeouts timeouts, ConnectionDeadline deadline)
            throws IOException, ProtocolException {
        super(
                MailSession.IMAP,
                endpoint.host(),
                endpoint.port(),
                MailSession.properties(MailSession.IMAP, endpoint, timeouts, deadline),
                endpoint.security() == Security.TLS,
                new MailLogger(ProtocolTrace.silence(ImapWire.class), "DEBUG IMAP", false, null));
        this.deadline = deadline;
        this.timeouts = timeouts;
    }

    /**
     * AUTHENTICATE XOAUTH2, with the token in the same line if the server takes that (RFC 4959).
     *
     * @return the server's last word, OK or not
     * @throws IOException if the connection is lost
     */
    public synchronized Response authenticate(String user, String token) throws IOException, ProtocolException {
        deadline.begin(timeouts.login());
        try {
            String response = Xoauth2.response(user, token);
            boolean oneStep = hasCapability("SASL-IR") && response.length() <= MAX_INITIAL_RESPONSE;
            Response last = attempt(response, oneStep);
            if (oneStep && last.isBAD()) {
                last = attempt(response, false);
            }
            known = last.isOK();
            return last;
        } finally {
            deadline.end();
        }
    }

    @Override
    protected void processGreeting(Response greeting) throws ProtocolException {
        exchange = ExchangeQuirks.greets(greeting.toString());
        super.processGreeting(greeting);
    }

    /** Whether it is Exchange, with its {@link ExchangeQuirks}. */
    boolean isExchange() {
        return exchange || hasCapability("CLIENTACCESSRULES");
    }

    /** What the server explained when it refused the token, empty for nothing. */
    synchronized String challenge() {
        return challenge;
    }

    private Response attempt(String response, boolean oneStep) throws IOException, ProtocolException {
        Argument arguments = new Argument().writeAtom(Xoauth2.MECHANISM);
        if (oneStep) {
            arguments.writeAtom(response);
        }
        String tag = writeCommand("AUTHENTICATE", arguments);
        boolean sent = oneStep;
        int continuations = 0;
        while (true) {
            Response last = readResponse();
            if (last.isBYE() || last.isTagged() && tag.equals(last.getTag())) {
                return last;
            }
            if (!last.isContinuation()) {
                continue;
            }
            if (++continuations > CONTINUATIONS) {
                throw new ProtocolException("the login does not come to an end");
            }
            if (sent) {
                // The token was refused and this says why; the server waits for an empty line before it says NO.
                challenge = Xoauth2.challenge(last.getRest());
            }
            say(sent ? "" : response);
            sent = true;
        }
    }

    private void say(String line) throws IOException {
        OutputStream out = getOutputStream();
        out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /** Adds the name of a folder, encoded as the server wants it. */
    Argument mailbox(Argument arguments, String folder) {
        writeMailboxName(arguments, folder);
        return arguments;
    }

    /** Says good-bye without waiting for the answer, and closes the connection. */
    public void leave() {
        deadline.begin(Timeouts.CLOSING);
        try {
            writeCommand("LOGOUT", null);
        } catch (IOException | ProtocolException e) {
            // The connection is as good as closed.
        } finally {
            disconnect();
            deadline.release();
        }
    }

    /** How many octets the server wanted to answer a command with, 0 if it never were too many. */
    long excess() {
        return excess;
    }

    @Override
    public String writeCommand(String command, Argument arguments) throws IOException, ProtocolException {
        octets = 0;
        asked = true;
        tag = null;
        tag = super.writeCommand(command, arguments);
        return tag;
    }

    /**
     * Why nothing more can be read though the connection did not break: the server spoke out of turn, which Exchange does
     * when it is not well, or announced what cannot be. Null for neither.
     */
    String nonsense() {
        return nonsense;
    }

    /** @throws IOException if the response belongs to no command, or counts mails as nobody can */
    private void check(Response response) throws IOException {
        if (asked && response.isTagged() && !isOurs(response)) {
            throw nonsense(response.toString());
        }
        if (response instanceof IMAPResponse told
                && told.isUnTagged()
                && told.getKey() != null
                && (NUMBER.matcher(told.getKey()).matches() || told.getNumber() < 0 || isZero(told))) {
            throw nonsense(response.toString());
        }
    }

    /** @throws IOException if where the response ends is not where the server believes it to end */
    private void checkLengths() throws IOException {
        long length = LiteralLengths.check(buffer.getBytes(), buffer.getCount());
        if (length == LiteralLengths.IMPOSSIBLE) {
            throw nonsense("a literal of an impossible length");
        }
        if (length > 0) {
            throw tooMany(octets + length);
        }
    }

    /** While a command with literals is being sent, its tag is not known yet. */
    private boolean isOurs(Response response) {
        return tag == null ? TAG.matcher(response.getTag()).matches() : tag.equals(response.getTag());
    }

    /** Mails are counted from 1. */
    private static boolean isZero(IMAPResponse told) {
        return told.getNumber() == 0 && (told.keyEquals("FETCH") || told.keyEquals("EXPUNGE"));
    }

    private IOException nonsense(String what) {
        nonsense = what;
        return new IOException(what);
    }

    /** Without a word about it nobody knows what the server can do; what it said before TLS anybody may have said. */
    @Override
    public void capability() throws ProtocolException {
        Response[] responses = command("CAPABILITY", null);
        handleResult(responses[responses.length - 1]);
        if (!ServerAnswer.of(responses).tells("CAPABILITY")) {
            throw new ProtocolException("OK to CAPABILITY without saying what it can do");
        }
        handleCapabilityResponse(responses);
    }

    @Override
    public synchronized Response[] command(String command, Argument arguments) {
        if (!known) {
            return super.command(command, arguments);
        }
        deadline.begin(timeouts.command(), MAX_BYTES);
        try {
            return super.command(command, arguments);
        } finally {
            deadline.end();
        }
    }

    private long most() {
        return known ? MAX_BYTES : MAX_OCTETS_OF_STRANGERS;
    }

    @Override
    protected ByteArray getResponseBuffer() {
        buffer = new ResponseBuffer(most() - octets);
        return buffer;
    }

    /**
     * A mail may nest so deep that reading its structure runs out of stack, and Angus trips over the end of some
     * responses; that must cost this response only. After one that was not read to its end, nothing can be read.
     */
    @Override
    public Response readResponse() throws IOException, ProtocolException {
        if (octets > most()) {
            // Many small responses: none of them asks for more room than it is given.
            throw tooMany(octets);
        }
        try {
            Response response = readWhole();
            check(response);
            if (idleBegins && response.isTagged()) {
                throw new IdleRefused(response);
            }
            return response;
        } catch (IdleRefused e) {
            throw e;
        } catch (StackOverflowError e) {
            throw new ParsingException("nested too deep");
        } catch (RuntimeException e) {
            if (buffer.complete()) {
                throw new ParsingException("not a response: " + e);
            }
            throw tooMany(octets + buffer.wanted());
        } finally {
            octets += buffer.getBytes().length;
        }
    }

    private IOException tooMany(long wanted) {
        excess = wanted;
        return new IOException("the server answers with " + wanted + " octets");
    }

    private Response readWhole() throws IOException, ProtocolException {
        try {
            return super.readResponse();
        } finally {
            if (buffer.complete()) {
                checkLengths();
            }
        }
    }

    /** Angus waits for the go-ahead, also of a server that has refused. */
    @Override
    public synchronized void idleStart() throws ProtocolException {
        deadline.begin(timeouts.command());
        idleBegins = true;
        try {
            super.idleStart();
        } catch (IdleRefused refused) {
            throw new CommandFailedException(refused.response);
        } finally {
            idleBegins = false;
            deadline.end();
        }
    }

    @Override
    public ListInfo[] list(String reference, String pattern) throws ProtocolException {
        try {
            return super.list(reference, pattern);
        } catch (RuntimeException e) {
            throw new ParsingException("not an answer to LIST: " + e);
        }
    }

    @Override
    public void login(String user, String password) throws ProtocolException {
        throw onlyXoauth2();
    }

    @Override
    public synchronized void authlogin(String user, String password) throws ProtocolException {
        throw onlyXoauth2();
    }

    @Override
    public synchronized void authplain(String authzid, String user, String password) throws ProtocolException {
        throw onlyXoauth2();
    }

    @Override
    public synchronized void authntlm(String authzid, String user, String password) throws ProtocolException {
        throw onlyXoauth2();
    }

    @Override
    public synchronized void authoauth2(String user, String token) throws ProtocolException {
        // Angus would answer the challenge with the token once more.
        throw onlyXoauth2();
    }

    private static ProtocolException onlyXoauth2() {
        return new ProtocolException("this connection logs in with its own XOAUTH2 only");
    }

    /** Unchecked, or Angus would go on waiting. */
    private static final class IdleRefused extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Response response;

        IdleRefused(Response response) {
            this.response = response;
        }
    }
}
