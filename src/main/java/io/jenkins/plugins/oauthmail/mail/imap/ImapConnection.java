package io.jenkins.plugins.oauthmail.mail.imap;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.oauthmail.mail.connect.ConnectFailure;
import io.jenkins.plugins.oauthmail.mail.connect.ConnectionDeadline;
import io.jenkins.plugins.oauthmail.mail.connect.ImapRefusal;
import io.jenkins.plugins.oauthmail.mail.connect.KnownReply;
import io.jenkins.plugins.oauthmail.mail.connect.MailFailures;
import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.connect.Xoauth2;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.angus.mail.iap.Argument;
import org.eclipse.angus.mail.iap.BadCommandException;
import org.eclipse.angus.mail.iap.CommandFailedException;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.eclipse.angus.mail.iap.Response;
import org.eclipse.angus.mail.imap.protocol.BODY;
import org.eclipse.angus.mail.imap.protocol.FetchResponse;
import org.eclipse.angus.mail.imap.protocol.ListInfo;

/** A connection to an IMAP server: open it, log in, open one folder after another, close it. */
public final class ImapConnection implements AutoCloseable {

    private final ImapWire wire;
    private final Endpoint endpoint;
    private final ConnectionDeadline deadline;
    private final Pipeline pipeline;
    /** Null for no limit. */
    private ReadDeadline time;
    /** Whether something was done that must not be repeated over another connection. */
    private boolean committed;

    private boolean asked;
    private boolean portions;
    /** See {@link Mailbox#mark}; null before the login. */
    private String mailbox;
    /** Whether a command has succeeded for this mailbox, which shows that access to it is permitted. */
    private boolean worked;

    private ImapConnection(ImapWire wire, Endpoint endpoint, ConnectionDeadline deadline, ReadDeadline time) {
        this.wire = wire;
        this.endpoint = endpoint;
        this.deadline = deadline;
        this.pipeline = new Pipeline(wire);
        this.time = time;
    }

    /**
     * Same as {@link #open(Endpoint, Timeouts, ConnectionDeadline, ReadDeadline)}, without a limit for the whole work.
     */
    public static ImapConnection open(Endpoint endpoint, Timeouts timeouts) throws MailFailure {
        return open(endpoint, timeouts, new ConnectionDeadline(), null);
    }

    /**
     * Connects, sets up TLS as the endpoint requires, and reads the server's capabilities.
     *
     * @param deadline a new one, with which any thread can close the connection at once
     * @param time when to close the connection, whatever it is doing; null for never
     * @throws MailFailure if the connection could not be opened; an interrupted thread stays interrupted
     */
    public static ImapConnection open(
            Endpoint endpoint, Timeouts timeouts, ConnectionDeadline deadline, ReadDeadline time) throws MailFailure {
        return open(endpoint, timeouts, deadline, time, null);
    }

    /**
     * Same as {@link #open(Endpoint, Timeouts, ConnectionDeadline, ReadDeadline)}.
     *
     * @param capabilities what the server said earlier, see {@link KnownCapabilities}; null to ask it
     */
    static ImapConnection open(
            Endpoint endpoint,
            Timeouts timeouts,
            ConnectionDeadline deadline,
            ReadDeadline time,
            @CheckForNull String capabilities)
            throws MailFailure {
        ImapWire wire = null;
        deadline.begin(timeouts.opening());
        if (time != null) {
            deadline.limit(time.left());
        }
        boolean open = false;
        try {
            boolean startTls = endpoint.security() == Security.STARTTLS;
            wire = new ImapWire(endpoint, timeouts, deadline, startTls ? null : capabilities);
            if (wire.isAuthenticated()) {
                // We have not logged in yet; and with a PREAUTH, a man in the middle could prevent STARTTLS (RFC 3501
                // section 6.2.1).
                throw new MailFailure(Layer.TLS, Messages.ImapConnection_preauth(endpoint));
            }
            if (startTls) {
                startTls(wire, endpoint, capabilities);
            }
            deadline.end();
            open = true;
            return new ImapConnection(wire, endpoint, deadline, time);
        } catch (IOException | ProtocolException e) {
            MailFailure ended =
                    deadline.reason() == ConnectionDeadline.Reason.PHASE ? null : ended(endpoint, deadline, time);
            throw ended != null ? ended : opening(endpoint, e, deadline);
        } finally {
            if (!open) {
                if (wire != null) {
                    wire.disconnect();
                }
                deadline.release();
            }
        }
    }

    /** Why we closed the connection ourselves; null if we did not. */
    private static MailFailure ended(Endpoint endpoint, ConnectionDeadline deadline, ReadDeadline time) {
        if (Thread.currentThread().isInterrupted()) {
            return ReadDeadline.stopped();
        }
        if (deadline.reason() == ConnectionDeadline.Reason.LIMIT) {
            return time.over();
        }
        return deadline.reason() == null ? null : ConnectFailure.ended(endpoint, deadline.reason());
    }

