package io.jenkins.plugins.oauthmail.mail.imap;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.oauthmail.mail.connect.ImapRefusal;
import io.jenkins.plugins.oauthmail.mail.connect.KnownReply;
import io.jenkins.plugins.oauthmail.mail.connect.MailFailures;
import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.received.QueryMatcher;
import io.jenkins.plugins.oauthmail.mail.received.ReceivedHeaders;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.eclipse.angus.mail.iap.Argument;
import org.eclipse.angus.mail.iap.Response;
import org.eclipse.angus.mail.imap.protocol.FetchResponse;
import org.eclipse.angus.mail.imap.protocol.IMAPResponse;
import org.eclipse.angus.mail.imap.protocol.UID;

/**
 * An open folder. Messages are addressed by sequence number: only SEARCH and FETCH are used, and a server must not
 * remove messages from the numbering during those (RFC 3501 section 7.4.1).
 */
public final class ImapFolder {

    /** The largest mailboxes have a few million messages. Several arrays of their numbers must fit into memory. */
    static final int MAX_MAILS = 10_000_000;

    /** How many messages a search may find beyond those that were announced; the memory for the result is limited. */
    private static final int MAX_UNANNOUNCED = 1000;

    /** Some servers only accept command lines of 8 KiB; this leaves room for the rest of the command. */
    private static final int MAX_SET_LENGTH = 5000;

    /** Of more messages, the fields with message IDs are not fetched to find replies. */
    private static final int MAX_ID_FIELDS = 500;

    /** Bytes of these fields; they have a few hundred in most messages. */
    private static final int MAX_ID_BYTES = 16 << 10;

    private final ImapConnection connection;
    private final String mailbox;
    private final int total;
    private final long uidValidity;
    private final long uidNext;
    private final ReadDeadline time;
    private Ahead ahead;
    /** The highest sequence number that the server has announced. */
    private int highest;

    /**
     * @param mailbox see {@link Mailbox#mark}; null if it is not known
     * @param state nothing is missing in it
     * @param ahead what was sent together with the command that opened the folder
     */
    ImapFolder(ImapConnection connection, @CheckForNull String mailbox, FolderState state, Ahead ahead) {
        this.connection = connection;
        this.mailbox = mailbox;
        this.total = Math.toIntExact(Objects.requireNonNull(state.mails()));
        this.highest = total;
        this.uidValidity = Objects.requireNonNull(state.uidValidity());
        this.uidNext = Objects.requireNonNull(state.uidNext());
        this.time = ReadDeadline.ENDLESS;
        this.ahead = ahead;
    }

    private ImapFolder(ImapFolder folder, ReadDeadline time) {
        this.connection = folder.connection;
        this.mailbox = folder.mailbox;
        this.total = folder.total;
        this.highest = folder.highest;
        this.uidValidity = folder.uidValidity;
        this.uidNext = folder.uidNext;
        this.time = time;
        this.ahead = folder.ahead;
    }

    /** The same folder with a time limit, after which nothing more is fetched. */
    public ImapFolder within(ReadDeadline limit) {
        return new ImapFolder(this, limit);
    }

    public long uidValidity() {
        return uidValidity;
    }

    /** The permanent id of a message in this folder. */
    ImapId id(long uid) {
        return new ImapId(uidValidity, mailbox, uid);
    }

    /** Whether an id or position is of this mailbox, and the server has not renumbered the folder since. */
    boolean isNumberedAs(ImapId id) {
        return id.mayBeIn(mailbox) && id.uidValidity() == uidValidity && id.uid() < uidNext;
    }

    /**
     * A position that was found earlier, or a time.
     *
     * @return empty if there is none, if it is of another mailbox, or if the server has renumbered the folder since
     */
    Optional<ImapPosition> begin(@CheckForNull FolderPosition position) {
        Instant time = position == null ? null : position.time();
        return time != null
                ? Optional.of(ImapPosition.since(id(0), time, uidNext))
                // An earlier version did not write the mailbox.
                : ImapPosition.of(position)
                        .filter(known -> isNumberedAs(known.id()))
                        .map(known -> known.at(id(known.uid())));
    }

