package io.jenkins.plugins.oauthmail.mail;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Reads mails of one mailbox by IMAP, logging in with XOAUTH2 and nothing else. Reading changes nothing in the mailbox.
 * Any number of threads may use it.
 */
public final class MailReader {

    private final Mailbox mailbox;
    private final AuthenticationRule rule;
    private final long maxBytes;
    private final Duration maxTime;
    private final Timeouts timeouts;
    private final LongSupplier nanoTime;

    /**
     * @param mailbox whose IMAP server and tokens are used
     * @param rule how to tell whether a sender is who it says
     * @param maxBytes the most that one reading fetches beside bodies: attachments together, and mails that must be
     *     fetched whole
     * @param maxTime the most that one reading takes, from the connection to the last attachment; nothing is fetched
     *     after it
     */
    public MailReader(
            @NonNull Mailbox mailbox, @NonNull AuthenticationRule rule, long maxBytes, @NonNull Duration maxTime) {
        this(mailbox, rule, maxBytes, maxTime, Timeouts.DEFAULT, System::nanoTime);
    }

    /** @param nanoTime a clock like {@link System#nanoTime} */
    MailReader(
            Mailbox mailbox,
            AuthenticationRule rule,
            long maxBytes,
            Duration maxTime,
            Timeouts timeouts,
            LongSupplier nanoTime) {
        this.mailbox = mailbox;
        this.rule = rule;
        this.maxBytes = maxBytes;
        this.maxTime = maxTime;
        this.timeouts = timeouts;
        this.nanoTime = nanoTime;
    }

    /**
     * Reads the mails that a query asks for, in the order that it asks for.
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
        ReadTime time = new ReadTime(maxTime, nanoTime);
        return connected(connection -> {
            ImapFolder folder = connection.examine(query.folder()).within(time);
            folder.expect(query.ids(), query.folder());
            ReadBudget budget = new ReadBudget(maxBytes);
            MailAssembler assembler = new MailAssembler(sink, query, rule, budget, time);
            return new MailCollector(folder, query, new ImapSearch(query), rule, assembler, () -> budget, failure -> {
                        throw failure;
                    })
                    .collect();
        });
    }

    /**
     * Reads the mails that a query asks for among those that came behind a place in the folder, and says where to look
     * on. Attachments are listed only.
     *
     * @param wanted which mails; the oldest are taken first, whatever it says of that
     * @param after the position that an earlier call gave; null to learn the present one, without mails
     * @throws MailFailure if it did not work; nothing is known then, and the same position is the one to look on from
     * @throws InterruptedException if the thread was interrupted while it waited for a token
     */
    @NonNull
    public Arrivals arrivals(@NonNull MailQuery wanted, @CheckForNull FolderPosition after)
            throws MailFailure, InterruptedException {
        MailQuery query = wanted.toBuilder().newestFirst(false).build();
        ReadTime time = new ReadTime(maxTime, nanoTime);
        return connected(connection -> {
            ImapFolder folder = connection.examine(query.folder()).within(time);
            boolean known = after != null && after.uidValidity() == folder.uidValidity();
            if (known && folder.hasNoneBehind(after.uid())) {
                return Arrivals.none(after, false);
            }
            FolderPosition end = new FolderPosition(folder.uidValidity(), folder.lastUid());
            if (!known || end.uid() <= after.uid()) {
                return Arrivals.none(known ? after : end, after != null && !known);
            }
            // No more at once than a search may have to look at one by one.
            FolderPosition part = new FolderPosition(
                    end.uidValidity(), Math.min(end.uid(), after.uid() + MailCollector.MOST_LOOKED_AT));
            ImapSearch search = new ImapSearch(query, after.uid() + 1, part.uid());
            MailAssembler assembler = new MailAssembler(null, query, rule, new ReadBudget(maxBytes), time);
            List<String> problems = new ArrayList<>();
            List<ReceivedMail> mails = new MailCollector(
                            folder,
                            query,
                            search,
                            rule,
                            assembler,
                            () -> new ReadBudget(maxBytes),
                            failure -> problems.add(failure.getMessage()))
                    .collect();
            boolean full = mails.size() >= query.limit();
            FolderPosition position =
                    full ? FolderPosition.behind(mails.get(mails.size() - 1).id()) : part;
            return new Arrivals(mails, problems, position, full || part.uid() < end.uid(), false);
        });
    }

    /**
     * Changes mails that were read. One that is no longer there is passed over.
     *
     * @param folder where they were read
     * @param ids {@link ReceivedMail#id()} of each
     * @param change what to do with them
     * @throws MailFailure if it did not work, for all of them or for some
     * @throws InterruptedException if the thread was interrupted while it waited for a token
     */
    public void change(@NonNull String folder, @NonNull List<String> ids, @NonNull MailChange change)
            throws MailFailure, InterruptedException {
        if (ids.isEmpty() || change.nothing()) {
            return;
        }
        connected(connection -> {
            ImapFolder open = connection.select(folder);
            open.expect(ids, folder);
            open.change(ids.stream().mapToLong(QueryRules::uid).toArray(), change);
            return null;
        });
    }

    private <T> T connected(Work<T> work) throws MailFailure, InterruptedException {
        try (ContextLoader loader = new ContextLoader()) {
            String token = Tokens.ask(mailbox);
            try (ImapConnection connection = ImapConnection.open(mailbox.imap(), timeouts)) {
                connection.login(mailbox.user(), token);
                return work.with(connection);
            }
        }
    }

    private interface Work<T> {
        T with(ImapConnection connection) throws MailFailure, InterruptedException;
    }
}