    /** Before the login. Distinguishes what the server says from responses that are not valid IMAP. */
    private static MailFailure opening(Endpoint endpoint, Exception e, ConnectionDeadline deadline) {
        Response response = e instanceof ProtocolException refused ? refused.getResponse() : null;
        if (response != null && response.getException() == null) {
            String said = said((ProtocolException) e);
            if (ImapRefusal.of(said).isTemporary()) {
                return MailFailures.notNow(endpoint, said, e);
            }
        }
        return ConnectFailure.opening(endpoint, e, deadline);
    }

    private static void startTls(ImapWire wire, Endpoint endpoint, String capabilities)
            throws MailFailure, ProtocolException {
        if (!wire.hasCapability("STARTTLS")) {
            throw ConnectFailure.startTlsMissing(endpoint);
        }
        try {
            wire.startTLS();
        } catch (CommandFailedException | BadCommandException e) {
            throw ConnectFailure.startTlsRefused(endpoint, said(e));
        }
        // Anybody may have sent the capabilities that were received before TLS.
        if (capabilities == null) {
            wire.capability();
        } else {
            wire.remember(capabilities);
        }
    }

    void login(String user, String token) throws MailFailure {
        if (!wire.hasCapability("AUTH=" + Xoauth2.MECHANISM)) {
            throw MailFailures.noXoauth2(
                    endpoint, String.join(" ", wire.getCapabilities().keySet()));
        }
        Response last;
        try {
            last = wire.authenticate(user, token);
        } catch (IOException | ProtocolException e) {
            MailFailure ended = ended(endpoint, deadline, time);
            throw ended != null
                    ? ended
                    : ConnectFailure.lostAtLogin(
                            endpoint, wire.nonsense() == null ? wire.challenge() : wire.nonsense());
        }
        if (last.isBYE()) {
            throw ConnectFailure.lostAtLogin(endpoint, last.getRest());
        }
        if (!last.isOK() && ImapRefusal.of(last.getRest()).isTemporary()) {
            throw MailFailures.reading(
                    Layer.LOGIN, Messages.MailFailures_notLoggedIn(endpoint, user), last.getRest(), false);
        }
        if (!last.isOK()) {
            throw MailFailures.login(endpoint, user, last.getRest(), wire.challenge());
        }
        mailbox = Mailbox.mark(user, endpoint.toString());
    }

