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
                throw new MailFailure(
                        Layer.TLS, endpoint + " takes anybody without a login (PREAUTH); correct the server.");
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
            throw ConnectFailure.noStartTls(endpoint, "does not offer STARTTLS");
        }
        try {
            wire.startTLS();
        } catch (CommandFailedException | BadCommandException e) {
            throw ConnectFailure.noStartTls(endpoint, "refused STARTTLS with " + ServerWords.quoted(said(e)));
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
            // Without the cause: it may quote what could not be sent.
            throw ConnectFailure.lost(endpoint, "during the login", wire.challenge(), null);
        }
        if (last.isBYE()) {
            throw ConnectFailure.lost(endpoint, "during the login", last.getRest(), null);
        }
        if (!last.isOK()) {
            throw FailureReading.login(endpoint, user, last.getRest(), wire.challenge());
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
                        endpoint + " claims that the folder \"" + ServerWords.clean(name) + "\" holds " + info.total
                                + " mails, and folders with more than " + ImapFolder.MOST_MAILS
                                + " are not read; read a smaller one, or check that it is the right server.");
            }
            return new ImapFolder(this, wire, info);
        } catch (CommandFailedException e) {
            throw missing(name, "open", e);
        } catch (ProtocolException e) {
            throw failure(Layer.FOLDER, "open the folder \"" + name + "\"", e);
        }
    }

    /** What to say of a folder that the server refuses to {@code verb}: mostly there is none of that name. */
    MailFailure missing(String name, String verb, CommandFailedException refusal) throws MailFailure {
        String what = verb + " the folder \"" + name + "\"";
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
        return new MailFailure(
                Layer.FOLDER,
                "the mailbox at " + endpoint + " has no folder \"" + ServerWords.clean(name) + "\"; "
                        + FolderNames.suggestion(name, existing) + ".");
    }

    /** What went wrong while reading, lost connections told apart from refusals. */
    MailFailure failure(Layer layer, String what, ProtocolException e) {
        if (wire.excess() > 0) {
            return new MailFailure(
                    Layer.CONNECT,
                    endpoint + " wants to answer one command with " + wire.excess() + " octets, and more than "
                            + ImapWire.MOST_OCTETS + " are not read; narrow the search or lower the limit, and if that"
                            + " does not help, check that it is the right server.",
                    e);
        }
        if (e instanceof ConnectionException) {
            return ConnectFailure.lost(endpoint, "while reading", said(e), e);
        }
        return FailureReading.reading(layer, endpoint, what, said(e));
    }

    private static String said(ProtocolException e) {
        Response response = e.getResponse();
        String said = response == null ? String.valueOf(e.getMessage()) : response.toString();
        // Angus turns an exception on the connection into a BYE; the tag in front of the others is of no use either.
        return said.replaceFirst("^\\S+ (BYE|NO|BAD) (Jakarta Mail Exception: )?", "$1 ");
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
