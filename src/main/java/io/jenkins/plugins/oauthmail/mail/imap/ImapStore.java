package io.jenkins.plugins.oauthmail.mail.imap;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.connect.ContextLoader;
import io.jenkins.plugins.oauthmail.mail.connect.FolderSession;
import io.jenkins.plugins.oauthmail.mail.connect.Patience;
import io.jenkins.plugins.oauthmail.mail.connect.PatientStore;
import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.connect.Skipping;
import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.connect.Tokens;
import io.jenkins.plugins.oauthmail.mail.connect.Unreadable;
import io.jenkins.plugins.oauthmail.mail.model.Arrivals;
import io.jenkins.plugins.oauthmail.mail.model.AttachmentSink;
import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.MailChange;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.ReadResult;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.mail.received.MailAssembler;
import io.jenkins.plugins.oauthmail.mail.received.ReadBudget;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Reads a mailbox with IMAP. Logs in with XOAUTH2 only. */
public final class ImapStore extends PatientStore {

    private final ImapPool pool;
    private final AuthenticationRule rule;
    private final long maxBytes;

    /**
     * @param mailbox the mailbox whose IMAP server and tokens are used
     * @param rule decides whether the receiving server vouches for a sender
     * @param maxBytes the most that one read may fetch apart from message bodies, in bytes: all attachments together,
     *     plus messages that have to be fetched whole
     * @param maxTime the longest that one read may take, from connecting to the last attachment; when it is over, the
     *     read fails
     * @param nanoTime a clock like {@link System#nanoTime}
     * @param time clock for waiting between retries
     * @param keeps whether a connection is kept for the next call; otherwise each call opens its own
     */
    public ImapStore(
            Mailbox mailbox,
            AuthenticationRule rule,
            long maxBytes,
            Duration maxTime,
            Timeouts timeouts,
            LongSupplier nanoTime,
            TimeSource time,
            boolean keeps) {
        super(maxTime, nanoTime, time);
        this.pool = new ImapPool(mailbox, timeouts, time, keeps);
        this.rule = rule;
        this.maxBytes = maxBytes;
    }

    AuthenticationRule rule() {
        return rule;
    }

    /** The most that one read may fetch apart from message bodies, in bytes. */
    long maxBytes() {
        return maxBytes;
    }

    @Override
    protected ReadResult find(
            MailQuery query, @CheckForNull AttachmentSink sink, ReadDeadline limit, Unreadable unreadable)
            throws MailFailure, InterruptedException {
        return inPortions(limit, sink != null, (connection, portions) -> {
            Ahead search = new Ahead(ImapSearch.among(query, uids(query.ids())));
            AttachmentSink once = sink == null
                    ? null
                    : (id, name, content) -> {
                        connection.commit();
                        return sink.save(id, name, content);
                    };
            return read(connection.examine(query.folder(), search).within(limit), query, once, unreadable, portions);
        });
    }

    /** Reads an open folder. The result is without problems. */
    ReadResult read(ImapFolder folder, MailQuery query, AttachmentSink sink, Unreadable unreadable, Portions portions)
            throws MailFailure, InterruptedException {
        long[] uids = folder.uids(query.ids(), query.folder());
        ImapSearch search = ImapSearch.among(query, uids);
        ReadBudget budget = new ReadBudget(maxBytes);
        MailAssembler assembler = new MailAssembler(sink, query, rule, budget, folder.time());
        List<ReceivedMail> mails = new MailCollector(
                        folder, query, search, rule, assembler, () -> budget, unreadable, portions, true)
                .collect();
        boolean all = mails.size() >= Math.min(uids.length, query.limit());
        return new ReadResult(mails, List.of(), all ? List.of() : gone(folder, query.ids(), uids));
    }

    private static long[] uids(List<MailId> ids) throws MailFailure {
        long[] uids = new long[ids.size()];
        for (int i = 0; i < uids.length; i++) {
            uids[i] = ImapId.of(ids.get(i)).uid();
        }
        return uids;
    }

    /** Exchange gives a message a new UID when it is edited, so an id that a build has kept may no longer be valid. */
    private static List<MailId> gone(ImapFolder folder, List<MailId> ids, long[] uids) throws MailFailure {
        Set<Long> present = folder.present(Arrays.stream(uids).boxed().toList());
        return IntStream.range(0, uids.length)
                .filter(i -> !present.contains(uids[i]))
                .mapToObj(ids::get)
                .toList();
    }

