package io.jenkins.plugins.oauthmail.mail.imap;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.oauthmail.mail.connect.ConnectFailure;
import io.jenkins.plugins.oauthmail.mail.connect.ConnectionDeadline;
import io.jenkins.plugins.oauthmail.mail.connect.KnownReply;
import io.jenkins.plugins.oauthmail.mail.connect.MailFailures;
import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.connect.ServerRefusal;
import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.connect.Xoauth2;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.angus.mail.iap.Argument;
import org.eclipse.angus.mail.iap.BadCommandException;
import org.eclipse.angus.mail.iap.CommandFailedException;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.eclipse.angus.mail.iap.Response;
import org.eclipse.angus.mail.imap.protocol.ListInfo;

/** A connection to an IMAP server: open, log in, examine one folder after the other, close. */
public final class ImapConnection implements AutoCloseable {

    private final ImapWire wire;
    private final Endpoint endpoint;
    private final ConnectionDeadline deadline;
    /** Null for no end. */
    private final ReadDeadline time;
    /** Whether the server has done something for this mailbox, so that it is not kept from us. */
    private boolean worked;

    private ImapConnection(ImapWire wire, Endpoint endpoint, ConnectionDeadline deadline, ReadDeadline time) {
        this.wire = wire;
        this.endpoint = endpoint;
        this.deadline = deadline;
        this.time = time;
    }

    /** As {@link #open(Endpoint, Timeouts, ConnectionDeadline, ReadDeadline)}, for what has no end of its own. */
    public static ImapConnection open(Endpoint endpoint, Timeouts timeouts) throws MailFailure {
        return open(endpoint, timeouts, new ConnectionDeadline(), null);
    }