    /** How many messages there were when the folder was opened. */
    int total() {
        return total;
    }

    /** Whether no message has come or gone since another folder was opened, so that the numbers mean the same. */
    boolean isNumberedAs(ImapFolder before) {
        return total == before.total && uidNext == before.uidNext && uidValidity == before.uidValidity;
    }

    /** Whether the server has removed messages since the folder was opened, so that the numbers mean others now. */
    boolean isShifted() {
        // Exchange also does that with numbers that never existed.
        return connection.pipeline().removed() <= total;
    }

    /** Whether the server has said that no message has a higher UID. */
    public boolean hasNoneBehind(long uid) {
        return uidNext <= uid + 1;
    }

    /**
     * The position after all existing messages.
     *
     * @throws MailFailure if the server does not make the position certain, because from an earlier one existing
     *     messages would count as new
     */
    ImapId end() throws MailFailure {
        lastUid();
        return id(uidNext - 1);
    }

    /**
     * The highest UID of the existing messages, 0 if there are none. UIDNEXT cannot be used, because some servers raise
     * it shortly before the message can be found.
     *
     * @throws MailFailure if there are messages, but the server does not say their UID
     */
    public long lastUid() throws MailFailure {
        return lastUid(new Ahead(null));
    }

    /**
     * Same as {@link #lastUid()}.
     *
     * @param searching what will be searched for next
     */
    long lastUid(Ahead searching) throws MailFailure {
        if (total == 0) {
            return 0;
        }
        ahead = searching;
        return lastUid(fetch(List.of(new Wanted(new int[] {total}, "UID")), searching));
    }

    /** @param fetched the answer to a FETCH of the UID of the last message, and perhaps others */
    long lastUid(FetchResult fetched) throws MailFailure {
        Long uid = fetched.uid(total);
        if (uid == null) {
            // For messages that it cannot convert, Exchange does not even FETCH the UID, but SEARCH finds them.
            uid = uidOf(total);
        }
        if (uid == null) {
            throw MailFailures.silent(Layer.FOLDER, Messages.ImapFolder_noUid(connection.endpoint()));
        }
        if (uid >= uidNext) {
            throw badNumber(uid);
        }
        return uid;
    }

    /** The UID of a message for which FETCH did not return it; null if the server does not find the message either. */
    @CheckForNull
    Long uidOf(int number) throws MailFailure {
        ServerAnswer answer = ask("UID SEARCH", new Argument().writeAtom(String.valueOf(number)));
        if (!answer.ok()) {
            if (isOfTheMail(answer)) {
                return null;
            }
            throw notFound(answer);
        }
        long[] found = numbers(answer, FolderState.MAX_NUMBER);
        return found.length == 1 ? found[0] : null;
    }

    /**
     * The UIDs of messages that were read from this folder earlier.
     *
     * @throws MailFailure if an id belongs to another mailbox or folder, or the server has renumbered this one since
     */
    public long[] uids(List<MailId> ids, String folder) throws MailFailure {
        long[] uids = new long[ids.size()];
        for (int i = 0; i < uids.length; i++) {
            ImapId id = ImapId.of(ids.get(i));
            if (!id.mayBeIn(mailbox)) {
                throw new MailFailure(Layer.FOLDER, ids.get(i).elsewhere());
            }
            if (id.uidValidity() != uidValidity()) {
                throw new MailFailure(Layer.FOLDER, Messages.ImapFolder_renumbered(id, QuotedText.clean(folder)));
            }
            uids[i] = id.uid();
        }
        return uids;
    }

