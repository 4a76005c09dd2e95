package io.jenkins.plugins.oauthmail.mail;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.MailFailure.Layer;
import jakarta.mail.MessagingException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.angus.mail.imap.protocol.BODYSTRUCTURE;
import org.eclipse.angus.mail.imap.protocol.FLAGS;
import org.eclipse.angus.mail.imap.protocol.INTERNALDATE;
import org.eclipse.angus.mail.imap.protocol.UID;

/**
 * Reads mails of one mailbox by IMAP, logging in with XOAUTH2 and nothing else. Reading changes nothing in the mailbox.
 * Any number of threads may use it.
 */
public final class MailReader {

    private static final String ABOUT = "UID FLAGS INTERNALDATE";
    private static final String EVERYTHING =
            ABOUT + " BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (" + ReceivedHeaders.FIELDS + ")]";

    private final Mailbox mailbox;
    private final Timeouts timeouts;

    /** @param mailbox whose IMAP server and tokens are used */
    public MailReader(@NonNull Mailbox mailbox) {
        this(mailbox, Timeouts.DEFAULT);
    }

    MailReader(Mailbox mailbox, Timeouts timeouts) {
        this.mailbox = mailbox;
        this.timeouts = timeouts;
    }

    /**
     * Reads the mails that a query asks for, the one that came into the folder last first.
     *
     * @param query which mails
     * @param sink gets the attachments of each mail; null to have them listed only
     * @return what was found, empty for nothing
     * @throws MailFailure if it did not work; attachments of some mails may have been saved by then
     * @throws InterruptedException if the thread was interrupted while it waited for a token or the sink
     */
    @NonNull
    public List<ReceivedMail> read(@NonNull MailQuery query, @CheckForNull AttachmentSink sink)
            throws MailFailure, InterruptedException {
        try (ContextLoader loader = new ContextLoader()) {
            String token = Tokens.ask(mailbox);
            try (ImapConnection connection = ImapConnection.open(mailbox.imap(), timeouts)) {
                connection.login(mailbox.user(), token);
                ImapFolder folder = connection.examine(query.folder());
                return read(folder, newest(folder, query), query, new MailAssembler(sink));
            }
        }
    }

    private static int[] newest(ImapFolder folder, MailQuery query) throws MailFailure {
        int[] found = folder.search(new ImapSearch(query));
        if (found.length <= query.limit()) {
            return found;
        }
        if (query.since() != null) {
            // The server compared whole days, and mails that were moved here can be older than their neighbours.
            Fetched dates = folder.fetch(found, "INTERNALDATE");
            found = Arrays.stream(found)
                    .filter(number -> !before(received(dates, number), query.since()))
                    .toArray();
        }
        return Arrays.copyOfRange(found, Math.max(0, found.length - query.limit()), found.length);
    }

    private static List<ReceivedMail> read(ImapFolder folder, int[] numbers, MailQuery query, MailAssembler assembler)
            throws MailFailure, InterruptedException {
        List<ReceivedMail> mails = new ArrayList<>();
        if (numbers.length == 0) {
            return mails;
        }
        Fetched fetched = folder.fetch(numbers, EVERYTHING);
        Map<Integer, PartWalker> structured = new HashMap<>();
        TextPrefetch texts = new TextPrefetch(folder);
        for (int number : numbers) {
            BODYSTRUCTURE structure = fetched.item(number, BODYSTRUCTURE.class);
            if (structure != null
                    && fetched.item(number, UID.class) != null
                    && fetched.header(number) != null
                    && !before(received(fetched, number), query.since())) {
                PartWalker parts = new PartWalker(ServerPart.root(folder, number, structure));
                structured.put(number, parts);
                texts.add(parts);
            }
        }
        texts.fetch();
        for (int i = numbers.length - 1; i >= 0; i--) {
            ReceivedMail mail = one(folder, numbers[i], fetched, structured.get(numbers[i]), query, assembler);
            if (mail != null) {
                mails.add(mail);
            }
        }
        return mails;
    }

    /** Null for a mail that is older than wanted, or gone. */
    private static ReceivedMail one(
            ImapFolder folder, int number, Fetched fetched, PartWalker parts, MailQuery query, MailAssembler assembler)
            throws MailFailure, InterruptedException {
        if (before(received(fetched, number), query.since())) {
            return null;
        }
        if (parts != null) {
            try {
                ReceivedHeaders headers = new ReceivedHeaders(new ByteArrayInputStream(fetched.header(number)));
                return assembler.mail(about(folder, fetched, number), headers, parts);
            } catch (IOException | MessagingException e) {
                if (e.getCause() instanceof MailFailure) {
                    throw (MailFailure) e.getCause();
                }
                // The server described parts that it does not hand out: as for one that it could not describe.
            }
        }
        return whole(folder, number, query, assembler);
    }

    private static ReceivedMail whole(ImapFolder folder, int number, MailQuery query, MailAssembler assembler)
            throws MailFailure, InterruptedException {
        Fetched fetched = folder.fetch(new int[] {number}, ABOUT);
        if (fetched.item(number, UID.class) == null || before(received(fetched, number), query.since())) {
            return null;
        }
        MailAssembler.About about = about(folder, fetched, number);
        try (WholeMail mail = WholeMail.fetch(folder, number)) {
            return assembler.mail(about, mail.headers(), mail.parts());
        } catch (IOException | MessagingException e) {
            if (e.getCause() instanceof MailFailure) {
                throw (MailFailure) e.getCause();
            }
            throw new MailFailure(
                    Layer.MESSAGE,
                    "the mail " + about.id() + " in " + query.folder() + " could not be read ("
                            + ServerWords.clean(e.getMessage()) + "); move it elsewhere, or narrow the search.",
                    e);
        }
    }

    private static MailAssembler.About about(ImapFolder folder, Fetched fetched, int number) {
        String id = folder.uidValidity() + ":" + fetched.item(number, UID.class).uid;
        return new MailAssembler.About(id, fetched.item(number, FLAGS.class), received(fetched, number));
    }

    private static Instant received(Fetched fetched, int number) {
        INTERNALDATE item = fetched.item(number, INTERNALDATE.class);
        Date date = item == null ? null : item.getDate();
        return date == null ? null : date.toInstant();
    }

    private static boolean before(Instant received, Instant since) {
        return since != null && received != null && received.isBefore(since);
    }
}
