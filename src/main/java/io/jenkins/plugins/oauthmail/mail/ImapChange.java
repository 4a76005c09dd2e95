package io.jenkins.plugins.oauthmail.mail;

import io.jenkins.plugins.oauthmail.mail.MailFailure.Layer;
import java.util.Arrays;
import org.eclipse.angus.mail.iap.Argument;
import org.eclipse.angus.mail.iap.CommandFailedException;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.eclipse.angus.mail.iap.Response;

/** Changes mails by UID, which cannot hit another mail than the one that was read. */
final class ImapChange {

    private static final int AT_ONCE = 300;

    private final ImapConnection connection;
    private final ImapWire wire;

    ImapChange(ImapConnection connection, ImapWire wire) {
        this.connection = connection;
        this.wire = wire;
    }

    /** Mails that are gone meanwhile are passed over, as servers do. */
    void carryOut(long[] uids, MailChange change) throws MailFailure {
        try {
            if (change.moveTo() != null || change.delete()) {
                // Exchange does not tell after the login what it can do from there on.
                wire.capability();
            }
            for (int from = 0; from < uids.length; from += AT_ONCE) {
                String set = Uids.set(Arrays.copyOfRange(uids, from, Math.min(uids.length, from + AT_ONCE)));
                if (change.seen()) {
                    store(set, "\\Seen");
                }
                if (change.moveTo() != null) {
                    move(set, change.moveTo());
                }
                if (change.delete()) {
                    remove(set);
                }
            }
        } catch (ProtocolException e) {
            throw connection.failure(Layer.FOLDER, Messages.ImapChange_refused(connection.endpoint()), e);
        }
    }

    private void move(String set, String folder) throws MailFailure, ProtocolException {
        boolean atOnce = wire.hasCapability("MOVE");
        try {
            // RFC 6851; else what that RFC says MOVE stands for.
            command(atOnce ? "UID MOVE" : "UID COPY", wire.mailbox(new Argument().writeAtom(set), folder));
        } catch (CommandFailedException e) {
            throw connection.missing(folder, Messages.ImapChange_notMoved(connection.endpoint(), folder), e);
        }
        if (!atOnce) {
            remove(set);
        }
    }

    private void remove(String set) throws ProtocolException {
        store(set, "\\Deleted");
        if (wire.hasCapability("UIDPLUS")) {
            // RFC 4315. Without it, EXPUNGE would also remove what others have marked, so the mark must do.
            command("UID EXPUNGE", new Argument().writeAtom(set));
        }
    }

    private void store(String set, String flag) throws ProtocolException {
        command(
                "UID STORE",
                new Argument().writeAtom(set).writeAtom("+FLAGS.SILENT").writeArgument(new Argument().writeAtom(flag)));
    }

    private void command(String name, Argument arguments) throws ProtocolException {
        Response[] responses = wire.command(name, arguments);
        wire.handleResult(responses[responses.length - 1]);
    }
}