    /** The numbers of the messages that the server finds, in order of arrival; no matching message is missing. */
    MessageNumbers search(ImapSearch search) throws MailFailure {
        if (total == 0) {
            return MessageNumbers.all(0);
        }
        BitSet found = search.commandsForManyIds() > 0 ? replies(search) : null;
        if (found == null) {
            found = search(search, search.plan(connection.isExchange()));
        }
        return found == null
                ? MessageNumbers.all(total)
                : MessageNumbers.of(found.stream().toArray());
    }

    /**
     * Finds replies to many messages by the header fields that name them.
     *
     * @return null if there are so many messages that a search takes fewer commands
     */
    @CheckForNull
    private BitSet replies(ImapSearch search) throws MailFailure {
        int atOnce = maxConverted(MAX_ID_FIELDS);
        int most = Math.min(MAX_ID_FIELDS, search.commandsForManyIds() / 2 * atOnce);
        ImapSearch others = search.withoutIds();
        ImapSearch.Plan plan = others.plan(connection.isExchange());
        if (plan.isEmpty() && total > most) {
            return null;
        }
        BitSet searched = search(others, plan);
        int[] numbers = searched == null
                ? IntStream.rangeClosed(1, total).toArray()
                : searched.stream().toArray();
        if (numbers.length > most) {
            return null;
        }
        List<Wanted> groups = new ArrayList<>();
        for (int from = 0; from < numbers.length; from += atOnce) {
            int[] some = Arrays.copyOfRange(numbers, from, Math.min(numbers.length, from + atOnce));
            groups.add(new Wanted(
                    some,
                    "BODY.PEEK[HEADER.FIELDS (" + String.join(" ", QueryMatcher.ID_FIELDS) + ")]<0." + MAX_ID_BYTES
                            + ">"));
        }
        FetchResult fetched = fetch(groups);
        BitSet replies = new BitSet();
        for (int number : numbers) {
            byte[] header = fetched.header(number);
            // What is not known here is decided when the whole message is fetched.
            if (header == null
                    || header.length >= MAX_ID_BYTES
                    || search.namesAnId(new ReceivedHeaders(header, MAX_ID_BYTES))) {
                replies.set(number);
            }
        }
        return replies;
    }

    /** Returns null if there is no condition to search for. */
    @CheckForNull
    private BitSet search(ImapSearch search, ImapSearch.Plan plan) throws MailFailure {
        try {
            return plan.isEmpty() ? null : found(search, plan);
        } catch (CharsetRefused e) {
            return search(search, search.plan(true));
        }
    }

    private BitSet found(ImapSearch search, ImapSearch.Plan plan) throws MailFailure, CharsetRefused {
        if (!plan.searchesBodiesApart(connection)) {
            List<List<BitSet>> results = results(plan, plan.commands(true));
            if (!plan.asksForBodies() || plan.isNarrowed() || results.stream().noneMatch(ImapFolder::mayBeCut)) {
                return combined(results);
            }
            // This may be an Exchange that does not greet as one.
        }
        BitSet others = combined(results(plan, plan.commands(false)));
        return both(others, bodies(plan, search.firstUid(), Math.min(search.lastUid(), uidNext)));
    }

    private List<List<BitSet>> results(ImapSearch.Plan plan, List<List<Argument>> commands)
            throws MailFailure, CharsetRefused {
        List<List<BitSet>> results = new ArrayList<>();
        for (List<Argument> some : commands) {
            List<BitSet> found = new ArrayList<>();
            for (Argument arguments : some) {
                found.add(search(plan, arguments));
            }
            results.add(found);
        }
        return results;
    }

    private static boolean mayBeCut(List<BitSet> results) {
        return results.stream().anyMatch(found -> found.cardinality() >= ExchangeQuirks.MAX_TRUSTED_BODIES);
    }

    /** Returns null if there are no results. */
    @CheckForNull
    private static BitSet combined(List<List<BitSet>> results) {
        BitSet wanted = null;
        for (List<BitSet> some : results) {
            BitSet found = new BitSet();
            some.forEach(found::or);
            wanted = both(wanted, found);
        }
        return wanted;
    }

