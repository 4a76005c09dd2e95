package io.jenkins.plugins.oauthmail.mail.imap;

import edu.umd.cs.findbugs.annotations.CheckForNull;
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
import java.time.Duration;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.angus.mail.iap.Argument;
import org.eclipse.angus.mail.iap.ByteArray;
import org.eclipse.angus.mail.iap.CommandFailedException;
import org.eclipse.angus.mail.iap.ParsingException;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.eclipse.angus.mail.iap.Response;
import org.eclipse.angus.mail.imap.protocol.FetchItem;
import org.eclipse.angus.mail.imap.protocol.IMAPProtocol;
import org.eclipse.angus.mail.imap.protocol.IMAPResponse;
import org.eclipse.angus.mail.imap.protocol.ListInfo;
import org.eclipse.angus.mail.util.MailLogger;

/**
 * The IMAP connection of Angus without the Angus store around it. The store would log in with LOGIN if XOAUTH2 is
 * missing, log in again with an old token for each folder, and fetch everything in small pieces.
 */
public final class ImapWire extends IMAPProtocol {

    /** Dovecot and Exchange limit command lines to 8192 octets; the difference leaves room for the rest of the line. */
    private static final int MAX_INITIAL_RESPONSE = 8000;

    /** The property that carries remembered capabilities to the constructor of the superclass. */
    private static final String REMEMBERED = "oauth-mail.capabilities";

    /** A login takes two continuations at most. If the server requests more, it gets no answer. */
    private static final int CONTINUATIONS = 3;

    /**
     * The maximum size of all responses to one command, in bytes: more than any command here needs, and little compared
     * with the memory of a controller.
     */
    public static final long MAX_BYTES = 64L << 20;

    /**
     * The maximum size of what describes messages in all responses to one command, such as their structure, in bytes.
     * Parsed, it takes up to nine times as much memory, while the content of literals takes no more than that.
     */
    public static final long MAX_DESCRIPTION_BYTES = 12L << 20;

    /** The description of a usual message, which does not count: there may be hundreds of thousands of dates. */
    private static final int USUAL_DESCRIPTION_BYTES = 1024;

    /** {@link #MAX_BYTES} before the login, when the other side may be anybody. */
    private static final long MAX_OCTETS_OF_STRANGERS = 64L << 10;

    /** How long a server may be silent when a connection is used that was idle for a while. */
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(20);

    private final ConnectionDeadline deadline;
    private final Timeouts timeouts;
    /** The tags that Angus puts in front of its commands. */
    private static final Pattern TAG = Pattern.compile("[A-Z]{1,3}\\d+");

    /** Angus parses each number that it can, so an unparsed one has more than 31 bits. */
    private static final Pattern NUMBER = Pattern.compile("-?\\d+");

    private String challenge = "";

    // Must not have initializers, which would run after the constructor of the superclass, which reads the greeting.
    private ResponseBuffer buffer;
    private long octets;
    private long described;
    private volatile long excess;
    private volatile long limit;
    private volatile String nonsense;
    private boolean asked;
    private boolean exchange;
    /** Tag of the last command; null while a command is being sent. */
    private String tag;

    private volatile boolean idleBegins;
    private boolean known;
    /** Tags of commands that were sent with {@link #send} and are not completed. */
    private Set<String> underWay;

    private boolean kept;

    /**
     * Connects and reads the greeting.
     *
     * @param deadline the current phase covers this and everything up to the login; after that, each command is a phase
     */
    public ImapWire(Endpoint endpoint, Timeouts timeouts, ConnectionDeadline deadline)
            throws IOException, ProtocolException {
        this(endpoint, timeouts, deadline, null);
    }

    /**
     * Same as {@link #ImapWire(Endpoint, Timeouts, ConnectionDeadline)}.
     *
     * @param capabilities what the server said earlier, so that it is not asked again; null to ask it
     */
    ImapWire(Endpoint endpoint, Timeouts timeouts, ConnectionDeadline deadline, @CheckForNull String capabilities)
            throws IOException, ProtocolException {
        super(
                MailSession.IMAP,
                endpoint.host(),
                endpoint.port(),
                properties(endpoint, timeouts, deadline, capabilities),
                endpoint.security() == Security.TLS,
                new MailLogger(ProtocolTrace.silence(ImapWire.class), "DEBUG IMAP", false, null));
        this.deadline = deadline;
        this.timeouts = timeouts;
    }

