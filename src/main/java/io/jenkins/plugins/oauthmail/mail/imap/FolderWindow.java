package io.jenkins.plugins.oauthmail.mail.imap;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.received.ContentUnavailable;
import io.jenkins.plugins.oauthmail.mail.received.PartWalker;
import io.jenkins.plugins.oauthmail.mail.received.ReadBudget;
import io.jenkins.plugins.oauthmail.mail.received.ReceivedHeaders;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.eclipse.angus.mail.imap.protocol.BODYSTRUCTURE;
import org.eclipse.angus.mail.imap.protocol.FLAGS;

/**
 * The newest messages of an open folder, fetched once for many who ask for some of them: first the headers, then the
 * structures and the bodies of those that may match for somebody. What was fetched is kept, within limits.
 */
final class FolderWindow implements AutoCloseable {
    private static final String METADATA = "UID FLAGS INTERNALDATE";

    /** Of a few messages, the structure is fetched together with the headers. */
    private static final int FEW = 20;

    private static final int MAX_AT_ONCE = 500;

    /** Bytes of headers to fetch together, which leaves room in the answer for the structures of the messages. */
    private static final long HEADERS_AT_ONCE = ImapWire.MAX_BYTES / 4 * 3;

    /** Bytes of texts that are kept in memory. */
    private static final long MAX_TEXT_BYTES = 16L << 20;

    /** Bytes of headers that are kept in memory; those of two thousand usual messages have a tenth of it. */
    static final long MAX_HEADER_BYTES = 32L << 20;

    /** Bytes of structures that are kept in memory, where they take up to nine times as much. */
    static final long MAX_STRUCTURE_BYTES = 4L << 20;

    /** How many messages that were fetched whole are kept in temporary files. */
    private static final int MAX_WHOLE = 10;

    private final ImapFolder folder;
    private final String name;
    private final AuthenticationRule rule;
    private final long maxBytes;
    private final Portions portions;
    private final TreeMap<Long, WindowMail> mails = new TreeMap<>();
    /** Messages of which the server does not even say the UID. */
    private final List<WindowMail> nameless = new ArrayList<>();
    /** No existing message from this UID on is missing here; null if nothing has been fetched. */
    private Long firstUid;
    /** From this UID on, there are too many messages; 0 if that has not been found out. */
    private long tooMany;

    private Long lastUid;
    /** The numbers of the last messages by UID; empty if the server does not say all of their UIDs. */
    private final TreeMap<Long, Integer> lastNumbers = new TreeMap<>();

    private long[] unseen;
    /** Whether the flags are those of before the folder was opened again. */
    private boolean hasOldFlags;

    /**
     * @param name full name of the folder
     * @param maxBytes the maximum size of a message that has to be fetched whole
     * @param portions told of answers that are too large
     */
    FolderWindow(ImapFolder folder, String name, AuthenticationRule rule, long maxBytes, Portions portions) {
        this.folder = folder;
        this.name = name;
        this.rule = rule;
        this.maxBytes = maxBytes;
        this.portions = portions;
    }

    ImapFolder folder() {
        return folder;
    }

    AuthenticationRule rule() {
        return rule;
    }

    /** {@link ImapFolder#lastUid}, asked for once, together with the UIDs of some messages before that one. */
    long lastUid() throws MailFailure {
        if (lastUid == null) {
            int total = folder.total();
            int[] numbers =
                    IntStream.rangeClosed(Math.max(1, total - FEW), total).toArray();
            FetchResult uids = folder.fetch(numbers, "UID");
            lastUid = total == 0 ? 0 : folder.lastUid(uids);
            if (IntStream.of(numbers).allMatch(number -> uids.uid(number) != null)) {
                IntStream.of(numbers).forEach(number -> lastNumbers.put(uids.uid(number), number));
            }
        }
        return lastUid;
    }