    private static BitSet both(BitSet some, BitSet more) {
        if (some != null) {
            more.and(some);
        }
        return more;
    }

    private BitSet bodies(ImapSearch.Plan plan, long first, long last) throws MailFailure, CharsetRefused {
        return complete(plan, first, last, search(plan, plan.between(first, last)));
    }

    /**
     * Searches each half of many results again. Only if there are more in the halves than in the whole, the server has
     * left out some, and the same is done with each half.
     */
    private BitSet complete(ImapSearch.Plan plan, long first, long last, BitSet found)
            throws MailFailure, CharsetRefused {
        int count = found.cardinality();
        if (count < ExchangeQuirks.MAX_TRUSTED_BODIES || first >= last) {
            return found;
        }
        int number = found.stream().skip(count / 2).findFirst().orElseThrow();
        Long uid = fetch(new int[] {number}, "UID").uid(number);
        boolean halved = uid != null && uid > first && uid <= last;
        long middle = halved ? uid - 1 : (first + last) / 2;
        BitSet older = search(plan, plan.between(first, middle));
        BitSet newer = search(plan, plan.between(middle + 1, last));
        if (!halved || older.cardinality() + newer.cardinality() > count) {
            older = complete(plan, first, middle, older);
            newer = complete(plan, middle + 1, last, newer);
        }
        found.or(older);
        found.or(newer);
        return found;
    }

    private BitSet search(ImapSearch.Plan plan, Argument arguments) throws MailFailure, CharsetRefused {
        String command = plan.command();
        time.check();
        ServerAnswer sooner = ahead.answer(connection);
        ServerAnswer answer = sooner == null ? ask(command, arguments) : heeded(sooner);
        if (answer.refused() && command.contains("CHARSET") && isOfTheMail(answer)) {
            throw new CharsetRefused();
        }
        if (!answer.ok()) {
            throw notFound(answer);
        }
        long[] numbers = found(answer, MAX_MAILS);
        announce(LongStream.of(numbers).max().orElse(0));
        BitSet found = new BitSet();
        for (long number : numbers) {
            found.set((int) number);
        }
        return found;
    }

    /**
     * Makes sure that the server has announced a message that it has found. Exchange may do so later ([MS-STANXIMAP]
     * V0055), but before it answers the next NOOP.
     */
    private void announce(long number) throws MailFailure {
        highest = Math.max(highest, Math.min(connection.pipeline().announced(), MAX_MAILS));
        if (number <= highest) {
            return;
        }
        ServerAnswer answer = ask("NOOP", null);
        if (!answer.ok()) {
            throw notFound(answer);
        }
        if (number > highest) {
            throw badNumber(number);
        }
    }

    /** The server only supports US-ASCII. */
    private static final class CharsetRefused extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** How many messages may be described or returned by one command. */
    int maxConverted(int usual) {
        return connection.isExchange() ? Math.min(usual, ExchangeQuirks.MAX_CONVERTED) : usual;
    }

    private MailFailure notFound(ServerAnswer answer) {
        return connection.failure(Layer.FOLDER, Messages.ImapFolder_notFound(connection.endpoint()), answer);
    }

    /** @throws MailFailure also if the server does not say what it found, not even that it found nothing */
    private long[] found(ServerAnswer answer, long largest) throws MailFailure {
        if (!answer.tells("SEARCH") && !answer.tells("ESEARCH")) {
            throw MailFailures.silent(Layer.FOLDER, Messages.ImapFolder_nothingFound(connection.endpoint()));
        }
        return numbers(answer, largest);
    }

