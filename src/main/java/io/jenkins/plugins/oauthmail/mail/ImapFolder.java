package io.jenkins.plugins.oauthmail.mail;

import io.jenkins.plugins.oauthmail.mail.MailFailure.Layer;
import java.io.IOException;
import java.util.stream.IntStream;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.eclipse.angus.mail.iap.Response;
import org.eclipse.angus.mail.imap.protocol.IMAPResponse;
import org.eclipse.angus.mail.imap.protocol.MailboxInfo;
import org.eclipse.angus.mail.imap.protocol.MessageSet;

/**
 * A folder that is open for reading. Mails go by sequence number here: only SEARCH and FETCH are used, during which a
 * server must not take numbers away (RFC 3501 section 7.4.1).
 */
final class ImapFolder {

    /** The largest mailboxes hold a few million mails; their numbers must fit into memory several times. */
    static final int MOST_MAILS = 10_000_000;

    private final ImapConnection connection;
    private final ImapWire wire;
    private final MailboxInfo info;

    ImapFolder(ImapConnection connection, ImapWire wire, MailboxInfo info) {
        this.connection = connection;
        this.wire = wire;
        this.info = info;
    }

    long uidValidity() {
        return info.uidvalidity;
    }

    /**
     * Numbers of the mails that the server finds, in the order in which they came into the folder; the last of all, as
     * many as are wanted, if every mail is good.
     */
    int[] search(ImapSearch search) throws MailFailure {
        int total = Math.max(0, info.total);
        if (total == 0 || !search.needed()) {
            return IntStream.rangeClosed(Math.max(1, total - search.limit() + 1), total)
                    .toArray();
        }
        Response[] responses = wire.command(search.command(), search.arguments());
        finish("search", responses);
        IntStream.Builder found = IntStream.builder();
        int count = 0;
        for (Response response : responses) {
            if (response instanceof IMAPResponse && ((IMAPResponse) response).keyEquals("SEARCH")) {
                int number;
                while ((number = response.readNumber()) != -1 && count < total) {
                    found.add(number);
                    count++;
                }
            }
        }
        return found.build().sorted().toArray();
    }

    /**
     * One FETCH for many mails.
     *
     * @return what the server told; it may know nothing about some of the mails, and refuse others
     */
    Fetched fetch(int[] numbers, String items) throws MailFailure {
        try {
            Response[] responses = wire.fetch(MessageSet.createMessageSets(numbers), items);
            Response last = responses[responses.length - 1];
            if (last.isBYE()) {
                wire.handleResult(last);
            }
            return new Fetched(responses);
        } catch (ProtocolException e) {
            throw connection.failure(Layer.MESSAGE, "hand out mails", e);
        }
    }

    /**
     * Octets of one part as they are on the server, still encoded.
     *
     * @return none if there are none from there on
     * @throws NotHandedOut if the server refuses, or says nothing about the part
     * @throws IOException if the connection is lost
     */
    byte[] octets(int number, String section, int from, int count) throws IOException {
        Fetched fetched;
        try {
            fetched = fetch(new int[] {number}, "BODY.PEEK[" + section + "]<" + from + "." + count + ">");
        } catch (MailFailure e) {
            throw new IOException(e);
        }
        byte[] octets = fetched.section(number, section);
        if (octets == null) {
            throw new NotHandedOut(section, fetched.last());
        }
        return octets;
    }

    private void finish(String what, Response[] responses) throws MailFailure {
        try {
            wire.handleResult(responses[responses.length - 1]);
        } catch (ProtocolException e) {
            throw connection.failure(Layer.FOLDER, what, e);
        }
    }
}
