package io.jenkins.plugins.oauthmail.mail;

import io.jenkins.plugins.oauthmail.mail.MailFailure.Layer;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.eclipse.angus.mail.iap.Argument;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.eclipse.angus.mail.iap.Response;
import org.eclipse.angus.mail.imap.protocol.IMAPResponse;
import org.eclipse.angus.mail.imap.protocol.MailboxInfo;
import org.eclipse.angus.mail.imap.protocol.MessageSet;
import org.eclipse.angus.mail.imap.protocol.UID;

/**
 * A folder that is open for reading. Mails go by sequence number here: only SEARCH and FETCH are used, during which a
 * server must not take numbers away (RFC 3501 section 7.4.1).
 */
final class ImapFolder {

    /** The largest mailboxes hold a few million mails; their numbers must fit into memory several times. */
    static final int MOST_MAILS = 10_000_000;

    /** Some servers take command lines of 8 KiB only; the items beside the numbers have room in the rest. */
    private static final int LONGEST_SET = 5000;

    private final ImapConnection connection;
    private final ImapWire wire;
    private final MailboxInfo info;
    private final ReadTime time;

    ImapFolder(ImapConnection connection, ImapWire wire, MailboxInfo info) {
        this(connection, wire, info, ReadTime.ENDLESS);
    }

    private ImapFolder(ImapConnection connection, ImapWire wire, MailboxInfo info, ReadTime time) {
        this.connection = connection;
        this.wire = wire;
        this.info = info;
        this.time = time;
    }

    /** The same folder, of which nothing is fetched any more once that time is over. */
    ImapFolder within(ReadTime limit) {
        return new ImapFolder(connection, wire, info, limit);
    }

    long uidValidity() {
        return info.uidvalidity;
    }

    /** Whether the server says itself that no mail has a higher UID; old ones keep UIDNEXT to themselves. */
    boolean hasNoneBehind(long uid) {
        return info.uidnext > 0 && info.uidnext <= uid + 1;
    }

    /**
     * The highest UID of the mails that are there, 0 without any. UIDNEXT would not do: some servers raise it a moment
     * before the mail can be found.
     */
    long lastUid() throws MailFailure {
        UID last = info.total < 1 ? null : fetch(new int[] {info.total}, "UID").item(info.total, UID.class);
        return last == null ? 0 : last.uid;
    }

    /**
     * Fails if the folder is no longer the one whose mails had these ids.
     *
     * @param ids of one folder
     */
    void expect(List<String> ids, String folder) throws MailFailure {
        if (!ids.isEmpty() && QueryRules.validity(ids.get(0)) != uidValidity()) {
            throw new MailFailure(Layer.FOLDER, Messages.ImapFolder_renumbered(ids.get(0), ServerWords.clean(folder)));
        }
    }

    /** Numbers of the mails that the server finds, in the order in which they came into the folder. */
    FoundMails search(ImapSearch search) throws MailFailure {
        int total = Math.max(0, info.total);
        if (total == 0 || !search.needed()) {
            return FoundMails.all(total);
        }
        IntStream.Builder found = IntStream.builder();
        for (Argument arguments : search.arguments()) {
            search(search.command(), arguments, total, found);
        }
        return FoundMails.of(found.build().sorted().distinct().toArray());
    }

    private void search(String command, Argument arguments, int total, IntStream.Builder found) throws MailFailure {
        Response[] responses = wire.command(command, arguments);
        finish(responses);
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
    }

    /**
     * One FETCH for many mails, or several if their numbers do not fit into one command line.
     *
     * @return what the server told; it may know nothing about some of the mails, and refuse others
     */
    Fetched fetch(int[] numbers, String items) throws MailFailure {
        Fetched fetched = new Fetched();
        int from = 0;
        while (from < numbers.length) {
            int count = Uids.fitting(numbers, from, LONGEST_SET);
            fetched.add(fetchSome(Arrays.copyOfRange(numbers, from, from + count), items));
            from += count;
        }
        return fetched;
    }

    /** To be asked by whoever works on what was fetched. */
    ReadTime time() {
        return time;
    }

    private Response[] fetchSome(int[] numbers, String items) throws MailFailure {
        time.check();
        try {
            Response[] responses = wire.fetch(MessageSet.createMessageSets(numbers), items);
            Response last = responses[responses.length - 1];
            if (last.isBYE()) {
                wire.handleResult(last);
            }
            return responses;
        } catch (ProtocolException e) {
            throw connection.failure(Layer.MESSAGE, Messages.ImapFolder_notFetched(connection.endpoint()), e);
        }
    }

    /** Changes mails of a folder that was opened for that. */
    void change(long[] uids, MailChange change) throws MailFailure {
        new ImapChange(connection, wire).carryOut(uids, change);
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

    private void finish(Response[] responses) throws MailFailure {
        try {
            wire.handleResult(responses[responses.length - 1]);
        } catch (ProtocolException e) {
            throw connection.failure(Layer.FOLDER, Messages.ImapFolder_notFound(connection.endpoint()), e);
        }
    }
}