    private long[] numbers(ServerAnswer answer, long largest) throws MailFailure {
        LongStream.Builder found = LongStream.builder();
        int left = highest + MAX_UNANNOUNCED;
        for (Response response : answer.data()) {
            if (!(response instanceof IMAPResponse told)) {
                continue;
            }
            try {
                if (told.keyEquals("SEARCH")) {
                    left -= SearchResult.plain(told, found, largest, left);
                } else if (told.keyEquals("ESEARCH")) {
                    left -= SearchResult.extended(told.getRest(), found, largest, left);
                }
            } catch (NumberFormatException e) {
                throw badNumber(e.getMessage());
            }
        }
        return found.build().toArray();
    }

    /** The failure for an answer that is larger than what was asked for, in bytes. */
    MailFailure excess(long bytes, long most) {
        return connection.excess(bytes, most);
    }

    private MailFailure badNumber(Object number) {
        return MailFailures.silent(
                Layer.FOLDER,
                Messages.ImapFolder_badNumber(connection.endpoint(), QuotedText.quoted(String.valueOf(number))));
    }

    /**
     * Fetches data about many messages with one FETCH, or with several if their numbers do not fit into one command
     * line.
     *
     * @return what the server sent; items or messages may be missing
     * @throws MailFailure if the server refuses for a reason that does not lie in these messages
     */
    FetchResult fetch(int[] numbers, String items) throws MailFailure {
        return fetch(List.of(new Wanted(numbers, items)));
    }

    /** Data items of some messages. */
    record Wanted(int[] numbers, String items) {}

    /** Same as {@link #fetch(int[], String)}, for several groups of messages in one round trip. */
    FetchResult fetch(List<Wanted> groups) throws MailFailure {
        return fetch(groups, new Ahead(null));
    }

    private FetchResult fetch(List<Wanted> groups, Ahead next) throws MailFailure {
        time.check();
        next.prepare(connection);
        connection.pipeline().drain();
        List<Pipeline.Asked> sent = new ArrayList<>();
        for (Wanted group : groups) {
            int from = 0;
            while (from < group.numbers().length) {
                int count = fitting(group.numbers(), from);
                int[] some = Arrays.copyOfRange(group.numbers(), from, from + count);
                sent.add(connection.send(command(some, group.items()), null, null));
                from += count;
            }
        }
        next.send(connection);
        FetchResult fetched = new FetchResult();
        for (Pipeline.Asked one : sent) {
            fetched.add(checked(heeded(connection.answer(one))));
        }
        return fetched;
    }

    private static String command(int[] numbers, String items) {
        return "FETCH " + SequenceSet.set(IntStream.of(numbers).asLongStream().toArray()) + " (" + items + ")";
    }

    /** Must be checked while fetched messages are processed. */
    ReadDeadline time() {
        return time;
    }

    /** @throws MailFailure if a FETCH was refused for a reason that does not lie in its messages */
    private ServerAnswer checked(ServerAnswer answer) throws MailFailure {
        if (!answer.ok() && !isOfTheMail(answer)) {
            throw connection.failure(Layer.MESSAGE, Messages.ImapFolder_notFetched(connection.endpoint()), answer);
        }
        for (Response response : answer.data()) {
            if (response instanceof FetchResponse fetch) {
                connection.learnFrom(fetch);
            }
            UID told = response instanceof FetchResponse fetch ? fetch.getItem(UID.class) : null;
            if (told != null && (told.uid < 1 || told.uid > FolderState.MAX_NUMBER)) {
                throw badNumber(told.uid);
            }
        }
        return answer;
    }

    /** Whether a refusal is about the requested messages, so that other messages can still be read. */
    private static boolean isOfTheMail(ServerAnswer answer) {
        return answer.refused()
                && !ExchangeQuirks.isAboutSession(answer.said())
                && !ImapRefusal.of(answer.said()).isTemporary()
                && KnownReply.in(answer.said()).isEmpty();
    }

    private ServerAnswer ask(String command, Argument arguments) throws MailFailure {
        time.check();
        return heeded(connection.ask(command, arguments));
    }