    /** Logs in; closes the connection if that fails. */
    public ImapConnection loggedIn(String user, String token) throws MailFailure {
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

    /** Opens a folder read-only (EXAMINE), so that fetching never changes a flag. */
    public ImapFolder examine(String name) throws MailFailure {
        return open("EXAMINE", name, new Ahead(null));
    }

    /** Same as {@link #examine(String)}; sends more commands together with EXAMINE. */
    ImapFolder examine(String name, Ahead ahead) throws MailFailure {
        return open("EXAMINE", name, ahead);
    }

    /** Opens a folder for changes (SELECT). */
    public ImapFolder select(String name) throws MailFailure {
        return open("SELECT", name, new Ahead(null));
    }

    private ImapFolder open(String command, String name, Ahead ahead) throws MailFailure {
        String what = Messages.ImapConnection_notOpened(endpoint, name);
        Argument folder = wire.mailbox(new Argument(), name);
        ahead.prepare(this);
        pipeline.drain();
        pipeline.forgetNumbers();
        Pipeline.Asked opening = send(command, folder, null);
        ahead.send(this);
        ServerAnswer answer = answer(opening);
        ahead.read(this);
        if (!answer.ok()) {
            throw missing(name, what, answer);
        }
        FolderState state = FolderState.of(answer.data());
        Long mails = state.mails();
        if (mails != null && mails > ImapFolder.MAX_MAILS) {
            throw new MailFailure(
                    Layer.FOLDER,
                    Messages.ImapConnection_tooMany(endpoint, QuotedText.clean(name), mails, ImapFolder.MAX_MAILS));
        }
        if (state.missing() != null) {
            throw MailFailures.silent(
                    Layer.FOLDER,
                    Messages.ImapConnection_incomplete(endpoint, QuotedText.clean(name), state.missing()));
        }
        worked = true;
        return new ImapFolder(this, mailbox, state, ahead);
    }

    /** Sends a command and waits until it is completed. */
    ServerAnswer ask(String command, @CheckForNull Argument arguments) {
        pipeline.drain();
        return answer(send(command, arguments, null));
    }

    /** See {@link Pipeline#send(String, Argument, Consumer)}. */
    Pipeline.Asked send(String command, @CheckForNull Argument arguments, @CheckForNull Consumer<Response> taker) {
        return pipeline.send(command, arguments, taker);
    }

    /** Waits until a command is completed. */
    ServerAnswer answer(Pipeline.Asked command) {
        return pipeline.await(command);
    }

    /** Whether the server has returned a part of what there is because only that part was asked for. */
    boolean returnsPortions() {
        return portions;
    }

    /** Must be called for the answer to a FETCH that asks for a portion. */
    void learnFrom(FetchResponse fetch) {
        for (int i = 0; !portions && i < fetch.getItemCount(); i++) {
            portions = fetch.getItem(i) instanceof BODY body && body.getOrigin() >= 0;
        }
    }

    Pipeline pipeline() {
        return pipeline;
    }

    /** Must be called before something that must not be done again over another connection. */
    void commit() {
        committed = true;
    }

    /** Whether work that has failed may be repeated over another connection. */
    boolean isRepeatable() {
        return !committed;
    }

    /** Whether the session is over. */
    boolean isEnded() {
        return pipeline.isEnded();
    }

    /**
     * Ends a piece of work that succeeded.
     *
     * @return whether the connection can be used for another one
     */
    boolean rest() {
        pipeline.drain();
        deadline.release();
        return pipeline.isIdle() && deadline.reason() == null;
    }

    /** Whether the session was not ended because the time of the work is over. */
    boolean isInTime() {
        return deadline.reason() != ConnectionDeadline.Reason.LIMIT && (time == null || time.leaves(Duration.ZERO));
    }

    /** Begins another piece of work after {@link #rest}. */
    void resume(ReadDeadline limit) {
        time = limit;
        committed = false;
        deadline.limit(limit.left());
        wire.reuse();
    }

    /**
     * The failure for a folder that the server does not open, usually because it does not exist.
     *
     * @param what the sentence to use if it does exist
     */
    MailFailure missing(String name, String what, ServerAnswer refusal) {
        ImapRefusal meaning = ImapRefusal.of(refusal.said());
        if (!refusal.refused()
                || meaning.isTemporary()
                || KnownReply.in(refusal.said()).isPresent()) {
            return failure(Layer.FOLDER, what, refusal);
        }
        List<String> existing = new ArrayList<>();
        pipeline.drain();
        try {
            ListInfo[] folders = wire.list("", "*");
            for (ListInfo folder : folders == null ? new ListInfo[0] : folders) {
                if (folder.canOpen && folder.name != null) {
                    existing.add(folder.name);
                }
            }
        } catch (ProtocolException e) {
            return failure(Layer.FOLDER, what, refusal);
        }
        if (existing.contains(name) || name.equalsIgnoreCase(MailQuery.INBOX)) {
            return failure(Layer.FOLDER, what, refusal);
        }
        return new MailFailure(Layer.FOLDER, FolderSuggestions.missing(endpoint, name, existing));
    }

    /**
     * The failure for an answer other than OK while reading. Distinguishes lost connections from refusals, and
     * temporary refusals from permanent ones.
     *
     * @param layer the layer, unless the server's reply is known to be about another one
     * @param what what happened
     */
    MailFailure failure(Layer layer, String what, ServerAnswer answer) {
        if (wire.excess() > 0) {
            return excess(wire.excess(), wire.limit());
        }
        if (answer.refused()) {
            return MailFailures.reading(layer, what, answer.quoted(), worked);
        }
        MailFailure ended = ended(endpoint, deadline, time);
        if (ended != null) {
            return ended;
        }
        String nonsense = wire.nonsense();
        return ConnectFailure.lost(
                nonsense == null
                        ? Messages.ConnectFailure_lostReading(endpoint)
                        : Messages.ImapConnection_nonsense(endpoint),
                nonsense == null ? answer.quoted() : nonsense,
                null);
    }

    /** The failure for an answer that is too large, in bytes. */
    MailFailure excess(long bytes, long most) {
        return new MailFailure(
                Layer.CONNECT, Messages.ImapConnection_excess(endpoint, bytes, most), new AnswerTooLarge());
    }

    private static String said(ProtocolException e) {
        Response response = e.getResponse();
        String said = response == null ? String.valueOf(e.getMessage()) : response.toString();
        // The tag in front would not help anybody.
        return said.replaceFirst("^\\S+ (BYE|NO|BAD) (Jakarta Mail Exception: )?", "$1 ");
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** With it, any thread can close the connection at once. */
    ConnectionDeadline deadline() {
        return deadline;
    }

    /** A folder name, encoded as the server requires. */
    Argument mailbox(String folder) {
        return wire.mailbox(new Argument(), folder);
    }

    /** Whether the server announced this capability. */
    boolean can(String capability) {
        return wire.hasCapability(capability);
    }

    /** Whether the server is Exchange, to which {@link ExchangeQuirks} apply. */
    boolean isExchange() {
        return wire.isExchange();
    }

    /** Asks the server for its capabilities again, unless this was done after the login already. */
    public void capability() throws MailFailure {
        if (asked) {
            return;
        }
        pipeline.drain();
        try {
            wire.capability();
            asked = true;
        } catch (ProtocolException e) {
            Response response = e.getResponse();
            throw response == null
                    ? MailFailures.silent(Layer.CONNECT, Messages.ImapConnection_noCapability(endpoint))
                    : failure(
                            Layer.CONNECT,
                            Messages.ImapConnection_noCapability(endpoint),
                            ServerAnswer.of(new Response[] {response}));
        }
    }

    /** For commands that this class does not provide. */
    public ImapWire wire() {
        return wire;
    }

    @Override
    public void close() {
        wire.leave();
    }
}
