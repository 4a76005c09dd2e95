package io.jenkins.plugins.oauthmail.mail;

import io.jenkins.plugins.oauthmail.mail.MailFailure.Layer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.angus.mail.iap.BadCommandException;
import org.eclipse.angus.mail.iap.CommandFailedException;
import org.eclipse.angus.mail.iap.ConnectionException;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.eclipse.angus.mail.iap.Response;
import org.eclipse.angus.mail.imap.protocol.ListInfo;
import org.eclipse.angus.mail.imap.protocol.MailboxInfo;

/** A connection to an IMAP server: open, log in, examine one folder after the other, close. */
final class ImapConnection implements AutoCloseable {

    private final ImapWire wire;
    private final Endpoint endpoint;

    private ImapConnection(ImapWire wire, Endpoint endpoint) {
        this.wire = wire;
        this.endpoint = endpoint;
    }

    /** Connects, protects the connection as the endpoint demands, and learns what the server can do. */
    static ImapConnection open(Endpoint endpoint, Timeouts timeouts) throws MailFailure {
        ProtocolTrace.silence();
        ImapWire wire = null;
        try {
            wire = new ImapWire(endpoint, MailSession.properties(MailSession.IMAP, endpoint, timeouts));
            if (wire.isAuthenticated()) {
                // Nobody asked who we are; and a PREAUTH from a man in the middle would keep STARTTLS away.
                throw new MailFailure(Layer.TLS, Messages.ImapConnection_preauth(endpoint));
            }
            if (endpoint.security() == Security.STARTTLS) {
                startTls(wire, endpoint);
            }
            ImapConnection connection = new ImapConnection(wire, endpoint);
            wire = null;
            return connection;
        } catch (IOException | ProtocolException e) {
            throw ConnectFailure.opening(endpoint, e);
        } finally {
            if (wire != null) {
                wire.disconnect();
            }
        }
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
            throw FailureReading.noXoauth2(
                    endpoint, String.join(" ", wire.getCapabilities().keySet()));
        }
        Response last;
        try {
            last = wire.authenticate(user, token);
        } catch (IOException | ProtocolException e) {
            throw ConnectFailure.lostAtLogin(endpoint, wire.challenge());
        }
        if (last.isBYE()) {
            throw ConnectFailure.lostAtLogin(endpoint, last.getRest());
        }
        if (!last.isOK()) {
            throw FailureReading.login(endpoint, user, last.getRest(), wire.challenge());
        }
    }

    /** Logs in; closed again if that fails. */
    ImapConnection loggedIn(String user, String token) throws MailFailure {
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
    ImapFolder examine(String name) throws MailFailure {
        return open(name, false);
    }

    /** Opens a folder for changes (SELECT). */
    ImapFolder select(String name) throws MailFailure {
        return open(name, true);
    }

    private ImapFolder open(String name, boolean changes) throws MailFailure {
        try {
            MailboxInfo info = changes ? wire.select(name) : wire.examine(name);
            if (info.total > ImapFolder.MOST_MAILS) {
                throw new MailFailure(
                        Layer.FOLDER,
                        Messages.ImapConnection_tooMany(
                                endpoint, ServerWords.clean(name), info.total, ImapFolder.MOST_MAILS));
            }
            return new ImapFolder(this, wire, info);
        } catch (CommandFailedException e) {
            throw missing(name, Messages.ImapConnection_notOpened(endpoint, name), e);
        } catch (ProtocolException e) {
            throw failure(Layer.FOLDER, Messages.ImapConnection_notOpened(endpoint, name), e);
        }
    }

    /**
     * What to say of a folder that the server refuses: mostly there is none of that name.
     *
     * @param what happened, if it is there
     */
    MailFailure missing(String name, String what, CommandFailedException refusal) throws MailFailure {
        String said = said(refusal);
        if (KnownReply.in(said).isPresent()) {
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
        if (existing.contains(name)) {
            return failure(Layer.FOLDER, what, refusal);
        }
        return new MailFailure(Layer.FOLDER, FolderNames.missing(endpoint, name, existing));
    }

    /** What went wrong while reading, lost connections told apart from refusals. */
    MailFailure failure(Layer layer, String what, ProtocolException e) {
        if (wire.excess() > 0) {
            return new MailFailure(
                    Layer.CONNECT, Messages.ImapConnection_excess(endpoint, wire.excess(), ImapWire.MOST_OCTETS), e);
        }
        if (e instanceof ConnectionException) {
            return ConnectFailure.lost(Messages.ConnectFailure_lostReading(endpoint), said(e), e);
        }
        return FailureReading.reading(layer, what, said(e));
    }

    private static String said(ProtocolException e) {
        Response response = e.getResponse();
        String said = response == null ? String.valueOf(e.getMessage()) : response.toString();
        // Angus turns an exception on the connection into a BYE; the tag in front of the others is of no use either.
        return said.replaceFirst("^\\S+ (BYE|NO|BAD) (Jakarta Mail Exception: )?", "$1 ");
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** For commands beyond those of reading. */
    ImapWire wire() {
        return wire;
    }

    @Override
    public void close() {
        wire.leave();
    }
}