    /** The numbers of the messages from one UID up to another one, both included. */
    private int[] numbers(long from, long to) throws MailFailure {
        boolean known = !lastNumbers.isEmpty() && (lastNumbers.firstKey() <= from || lastNumbers.containsValue(1));
        if (known) {
            return lastNumbers.subMap(from, true, to, true).values().stream()
                    .mapToInt(Integer::intValue)
                    .sorted()
                    .toArray();
        }
        MessageNumbers found =
                from <= 1 && to == lastUid() ? MessageNumbers.all(folder.total()) : folder.search(between(from, to));
        return found.some(0, found.size(), false);
    }

    private ImapSearch between(long from, long to) {
        return ImapSearch.between(MailQuery.in(name).build(), from, to);
    }

    /** The UIDs of all messages that are not marked as seen, in ascending order; asked for once. */
    long[] unseen() throws MailFailure {
        if (unseen == null) {
            unseen = folder.unseen();
        }
        return unseen.clone();
    }

    /**
     * Fetches all messages from a UID on, unless there are too many or their headers are too large.
     *
     * @param most the maximum number of messages
     * @return whether they are here now
     */
    boolean reachesBackTo(long uid, int most) throws MailFailure {
        long last = lastUid();
        if (uid > last || firstUid != null && uid >= firstUid) {
            return true;
        }
        if (uid <= tooMany || uid <= 1 && folder.total() > most) {
            return false;
        }
        int[] missing = numbers(uid, firstUid == null ? last : firstUid - 1);
        if (missing.length + mails.size() > most) {
            tooMany = uid;
            return false;
        }
        trim(List.of());
        if (!load(missing)) {
            tooMany = uid;
            return false;
        }
        firstUid = uid;
        return true;
    }

    /** Fetches single messages that are not here yet; those that no longer exist are left out. */
    void add(Collection<Long> uids) throws MailFailure {
        long[] missing = uids.stream()
                .filter(uid -> !mails.containsKey(uid))
                .mapToLong(Long::longValue)
                .toArray();
        if (missing.length > 0) {
            trim(List.of());
            if (headerBytes() > MAX_HEADER_BYTES / 2) {
                // Single ones that somebody else asked for.
                mails.values().removeIf(mail -> mail.whole == null && isSingle(mail) && !uids.contains(uid(mail)));
            }
            MessageNumbers found =
                    folder.search(ImapSearch.among(MailQuery.in(name).build(), missing));
            for (int[] some : portions(found.some(0, found.size(), false))) {
                loadSome(some, missing.length <= FEW);
            }
        }
    }

    private boolean isSingle(WindowMail mail) {
        return firstUid == null || uid(mail) < firstUid;
    }

    private static long uid(WindowMail mail) {
        return ImapId.parse(mail.id.value()).map(ImapId::uid).orElse(0L);
    }

    /** Fetches messages; returns false, and keeps none of them, if their headers are too large to be kept. */
    private boolean load(int[] numbers) throws MailFailure {
        boolean structures = numbers.length <= FEW;
        Set<Long> before = Set.copyOf(mails.keySet());
        int nameless = this.nameless.size();
        boolean complete = false;
        try {
            for (int[] some : portions(numbers)) {
                loadSome(some, structures);
                if (headerBytes() > MAX_HEADER_BYTES) {
                    return false;
                }
            }
            complete = true;
            return true;
        } finally {
            if (!complete) {
                mails.keySet().retainAll(before);
                this.nameless.subList(nameless, this.nameless.size()).clear();
            }
        }
    }

    /** The size of the headers that are kept, in bytes. */
    long headerBytes() {
        return mails.values().stream().mapToLong(WindowMail::headerBytes).sum();
    }

    /** The size of the structures that are kept, in bytes. */
    long structureBytes() {
        return mails.values().stream().mapToLong(mail -> mail.structureBytes).sum();
    }

    /** Releases what can be fetched again if it is too much. */
    private void trim(List<WindowMail> kept) {
        if (structureBytes() <= MAX_STRUCTURE_BYTES && headerBytes() <= MAX_HEADER_BYTES) {
            return;
        }
        Set<WindowMail> needed = new HashSet<>(kept);
        for (WindowMail mail : mails.values()) {
            if (mail.whole == null && !needed.contains(mail)) {
                mail.releaseDescription();
            }
        }
    }