    private ServerAnswer heeded(ServerAnswer answer) throws MailFailure {
        for (Response response : answer.data()) {
            if (response instanceof IMAPResponse told) {
                heed(told);
            }
        }
        return answer;
    }

    /** Must be called for untagged data that comes with a FETCH. */
    void heed(IMAPResponse told) throws MailFailure {
        if (told.keyEquals("EXISTS")) {
            highest = Math.max(highest, Math.min(told.getNumber(), MAX_MAILS));
        }
        // Exchange also sends EXPUNGE for numbers that never existed.
        if (told.keyEquals("EXPUNGE") && told.getNumber() <= total) {
            throw MailFailure.temporary(Layer.FOLDER, Messages.ImapFolder_shifted(connection.endpoint()));
        }
    }

    /**
     * Which of these messages exist; sequence numbers may change meanwhile.
     *
     * @param uids UIDs of a few messages
     */
    Set<Long> present(Collection<Long> uids) throws MailFailure {
        String set = SequenceSet.set(uids.stream().mapToLong(Long::longValue).toArray());
        ServerAnswer answer =
                connection.ask("UID SEARCH", new Argument().writeAtom("UID").writeAtom(set));
        if (!answer.ok()) {
            throw notFound(answer);
        }
        Set<Long> present = new TreeSet<>();
        for (long uid : found(answer, FolderState.MAX_NUMBER)) {
            if (uids.contains(uid)) {
                present.add(uid);
            }
        }
        return present;
    }

    /** The UIDs of all messages that are not marked as seen, in ascending order. */
    long[] unseen() throws MailFailure {
        if (total == 0) {
            return new long[0];
        }
        ServerAnswer answer = ask("UID SEARCH", new Argument().writeAtom("UNSEEN"));
        if (!answer.ok()) {
            throw notFound(answer);
        }
        return Arrays.stream(found(answer, FolderState.MAX_NUMBER)).sorted().toArray();
    }

    /** The numbers of a sequence set from the server, which may be empty. */
    Set<Long> numbers(String set) throws MailFailure {
        LongStream.Builder numbers = LongStream.builder();
        try {
            if (!set.isEmpty()) {
                SearchResult.set(set, numbers, FolderState.MAX_NUMBER, Math.max(1, total));
            }
        } catch (NumberFormatException e) {
            throw badNumber(e.getMessage());
        }
        Set<Long> all = new TreeSet<>();
        numbers.build().forEach(all::add);
        return all;
    }

    /** Sends a FETCH about some messages without waiting for the answer to the one before. */
    Pipeline.Asked send(int[] numbers, String items, Consumer<Response> taker) {
        return connection.send(command(numbers, items), null, taker);
    }

    /** How many of the numbers fit into one command. */
    int fitting(int[] numbers, int from) {
        return SequenceSet.fitting(numbers, from, MAX_SET_LENGTH);
    }

    /** Reads the answers to commands that are no longer of interest. */
    void drain() {
        connection.pipeline().drain();
    }

    /** Reads answers to {@link #send} until something is true, or the session is over. */
    void read(Pipeline.Enough enough) {
        connection.pipeline().read(enough);
    }

    /**
     * The answer to a FETCH that was sent with {@link #send}.
     *
     * @throws MailFailure if it was refused for a reason that does not lie in the message
     */
    ServerAnswer fetched(Pipeline.Asked fetch) throws MailFailure {
        return checked(connection.answer(fetch));
    }

    /** Whether the server is known to return no more of a part than was asked for. */
    boolean returnsPortions() {
        return connection.returnsPortions();
    }

    /** Whether the sizes in descriptions are those of the content. */
    boolean announcesExactSizes() {
        return !connection.isExchange();
    }

    /** Whether the server ends the session after some faulty commands. */
    boolean endsAfterFaults() {
        return connection.isExchange();
    }
}