    @Override
    @NonNull
    public Arrivals arrivals(
            @NonNull MailQuery wanted, @CheckForNull FolderPosition after, @NonNull Predicate<MailId> passesOver)
            throws MailFailure, InterruptedException {
        MailQuery query = wanted.toBuilder().newestFirst(false).build();
        ReadDeadline limit = limit();
        return inPortions(
                limit,
                false,
                (connection, portions) ->
                        arrivals(connection.examine(query.folder()).within(limit), query, after, passesOver, portions));
    }

    private Arrivals arrivals(
            ImapFolder folder,
            MailQuery query,
            @CheckForNull FolderPosition after,
            Predicate<MailId> passesOver,
            Portions portions)
            throws MailFailure, InterruptedException {
        ImapPosition begin = folder.begin(after).orElse(null);
        return begin == null
                ? Arrivals.none(folder.end().position(), after != null)
                : arrivals(folder, query, begin, passesOver, portions);
    }

    /** Reads an open folder; the query asks for the oldest messages first. */
    Arrivals arrivals(
            ImapFolder folder, MailQuery wanted, ImapPosition begin, Predicate<MailId> passesOver, Portions portions)
            throws MailFailure, InterruptedException {
        if (folder.hasNoneBehind(begin.uid())) {
            return Arrivals.none(begin.position(), false);
        }
        MailQuery query = begin.query(wanted);
        // No more at once than the number of messages that a search may have to check one by one.
        long last = Math.min(begin.uid() + MailCollector.MAX_CHECKED, begin.lastUid());
        ImapSearch next = ImapSearch.between(query, begin.uid() + 1, last);
        ImapId end = folder.id(folder.lastUid(new Ahead(next)));
        if (end.uid() <= begin.uid()) {
            return Arrivals.none(begin.position(), false);
        }
        ImapSearch search = next.upTo(end.uid());
        ImapId part = folder.id(search.lastUid());
        MailAssembler assembler = new MailAssembler(null, query, rule, new ReadBudget(maxBytes), folder.time());
        Skipping skipping = new Skipping(passesOver);
        MailCollector collector = new MailCollector(
                folder, query, search, rule, assembler, () -> new ReadBudget(maxBytes), skipping, portions, false);
        List<ReceivedMail> mails;
        try {
            mails = collector.collect();
        } catch (MailFailure failure) {
            boolean stopped = failure == skipping.stop() || isOver(folder.time());
            mails = collector.collected();
            ImapId before = later(last(mails, skipping), collector.checked());
            if (!stopped || before == null) {
                throw failure;
            }
            return new Arrivals(mails, skipping.problems(), begin.at(before).position(), true, false);
        }
        boolean full = mails.size() >= query.limit();
        ImapId position = full ? ImapId.of(mails.get(mails.size() - 1).id()) : part;
        boolean more = full || part.uid() < end.uid();
        return new Arrivals(mails, skipping.problems(), begin.at(position).position(), more, false);
    }

    /**
     * The last message that was read or skipped, oldest first, so that nothing in front of it is left to do; null if there
     * is none.
     */
    @CheckForNull
    static ImapId last(List<ReceivedMail> mails, Skipping skipping) throws MailFailure {
        ImapId read =
                mails.isEmpty() ? null : ImapId.of(mails.get(mails.size() - 1).id());
        // A message that has no UID is reported by its number.
        ImapId skipped = Optional.ofNullable(skipping.last())
                .flatMap(id -> ImapId.parse(id.value()))
                .orElse(null);
        return read == null || skipped != null && skipped.uid() > read.uid() ? skipped : read;
    }

    @CheckForNull
    static ImapId later(@CheckForNull ImapId last, @CheckForNull MailId checked) {
        ImapId other = Optional.ofNullable(checked)
                .flatMap(id -> ImapId.parse(id.value()))
                .orElse(null);
        return last == null || other != null && other.uid() > last.uid() ? other : last;
    }

    /**
     * Whether the time for reading is over, so that messages that were read before are returned. Otherwise a few that take
     * long would be fetched again and again.
     */
    static boolean isOver(ReadDeadline time) {
        return !time.leaves(Duration.ZERO) && !Thread.currentThread().isInterrupted();
    }