    private List<int[]> portions(int[] numbers) {
        int most = Math.min(portions.most(), folder.maxConverted(MAX_AT_ONCE));
        List<int[]> some = new ArrayList<>();
        for (int from = 0; from < numbers.length; from += most) {
            some.add(Arrays.copyOfRange(numbers, from, Math.min(numbers.length, from + most)));
        }
        return some;
    }

    private void loadSome(int[] numbers, boolean structures) throws MailFailure {
        Long only = portions.most() > 1 ? null : folder.fetch(numbers, "UID").uid(numbers[0]);
        if (portions.leavesOut(only)) {
            WindowMail mail = new WindowMail(id(only), numbers[0], null, null);
            mail.tooLarge = true;
            mail.unreadable = unreadable(mail.id.value(), Messages.MailCollector_tooLarge(), null);
            put(only, mail);
            return;
        }
        int octets = headerBytes(numbers.length);
        FetchResult fetched = fetch(
                numbers,
                only,
                METADATA
                        + (structures ? " BODYSTRUCTURE " : " ")
                        + header("HEADER.FIELDS (" + ReceivedHeaders.FIELDS + ")", octets));
        for (int number : numbers) {
            folder.time().check();
            Long uid = fetched.uid(number);
            FetchResult about = uid == null ? folder.fetch(new int[] {number}, METADATA) : fetched;
            uid = uid == null ? uid(about, number) : uid;
            if (uid == null && about.saysGone()) {
                continue;
            }
            WindowMail mail = new WindowMail(
                    uid == null ? new MailId("#" + number) : id(uid),
                    number,
                    about.item(number, FLAGS.class),
                    about.received(number));
            if (uid == null) {
                mail.unreadable = unreadable(mail.id.value(), ContentUnavailable.mail(about.last()), null);
                nameless.add(mail);
                continue;
            }
            byte[] header = fetched.header(number);
            mail.headers = header == null ? null : new ReceivedHeaders(header, octets);
            if (structures) {
                structure(mail, fetched, header == null ? 0 : header.length);
            }
            mail.onlyWhole = header == null || structures && mail.structure == null;
            put(uid, mail);
        }
    }

    private void put(Long uid, WindowMail mail) {
        WindowMail before = mails.put(uid, mail);
        if (before != null) {
            // It may have been fetched whole as a single one.
            before.releaseContent();
        }
    }

    /** @param others the size of what was fetched together with it, in bytes */
    private static void structure(WindowMail mail, FetchResult fetched, long others) {
        mail.structure = fetched.item(mail.number, BODYSTRUCTURE.class);
        mail.structureBytes = mail.structure == null ? 0 : Math.max(0, fetched.size(mail.number) - others);
    }

    private FetchResult fetch(int[] numbers, Long only, String items) throws MailFailure {
        try {
            return folder.fetch(numbers, items);
        } catch (MailFailure failure) {
            portions.failed(failure, numbers.length, only);
            throw failure;
        }
    }

    private static int headerBytes(int mails) {
        return (int) Math.min(ReceivedHeaders.MAX_BYTES, HEADERS_AT_ONCE / mails);
    }

    private static String header(String section, int octets) {
        return "BODY.PEEK[" + section + "]<0." + octets + ">";
    }

    @CheckForNull
    private Long uid(FetchResult about, int number) throws MailFailure {
        Long uid = about.uid(number);
        return uid == null && !about.saysGone() ? folder.uidOf(number) : uid;
    }

    private MailId id(long uid) {
        return folder.id(uid).mailId();
    }

    private MailFailure unreadable(String id, String why, @CheckForNull Exception cause) {
        return new MailFailure(Layer.MESSAGE, Messages.MailCollector_unreadable(id, name, why), cause);
    }