    /**
     * AUTHENTICATE XOAUTH2, with the token on the same line if the server supports that (RFC 4959).
     *
     * @return the final response of the server, OK or not
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

    private static Properties properties(
            Endpoint endpoint, Timeouts timeouts, ConnectionDeadline deadline, String capabilities) {
        Properties properties = MailSession.properties(MailSession.IMAP, endpoint, timeouts, deadline);
        if (capabilities != null) {
            properties.setProperty(REMEMBERED, capabilities);
        }
        return properties;
    }

    @Override
    protected void processGreeting(Response greeting) throws ProtocolException {
        exchange = ExchangeQuirks.greets(greeting.toString());
        super.processGreeting(greeting);
        String remembered = props.getProperty(REMEMBERED);
        if (remembered != null && getCapabilities() == null) {
            remember(remembered);
        }
    }

    /** Takes this for what the server says about its capabilities. */
    void remember(String capabilities) throws ProtocolException {
        try {
            handleCapabilityResponse(new Response[] {new IMAPResponse("* CAPABILITY " + capabilities)});
        } catch (IOException e) {
            throw new ProtocolException("not capabilities", e);
        }
    }

    /** What the server said about its capabilities, in the form of {@link #remember}. */
    String announced() {
        return String.join(" ", getCapabilities().values());
    }

    /** Whether a command may contain literals without waiting for the server (RFC 7888). */
    boolean takesLiteralsAtOnce() {
        return supportsNonSyncLiterals();
    }

    /** Whether the server is Exchange, to which {@link ExchangeQuirks} apply. */
    boolean isExchange() {
        return exchange || hasCapability("CLIENTACCESSRULES");
    }

    /** The details that the server sent when it refused the token; empty for none. */
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
                // The server has refused the token, and this says why; it waits for an empty line before it sends NO.
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

    /** Adds a folder name, encoded as the server requires. */
    Argument mailbox(Argument arguments, String folder) {
        writeMailboxName(arguments, folder);
        return arguments;
    }

    /** Sends LOGOUT without waiting for the answer, and closes the connection. */
    public void leave() {
        deadline.begin(Timeouts.CLOSING);
        try {
            writeCommand("LOGOUT", null);
        } catch (IOException | ProtocolException e) {
            // The connection is closed in any case.
        } finally {
            disconnect();
            deadline.release();
        }
    }

    /**
     * Sends a command without waiting for an answer, which is read with {@link #next}. A synchronizing literal would
     * lose data of commands that are under way, so a command with one must be sent alone.
     */
    synchronized String send(String command, Argument arguments) throws IOException, ProtocolException {
        deadline.begin(timeouts.command());
        try {
            String sent = writeCommand(command, arguments);
            if (underWay == null) {
                underWay = new HashSet<>();
            }
            underWay.add(sent);
            return sent;
        } finally {
            deadline.end();
        }
    }

    /** Must be called before {@link #next}, and again after each completed command: an answer is a phase. */
    synchronized void beginAnswer() {
        if (kept) {
            Duration command = timeouts.command();
            deadline.begin(command.compareTo(SIGN_OF_LIFE) < 0 ? command : SIGN_OF_LIFE);
        } else {
            deadline.begin(timeouts.command(), MAX_BYTES);
        }
    }

    void endAnswer() {
        deadline.end();
    }

    /** The next response to commands that were sent with {@link #send}. Responses that cannot be parsed are skipped. */
    synchronized Response next() throws IOException {
        while (true) {
            try {
                Response response = readResponse();
                if (kept) {
                    kept = false;
                    beginAnswer();
                }
                if (response.isTagged()) {
                    underWay.remove(response.getTag());
                }
                return response;
            } catch (ProtocolException e) {
                // Data that is needed will be missed by whoever needs it.
                continue;
            }
        }
    }