    @Override
    @NonNull
    public FolderSession folder(@NonNull String name) {
        return new ImapFolderSession(this, name);
    }

    @Override
    @NonNull
    public List<MailId> change(
            @NonNull String folder,
            @NonNull List<MailId> ids,
            @NonNull MailChange change,
            @CheckForNull Consumer<String> notices,
            @NonNull Consumer<MailId> changed)
            throws MailFailure, InterruptedException {
        if (ids.isEmpty() || change.nothing()) {
            return List.of();
        }
        ReadDeadline limit = limit();
        long[] wanted = uids(ids);
        ImapChange work = new ImapChange(wanted, change);
        Patience.Attempt<List<MailId>> attempt = () -> connected(limit, false, connection -> {
            ImapFolder open = connection.select(folder);
            long[] uids = open.uids(ids, folder);
            work.carryOut(connection, open);
            return IntStream.range(0, uids.length)
                    .filter(i -> work.gone().contains(uids[i]))
                    .mapToObj(ids::get)
                    .distinct()
                    .toList();
        });
        try {
            return patiently(limit, notices, attempt);
        } finally {
            Set<Long> done = work.changed();
            IntStream.range(0, wanted.length)
                    .filter(i -> done.contains(wanted[i]))
                    .mapToObj(ids::get)
                    .forEach(changed);
        }
    }

    /** Over another connection if an answer was too large. */
    private <T> T inPortions(ReadDeadline limit, boolean saves, PortionedWork<T> work)
            throws MailFailure, InterruptedException {
        Portions portions = new Portions();
        while (true) {
            try {
                return connected(limit, saves, connection -> work.with(connection, portions));
            } catch (MailFailure failure) {
                if (!portions.smaller()) {
                    throw failure;
                }
            }
        }
    }

    private interface PortionedWork<T> {
        T with(ImapConnection connection, Portions portions) throws MailFailure, InterruptedException;
    }

    /** @param saves whether the work includes saving attachments */
    private <T> T connected(ReadDeadline limit, boolean saves, Work<T> work) throws MailFailure, InterruptedException {
        pool.enter(limit, saves);
        try (ContextLoader loader = new ContextLoader()) {
            ImapPool.Lease lease = pool.borrow(limit);
            if (lease.reused()) {
                try {
                    return with(lease, work);
                } catch (MailFailure failure) {
                    if (!isWornOut(lease.connection(), failure)) {
                        throw failure;
                    }
                }
                lease = pool.open(limit);
            }
            return with(lease, work);
        } finally {
            pool.leave(saves);
        }
    }

    /** Whether the same may succeed at once over a new connection, and can be done again. */
    private static boolean isWornOut(ImapConnection connection, MailFailure failure) {
        return connection.isRepeatable()
                && !(failure.getCause() instanceof AnswerTooLarge)
                && !Thread.currentThread().isInterrupted()
                && connection.isInTime()
                && (connection.isEnded()
                        || failure.passing() && failure.retryAfter().isEmpty());
    }

    private <T> T with(ImapPool.Lease lease, Work<T> work) throws MailFailure, InterruptedException {
        boolean good = false;
        try {
            T done = work.with(lease.connection());
            good = true;
            return done;
        } catch (MailFailure failure) {
            lease.login().failed(failure);
            throw failure;
        } finally {
            pool.giveBack(lease, good);
        }
    }

    /**
     * Opens a connection for as long as the time limit allows. It takes one of the mailbox's places, so {@link #leave}
     * must follow.
     */
    Tokens.Login<ImapConnection> enter(ReadDeadline limit) throws MailFailure, InterruptedException {
        pool.enter(limit, false);
        boolean open = false;
        try {
            Tokens.Login<ImapConnection> login = pool.open(limit).login();
            open = true;
            return login;
        } finally {
            if (!open) {
                pool.leave(false);
            }
        }
    }

    /** Closes a connection that {@link #enter} opened. */
    void leave(ImapConnection connection) {
        try {
            connection.close();
        } finally {
            pool.leave(false);
        }
    }

    private interface Work<T> {
        T with(ImapConnection connection) throws MailFailure, InterruptedException;
    }

    /** Closes the connection that was kept. */
    @Override
    public void close() {
        pool.close();
    }
}