    /** The messages after a UID that are here, and further ones, in order of arrival. */
    List<WindowMail> after(long uid, Set<Long> further) throws MailFailure {
        List<WindowMail> all = new ArrayList<>();
        for (Long one : further) {
            WindowMail mail = one > uid ? null : mails.get(one);
            if (mail != null) {
                all.add(mail);
            }
        }
        all.addAll(mails.tailMap(uid, false).values());
        if (hasOldFlags && !all.isEmpty()) {
            updateFlags();
        }
        all.addAll(nameless);
        return all;
    }

    private void updateFlags() throws MailFailure {
        int[] numbers = mails.values().stream().mapToInt(mail -> mail.number).toArray();
        FetchResult flags = folder.fetch(numbers, "UID FLAGS");
        for (WindowMail mail : mails.values()) {
            FLAGS now = flags.item(mail.number, FLAGS.class);
            mail.flags = now == null ? mail.flags : now;
        }
        hasOldFlags = false;
    }

    /** Fetches what decides whether a message has attachments and where its texts are. */
    void describe(List<WindowMail> some) throws MailFailure {
        int[] unknown = some.stream()
                .filter(mail -> !mail.onlyWhole && mail.structure == null && mail.unreadable == null)
                .mapToInt(mail -> mail.number)
                .sorted()
                .toArray();
        trim(some);
        Map<Integer, FetchResult> structures = new HashMap<>();
        for (int[] numbers : portions(unknown)) {
            FetchResult fetched = fetch(numbers, null, "UID BODYSTRUCTURE");
            for (int number : numbers) {
                structures.put(number, fetched);
            }
        }
        for (WindowMail mail : some) {
            FetchResult fetched = structures.get(mail.number);
            if (fetched != null) {
                structure(mail, fetched, 0);
                mail.onlyWhole = mail.structure == null;
            }
            ReceivedHeaders headers = mail.headers;
            boolean open = mail.parts == null && mail.unreadable == null && !mail.onlyWhole;
            if (open && mail.structure != null && headers != null) {
                RemotePart root = RemotePart.root(folder, mail.number, mail.structure, headers);
                mail.onlyWhole = root.isMisread();
                mail.parts = mail.onlyWhole ? null : new PartWalker(root, folder.time());
            }
        }
    }

    /** Fetches the texts of the first of these messages, as many as fit into memory together; returns how many. */
    int fetchTexts(List<WindowMail> some) throws MailFailure {
        TextPrefetch texts = new TextPrefetch(folder);
        List<WindowMail> fetched = new ArrayList<>();
        int count = 0;
        while (count < some.size() && texts.hasRoom()) {
            WindowMail mail = some.get(count++);
            if (mail.parts != null && mail.whole == null && !mail.hasTexts) {
                mail.textBytes = texts.add(mail.parts.texts(), mail.parts.htmls());
                fetched.add(mail);
            }
        }
        if (!fetched.isEmpty()) {
            makeRoom(some.subList(0, count));
            texts.fetch();
            fetched.forEach(mail -> mail.hasTexts = true);
        }
        return count;
    }

    private void makeRoom(List<WindowMail> kept) {
        long held = mails.values().stream().mapToLong(mail -> mail.textBytes).sum();
        for (WindowMail mail : mails.values()) {
            if (held <= MAX_TEXT_BYTES) {
                return;
            }
            if (mail.hasTexts && mail.whole == null && !kept.contains(mail)) {
                held -= mail.textBytes;
                mail.releaseContent();
            }
        }
    }