    /** Must be called when what was read so far is no longer in memory: it counts towards the limit until then. */
    synchronized void forgetSize() {
        octets = 0;
        described = 0;
    }

    /**
     * Must be called before a connection is used again after a while: the other side may have vanished without a word,
     * so its next sign of life is waited for less long.
     */
    synchronized void reuse() {
        kept = true;
    }

    /** The size of the answer that was refused because it was too large, in bytes; 0 if there was none. */
    long excess() {
        return excess;
    }

    /** The size that the answer exceeded, in bytes. */
    long limit() {
        return limit;
    }

    @Override
    public String writeCommand(String command, Argument arguments) throws IOException, ProtocolException {
        octets = 0;
        described = 0;
        asked = true;
        tag = null;
        tag = super.writeCommand(command, arguments);
        return tag;
    }

    /**
     * Why nothing more can be read although the connection was not lost: the server sent something out of turn, which
     * Exchange does during problems, or announced something impossible. Null if neither happened.
     */
    String nonsense() {
        return nonsense;
    }

    /** @throws IOException if the response belongs to no command, or contains an impossible number */
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

    /** @throws IOException if the response, as parsed by Angus, does not end where the server means it to end */
    private void checkLengths() throws IOException {
        long length = LiteralLengths.check(buffer.getBytes(), buffer.getCount());
        if (length == LiteralLengths.IMPOSSIBLE) {
            throw nonsense("a literal of an impossible length");
        }
        if (length > 0) {
            throw tooMany(octets + length, most());
        }
    }

    /** While a command with literals is being sent, its tag is not known yet. */
    private synchronized boolean isOurs(Response response) {
        return tag == null
                ? TAG.matcher(response.getTag()).matches()
                : tag.equals(response.getTag()) || underWay != null && underWay.contains(response.getTag());
    }

    /** Sequence numbers begin with 1. */
    private static boolean isZero(IMAPResponse told) {
        return told.getNumber() == 0 && (told.keyEquals("FETCH") || told.keyEquals("EXPUNGE"));
    }

    private IOException nonsense(String what) {
        nonsense = what;
        return new IOException(what);
    }

    /** The server must say what its capabilities are; those that it announced before TLS may have come from anybody. */
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
     * A message may be nested so deeply that parsing its structure overflows the stack, and Angus fails at the end of
     * some responses. That only invalidates this one response. But if a response was not read to its end, nothing after
     * it can be read.
     */
    @Override
    public Response readResponse() throws IOException, ProtocolException {
        if (octets > most()) {
            // Many small responses; none of them exceeds the limit by itself.
            throw tooMany(octets, most());
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
        } catch (TooLongDescription e) {
            throw tooMany(described, MAX_DESCRIPTION_BYTES);
        } catch (StackOverflowError e) {
            throw new ParsingException("nested too deep");
        } catch (RuntimeException e) {
            if (buffer.complete()) {
                throw new ParsingException("not a response: " + e);
            }
            throw tooMany(octets + buffer.wanted(), most());
        } finally {
            octets += buffer.getBytes().length;
        }
    }

    /** Angus calls this when it has read an answer to FETCH and is about to parse it. */
    @Override
    public FetchItem[] getFetchItems() {
        long size = LiteralLengths.outside(buffer.getBytes(), buffer.getCount());
        described += Math.max(0, size - USUAL_DESCRIPTION_BYTES);
        if (described > MAX_DESCRIPTION_BYTES) {
            throw new TooLongDescription();
        }
        return super.getFetchItems();
    }

    private IOException tooMany(long wanted, long most) {
        limit = most;
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

    /** Angus waits for the continuation even if the server has refused. */
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
        // Angus would answer the challenge by sending the token again.
        throw onlyXoauth2();
    }

    private static ProtocolException onlyXoauth2() {
        return new ProtocolException("this connection logs in with its own XOAUTH2 only");
    }

    /** Unchecked, because the method that throws it may throw nothing else. */
    private static final class TooLongDescription extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Unchecked, because Angus would otherwise keep waiting. */
    private static final class IdleRefused extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Response response;

        IdleRefused(Response response) {
            this.response = response;
        }
    }
}
