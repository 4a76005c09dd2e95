package io.jenkins.plugins.oauthmail.mail;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

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
    private final SendingTime time;

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
        this(mailbox, rule, maxBytes, maxTime, timeouts, nanoTime, SendingTime.SYSTEM);
    }

    /**
     * @param nanoTime a clock like {@link System#nanoTime}
     * @param time for waiting
     */
    MailReader(
            Mailbox mailbox,
            AuthenticationRule rule,
            long maxBytes,
            Duration maxTime,
            Timeouts timeouts,
            LongSupplier nanoTime,
            SendingTime time) {
        this.mailbox = mailbox;
        this.rule = rule;
        this.maxBytes = maxBytes;
        this.maxTime = maxTime;
        this.timeouts = timeouts;
        this.nanoTime = nanoTime;
        this.time = time;
    }

    /**
     * Reads the mails that a query asks for, in the order that it asks for, and tries once.
     *
     * @param query which mails
     * @param sink gets the attachments of each mail; null to have them listed only
     * @return what was found, empty for nothing
     * @throws MailFailure if it did not work, were it with one mail only; attachments of some mails may have been saved
     *     by then
     * @throws InterruptedException if the thread was interrupted while it waited for a token or the sink
     */
    @NonNull
    public List<ReceivedMail> read(@NonNull MailQuery query, @CheckForNull AttachmentSink sink)
            throws MailFailure, InterruptedException {
        return read(query, sink, time(), (id, failure) -> {
            throw failure;
        });
    }

    /**
     * Reads the mails that a query asks for. What a server refuses for a while is tried again as long as the time of a
     * reading lasts; a mail that cannot be read costs only itself, if there are others.
     *
     * @param query which mails
     * @param sink gets the attachments of each mail, more than once if a later try was needed; null to have them listed
     *     only
     * @param notices told in a sentence why it waits, each time
     * @throws MailFailure if it did not work; attachments of some mails may have been saved by then
     * @throws InterruptedException if the thread was interrupted while it waited
     */
    @NonNull
    public ReadResult read(
            @NonNull MailQuery query, @CheckForNull AttachmentSink sink, @NonNull Consumer<String> notices)
            throws MailFailure, InterruptedException {
        ReadTime limit = time();
        return new Patience(limit, time, notices).insist(() -> {
            List<MailFailure> unreadable = new ArrayList<>();
            List<ReceivedMail> mails = read(query, sink, limit, (id, failure) -> unreadable.add(failure));
            if (mails.isEmpty() && !unreadable.isEmpty()) {
                throw unreadable.get(0);
            }
            return result(mails, unreadable);
        });
    }

    /**
     * As {@link #read(MailQuery, AttachmentSink)}, for somebody who looks again soon: attachments are listed only, and a
     * mail that cannot be read costs only itself.
     */
    @NonNull
    public ReadResult look(@NonNull MailQuery query) throws MailFailure, InterruptedException {
        List<MailFailure> unreadable = new ArrayList<>();
        return result(read(query, null, time(), (id, failure) -> unreadable.add(failure)), unreadable);
    }

    private static ReadResult result(List<ReceivedMail> mails, List<MailFailure> unreadable) {
        return new ReadResult(
                mails, unreadable.stream().map(MailFailure::getMessage).toList());
    }

    private ReadTime time() {
        return new ReadTime(maxTime, nanoTime);
    }

    private List<ReceivedMail> read(
            MailQuery query, AttachmentSink sink, ReadTime limit, MailCollector.Unreadable unreadable)
            throws MailFailure, InterruptedException {
        return connected(limit, connection -> {
            ImapFolder folder = connection.examine(query.folder()).within(limit);
            folder.expect(query.ids(), query.folder());
            ReadBudget budget = new ReadBudget(maxBytes);
            MailAssembler assembler = new MailAssembler(sink, query, rule, budget, limit);
            return new MailCollector(
                            folder, query, new ImapSearch(query), rule, assembler, () -> budget, unreadable)
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
        return arrivals(wanted, after, id -> true);
    }

    /**
     * As {@link #arrivals(MailQuery, FolderPosition)}, for somebody who would rather look again than pass over a mail that
     * cannot be read: it may be the server that is not well.
     *
     * @param passesOver whether a mail with this id is passed over, asked each time it cannot be read; if not, the mails
     *     before it come, and without any it is a failure
     */
    @NonNull
    public Arrivals arrivals(
            @NonNull MailQuery wanted, @CheckForNull FolderPosition after, @NonNull Predicate<String> passesOver)
            throws MailFailure, InterruptedException {
        MailQuery query = wanted.toBuilder().newestFirst(false).build();
        ReadTime limit = time();
        return connected(limit, connection -> {
            ImapFolder folder = connection.examine(query.folder()).within(limit);
            boolean known = after != null && after.uidValidity() == folder.uidValidity();
            if (!known) {
                return Arrivals.none(folder.end(), after != null);
            }
            if (folder.hasNoneBehind(after.uid())) {
                return Arrivals.none(after, false);
            }
            FolderPosition end = new FolderPosition(folder.uidValidity(), folder.lastUid());
            if (end.uid() <= after.uid()) {
                return Arrivals.none(after, false);
            }
            // No more at once than a search may have to look at one by one.
            FolderPosition part = new FolderPosition(
                    end.uidValidity(), Math.min(end.uid(), after.uid() + MailCollector.MOST_LOOKED_AT));
            ImapSearch search = new ImapSearch(query, after.uid() + 1, part.uid());
            MailAssembler assembler = new MailAssembler(null, query, rule, new ReadBudget(maxBytes), limit);
            List<String> problems = new ArrayList<>();
            List<MailFailure> stop = new ArrayList<>();
            MailCollector collector = new MailCollector(
                    folder, query, search, rule, assembler, () -> new ReadBudget(maxBytes), (id, failure) -> {
                        if (!passesOver.test(id)) {
                            stop.add(failure);
                            throw failure;
                        }
                        problems.add(failure.getMessage());
                    });
            List<ReceivedMail> mails;
            try {
                mails = collector.collect();
            } catch (MailFailure failure) {
                if (!stop.contains(failure) || collector.collected().isEmpty()) {
                    throw failure;
                }
                mails = collector.collected();
                FolderPosition before =
                        FolderPosition.behind(mails.get(mails.size() - 1).id());
                return new Arrivals(mails, problems, before, true, false);
            }
            boolean full = mails.size() >= query.limit();
            FolderPosition position =
                    full ? FolderPosition.behind(mails.get(mails.size() - 1).id()) : part;
            return new Arrivals(mails, problems, position, full || part.uid() < end.uid(), false);
        });
    }

    /**
     * Changes mails that were read, and tries once.
     *
     * @param folder where they were read
     * @param ids {@link ReceivedMail#id()} of each
     * @param change what to do with them
     * @return the ids of those that are no longer there under that id; nothing was done with them
     * @throws MailFailure if it did not work, for all of them or for some
     * @throws InterruptedException if the thread was interrupted while it waited for a token
     */
    @NonNull
    public List<String> change(@NonNull String folder, @NonNull List<String> ids, @NonNull MailChange change)
            throws MailFailure, InterruptedException {
        return change(folder, ids, change, null);
    }

    /**
     * As {@link #change(String, List, MailChange)}, but what a server refuses for a while is tried again as long as the
     * time of a reading lasts.
     *
     * @param notices told in a sentence why it waits, each time
     */
    @NonNull
    public List<String> change(
            @NonNull String folder,
            @NonNull List<String> ids,
            @NonNull MailChange change,
            @CheckForNull Consumer<String> notices)
            throws MailFailure, InterruptedException {
        if (ids.isEmpty() || change.nothing()) {
            return List.of();
        }
        ReadTime limit = time();
        ImapChange work = new ImapChange(ids.stream().mapToLong(QueryRules::uid).toArray(), change);
        Patience.Attempt<List<String>> attempt = () -> connected(limit, connection -> {
            ImapFolder open = connection.select(folder);
            open.expect(ids, folder);
            work.carryOut(connection, open);
            return work.gone().stream()
                    .map(uid -> open.uidValidity() + ":" + uid)
                    .toList();
        });
        return notices == null ? attempt.make() : new Patience(limit, time, notices).insist(attempt);
    }

    private <T> T connected(ReadTime time, Work<T> work) throws MailFailure, InterruptedException {
        try (ContextLoader loader = new ContextLoader()) {
            Tokens.Login<ImapConnection> login = Tokens.login(
                    mailbox,
                    token -> ImapConnection.open(mailbox.imap(), timeouts, new ConnectionDeadline(), time)
                            .loggedIn(mailbox.user(), token.value()));
            try (ImapConnection connection = login.connection()) {
                return work.with(connection);
            } catch (MailFailure failure) {
                login.failed(failure);
                throw failure;
            }
        }
    }

    private interface Work<T> {
        T with(ImapConnection connection) throws MailFailure, InterruptedException;
    }
}