    /** Fetches further header fields. */
    void fetchHeaders(List<WindowMail> some, List<String> names) throws MailFailure {
        trim(some);
        int[] numbers = some.stream()
                .filter(mail -> mail.headers != null && mail.headersWith(names) == null)
                .mapToInt(mail -> mail.number)
                .sorted()
                .toArray();
        String section = names.contains(MailQuery.ALL_HEADERS)
                ? "HEADER"
                : "HEADER.FIELDS (" + ReceivedHeaders.FIELDS + " " + String.join(" ", names) + ")";
        Map<Integer, ReceivedHeaders> headers = new HashMap<>();
        for (int[] portion : portions(numbers)) {
            int octets = headerBytes(portion.length);
            FetchResult fetched = fetch(portion, null, "UID " + header(section, octets));
            for (int number : portion) {
                byte[] header = fetched.header(number);
                if (header != null) {
                    headers.put(number, new ReceivedHeaders(header, octets));
                }
            }
        }
        for (WindowMail mail : some) {
            if (headers.containsKey(mail.number)) {
                mail.headersWith(names, headers.get(mail.number));
            }
        }
    }

    /** Fetches a message whole; returns whether that was possible. */
    boolean fetchWhole(WindowMail mail) throws MailFailure {
        if (mail.whole != null) {
            return true;
        }
        FetchResult about = folder.fetch(new int[] {mail.number}, METADATA);
        if (about.uid(mail.number) == null && about.saysGone()) {
            mail.gone = true;
            return false;
        }
        List<WindowMail> files =
                mails.values().stream().filter(other -> other.whole != null).toList();
        if (files.size() >= MAX_WHOLE) {
            files.get(0).releaseContent();
        }
        try {
            mail.releaseContent();
            mail.whole = WholeMail.fetch(folder, mail.number, new ReadBudget(maxBytes));
            mail.headers = mail.whole.headers();
            mail.parts = mail.whole.parts(folder.time());
            return true;
        } catch (IOException e) {
            failed(mail, e);
            return false;
        }
    }

    /** Records why a message cannot be read, unless the whole folder cannot. */
    void failed(WindowMail mail, Exception e) throws MailFailure {
        if (e.getCause() instanceof MailFailure failure) {
            throw failure;
        }
        mail.releaseContent();
        if (e instanceof ContentUnavailable refused && refused.gone()) {
            mail.gone = true;
        } else {
            mail.unreadable = unreadable(mail.id.value(), QuotedText.clean(e.getMessage()), e);
        }
    }

    /**
     * The same messages after the folder was opened again, and those that have come since.
     *
     * @param again the folder, opened again over the same connection
     * @param most the maximum number of messages; if there are more, all have to be fetched again
     */
    FolderWindow renewed(ImapFolder again, int most) throws MailFailure {
        trim(List.of());
        // A server that raises UIDNEXT before the message can be found says the same again if the message takes the
        // place of another one.
        if (again.isNumberedAs(folder) && lastUid != null && folder.hasNoneBehind(lastUid)) {
            hasOldFlags = true;
            unseen = null;
            // What the server could not return may be a matter of a moment.
            mails.values().stream().filter(mail -> !mail.tooLarge).forEach(mail -> mail.unreadable = null);
            return this;
        }
        close();
        FolderWindow next = new FolderWindow(again, name, rule, maxBytes, portions);
        if (again.uidValidity() != folder.uidValidity() || mails.size() <= FEW || firstUid == null) {
            return next;
        }
        if (next.lastUid() < firstUid) {
            return next;
        }
        int[] numbers = next.numbers(firstUid, next.lastUid());
        if (numbers.length > most) {
            return next;
        }
        FetchResult flags = again.fetch(numbers, "UID FLAGS");
        List<Integer> unknown = new ArrayList<>();
        for (int number : numbers) {
            Long uid = flags.uid(number);
            WindowMail known = uid == null ? null : mails.get(uid);
            if (known == null || known.unreadable != null) {
                unknown.add(number);
            } else {
                next.mails.put(uid, known.renumbered(number, flags.item(number, FLAGS.class)));
            }
        }
        if (!next.load(unknown.stream().mapToInt(Integer::intValue).toArray())) {
            next.mails.clear();
            return next;
        }
        next.firstUid = firstUid;
        return next;
    }

    /** Deletes temporary files; the folder stays open. */
    @Override
    public void close() {
        mails.values().forEach(WindowMail::releaseContent);
    }
}