    /**
     * Connects, protects the connection as the endpoint demands, and learns what the server can do.
     *
     * @param deadline new; with it, any thread may end the connection at once
     * @param time when the connection is closed, whatever it is doing; null for never
     * @throws MailFailure if it did not work; if the thread was interrupted meanwhile, it still is
     */
    public static ImapConnection open(
            Endpoint endpoint, Timeouts timeouts, ConnectionDeadline deadline, ReadDeadline time) throws MailFailure {
        ImapWire wire = null;
        deadline.begin(timeouts.opening());
        if (time != null) {
            deadline.limit(time.left());
        }
        boolean open = false;
        try {
            wire = new ImapWire(endpoint, timeouts, deadline);
            if (wire.isAuthenticated()) {
                // Nobody asked who we are; and a PREAUTH from a man in the middle would keep STARTTLS away.
                throw new MailFailure(Layer.TLS, Messages.ImapConnection_preauth(endpoint));
            }
            if (endpoint.security() == Security.STARTTLS) {
                startTls(wire, endpoint);
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

    /** Why the connection was ended from here, or null if it was not. */
    private static MailFailure ended(Endpoint endpoint, ConnectionDeadline deadline, ReadDeadline time) {
        if (Thread.currentThread().isInterrupted()) {
            return ReadDeadline.stopped();
        }
        if (deadline.reason() == ConnectionDeadline.Reason.LIMIT) {
            return time.over();
        }
        return deadline.reason() == null ? null : ConnectFailure.ended(endpoint, deadline.reason());
    }

    /** Before the login; what the server itself says is told apart from what it could not say. */
    private static MailFailure opening(Endpoint endpoint, Exception e, ConnectionDeadline deadline) {
        Response response = e instanceof ProtocolException refused ? refused.getResponse() : null;
        if (response != null && response.getException() == null) {
            String said = said((ProtocolException) e);
            if (ServerRefusal.of(said).passes()) {
                return MailFailures.notNow(endpoint, said, e);
            }
        }
        return ConnectFailure.opening(endpoint, e, deadline);
    }

    private static void startTls(ImapWire wire, Endpoint endpoint) throws MailFailure, ProtocolException {
        if (!wire.hasCapability("STARTTLS")) {
            throw ConnectFailure.startTlsMissing(endpoint);
        }
        try {
            wire.startTLS();
        } catch (CommandFailedException | BadCommandException e) {
            throw ConnectFailure.startTlsRefused(endpoint, said(e));
        }
        // What was said before TLS may have been said by anybody.
        wire.capability();
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
        if (!last.isOK() && ServerRefusal.of(last.getRest()).passes()) {
            throw MailFailures.reading(
                    Layer.LOGIN, Messages.MailFailures_notLoggedIn(endpoint, user), last.getRest(), false);
        }
        if (!last.isOK()) {
            throw MailFailures.login(endpoint, user, last.getRest(), wire.challenge());
        }
    }

    /** Logs in; closed again if that fails. */
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

    /** Opens a folder for reading only (EXAMINE), so that no flag changes, whatever is fetched. */
    public ImapFolder examine(String name) throws MailFailure {
        return open("EXAMINE", name);
    }

    /** Opens a folder for changes (SELECT). */
    public ImapFolder select(String name) throws MailFailure {
        return open("SELECT", name);
    }

    private ImapFolder open(String command, String name) throws MailFailure {
        String what = Messages.ImapConnection_notOpened(endpoint, name);
        ServerAnswer answer = ask(command, wire.mailbox(new Argument(), name));
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
        return new ImapFolder(this, state);
    }

    /** Sends one command and waits for the end of the answer. */
    ServerAnswer ask(String command, @CheckForNull Argument arguments) {
        return answer(wire.command(command, arguments));
    }

    private ServerAnswer answer(Response[] responses) {
        wire.notifyResponseHandlers(responses);
        ServerAnswer answer = ServerAnswer.of(responses);
        if (answer.kind() == ServerAnswer.Kind.ENDED) {
            wire.disconnect();
        }
        return answer;
    }

    /**
     * What to say of a folder that the server refuses: mostly there is none of that name.
     *
     * @param what happened, if it is there
     */
    MailFailure missing(String name, String what, ServerAnswer refusal) {
        ServerRefusal meaning = ServerRefusal.of(refusal.said());
        if (!refusal.refused()
                || meaning.passes()
                || KnownReply.in(refusal.said()).isPresent()) {
            return failure(Layer.FOLDER, what, refusal);
        }
        List<String> existing = new ArrayList<>();
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
     * What went wrong while reading, from the answer that was no OK: lost connections told apart from refusals, and what
     * passes from what stays.
     *
     * @param layer where, unless what the server says is known to mean another one
     * @param what happened
     */
    MailFailure failure(Layer layer, String what, ServerAnswer answer) {
        if (wire.excess() > 0) {
            return new MailFailure(
                    Layer.CONNECT, Messages.ImapConnection_excess(endpoint, wire.excess(), ImapWire.MAX_BYTES));
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

    private static String said(ProtocolException e) {
        Response response = e.getResponse();
        String said = response == null ? String.valueOf(e.getMessage()) : response.toString();
        // The tag in front is of no use.
        return said.replaceFirst("^\\S+ (BYE|NO|BAD) (Jakarta Mail Exception: )?", "$1 ");
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** What ends the connection at once, from any thread. */
    ConnectionDeadline deadline() {
        return deadline;
    }

    /** The name of a folder, encoded as the server wants it. */
    Argument mailbox(String folder) {
        return wire.mailbox(new Argument(), folder);
    }

    /** Whether the server says that it can do that. */
    boolean can(String capability) {
        return wire.hasCapability(capability);
    }

    /** Whether it is Exchange, with its {@link ExchangeQuirks}. */
    boolean isExchange() {
        return wire.isExchange();
    }

    /** Asks anew what the server can do. */
    public void capability() throws MailFailure {
        try {
            wire.capability();
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

    /** For commands beyond those of reading. */
    public ImapWire wire() {
        return wire;
    }

    @Override
    public void close() {
        wire.leave();
    }
}
