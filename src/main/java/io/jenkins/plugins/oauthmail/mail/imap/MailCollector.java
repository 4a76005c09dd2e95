package io.jenkins.plugins.oauthmail.mail.imap;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.oauthmail.mail.connect.Unreadable;
import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.mail.received.ContentUnavailable;
import io.jenkins.plugins.oauthmail.mail.received.MailAssembler;
import io.jenkins.plugins.oauthmail.mail.received.MailPart;
import io.jenkins.plugins.oauthmail.mail.received.PartWalker;
import io.jenkins.plugins.oauthmail.mail.received.QueryMatcher;
import io.jenkins.plugins.oauthmail.mail.received.ReadBudget;
import io.jenkins.plugins.oauthmail.mail.received.ReceivedHeaders;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.eclipse.angus.mail.imap.protocol.BODYSTRUCTURE;
import org.eclipse.angus.mail.imap.protocol.FLAGS;

/**
 * Reads the messages of an open folder that match a query: one SEARCH, one FETCH for everything except the bodies, one
 * or two for the bodies. Only where the server cannot evaluate a condition, more messages are fetched and checked, in
 * growing batches.
 */
public final class MailCollector {

    private static final String METADATA = "UID FLAGS INTERNALDATE";
    private static final int MIN_AT_ONCE = 100;
    private static final int MAX_AT_ONCE = MailQuery.MAX_LIMIT;
    public static final int MAX_CHECKED = 50_000;

    /** Bytes of headers to fetch together, which leaves room in the answer for the structures of the messages. */
    private static final long HEADERS_AT_ONCE = ImapWire.MAX_BYTES / 4 * 3;

    /** Bytes of the texts of messages that are fetched together with their descriptions. */
    private static final int TEXTS_AT_ONCE = 192 << 10;

    /** The same if HTML, which usually follows the plain text, is not wanted. */
    private static final int PLAIN_TEXTS_AT_ONCE = 88 << 10;

    /** More is seldom part of a body. */
    private static final int MAX_TEXT = 32 << 10;

    /** Less seldom contains a whole body. */
    private static final int MIN_TEXT = 1536;

    private final ImapFolder folder;
    private final MailQuery query;
    private final ImapSearch search;
    private final AuthenticationRule rule;
    private final QueryMatcher match;
    private final MailAssembler assembler;
    private final Supplier<ReadBudget> budget;
    private final Unreadable unreadable;
    private final Portions portions;
    private final boolean textsAtOnce;
    private final List<ReceivedMail> mails = new ArrayList<>();
    private MailId checked;

    /**
     * @param search what to ask the server for
     * @param budget asked for each message that has to be fetched whole
     * @param unreadable called for each message that cannot be read
     * @param portions told of answers that are too large
     * @param textsAtOnce whether most messages are expected to match, so that their texts are fetched with the rest
     */
    MailCollector(
            ImapFolder folder,
            MailQuery query,
            ImapSearch search,
            AuthenticationRule rule,
            MailAssembler assembler,
            Supplier<ReadBudget> budget,
            Unreadable unreadable,
            Portions portions,
            boolean textsAtOnce) {
        this.folder = folder;
        this.query = query;
        this.search = search;
        this.rule = rule;
        this.match = new QueryMatcher(query, rule);
        this.assembler = assembler;
        this.budget = budget;
        this.unreadable = unreadable;
        this.portions = portions;
        this.textsAtOnce = textsAtOnce;
    }

    /** A message that may match; without parts if they are not needed, without headers if it could not be described. */
    private record Candidate(int number, MailAssembler.About about, ReceivedHeaders headers, PartWalker parts) {}

    public List<ReceivedMail> collect() throws MailFailure, InterruptedException {
        MessageNumbers found = folder.search(search);
        if (search.findsAll()) {
            // Every message matches, so it is not necessary to look further if some of them are gone.
            found = MessageNumbers.of(found.some(0, query.limit(), query.newestFirst()));
        }
        if (query.since() != null && found.size() > query.limit()) {
            // SEARCH compares whole days, and messages that were moved here may be older than those around them.
            FetchResult dates = folder.fetch(found.some(0, found.size(), false), "INTERNALDATE");
            found = found.only(number -> match.time(dates.received(number)));
        }
        int most = Math.min(portions.most(), folder.maxConverted(MAX_AT_ONCE));
        boolean open = search.leavesMuchUnchecked();
        boolean fewWillMatch = query.needsMessageCheck() || open;
        Deciding deciding = new Deciding(folder, query, rule, open);
        boolean decides = deciding.isWorthwhile() && portions.most() == Integer.MAX_VALUE;
        int count = Math.min(most, fewWillMatch ? Math.max(MIN_AT_ONCE, query.limit()) : query.limit());
        for (int from = 0; from < found.size() && !full(); ) {
            int[] some = found.some(from, count, query.newestFirst());
            if (decides && some.length > MIN_AT_ONCE) {
                collect(MessageNumbers.of(decided(deciding, some)), Math.min(most, query.limit()));
            } else {
                take(candidates(some));
            }
            from += count;
            count = decides
                    ? Math.min(MAX_CHECKED, Math.max(MIN_AT_ONCE, count) * 10)
                    : Math.min(most, Math.max(MIN_AT_ONCE, count * 4));
            if (from >= MAX_CHECKED && from < found.size() && !full()) {
                throw new MailFailure(Layer.FOLDER, Messages.MailCollector_tooFew(from, query.folder(), mails.size()));
            }
        }
        return mails;
    }

    private int[] decided(Deciding deciding, int[] numbers) throws MailFailure {
        try {
            return deciding.among(numbers);
        } catch (MailFailure failure) {
            portions.failed(failure, MAX_AT_ONCE, null);
            throw failure;
        }
    }

    private void collect(MessageNumbers numbers, int atOnce) throws MailFailure, InterruptedException {
        for (int from = 0; from < numbers.size() && !full(); from += atOnce) {
            take(candidates(numbers.some(from, atOnce, query.newestFirst())));
        }
    }

    /** The messages that were collected before a failure. */
    public List<ReceivedMail> collected() {
        return mails;
    }

    /** The last message of which it is known whether it matches; null if there is none. */
    @CheckForNull
    MailId checked() {
        return checked;
    }

    private boolean full() {
        return mails.size() >= query.limit();
    }

    private List<Candidate> candidates(int[] numbers) throws MailFailure {
        boolean envelopes = assembler.needsEnvelopesOnly();
        String usual = envelopes ? ReceivedHeaders.envelope(query) : ReceivedHeaders.FIELDS;
        String fields = query.headers().contains(MailQuery.ALL_HEADERS)
                ? "HEADER"
                : ("HEADER.FIELDS (" + usual + " " + String.join(" ", query.headers())).strip() + ")";
        int octets = (int) Math.min(ReceivedHeaders.MAX_BYTES, HEADERS_AT_ONCE / numbers.length);
        Long only = portions.most() > 1 ? null : folder.fetch(numbers, "UID").uid(numbers[0]);
        if (portions.leavesOut(only)) {
            String id = folder.id(only).mailId().value();
            report(id, Messages.MailCollector_tooLarge(), null);
            return List.of();
        }
        String items = METADATA + (envelopes ? "" : " BODYSTRUCTURE") + " BODY.PEEK[" + fields + "]<0." + octets + ">";
        int text = textAtOnce(numbers.length);
        FetchResult fetched;
        try {
            List<ImapFolder.Wanted> wanted = new ArrayList<>(List.of(new ImapFolder.Wanted(numbers, items)));
            if (text > 0) {
                // A command of its own, because a server may describe messages whose content it cannot return.
                wanted.add(new ImapFolder.Wanted(numbers, "BODY.PEEK[TEXT]<0." + text + ">"));
            }
            fetched = folder.fetch(wanted);
        } catch (MailFailure failure) {
            portions.failed(failure, numbers.length, only);
            throw failure;
        }
        List<Candidate> candidates = new ArrayList<>();
        for (int number : numbers) {
            folder.time().check();
            Candidate candidate =
                    envelopes ? envelope(fetched, number, octets) : candidate(fetched, number, octets, text);
            if (candidate != null) {
                candidates.add(candidate);
            }
        }
        if (query.newestFirst()) {
            Collections.reverse(candidates);
        }
        return candidates;
    }

    /**
     * How many bytes of each text are fetched together with the descriptions, which saves a round trip: none if there
     * are many messages, most of which may have attachments or not match.
     */
    private int textAtOnce(int count) {
        if (!textsAtOnce || !query.needsBodies() || portions.most() < Integer.MAX_VALUE) {
            return 0;
        }
        int each = Math.min(MAX_TEXT, (query.html() ? TEXTS_AT_ONCE : PLAIN_TEXTS_AT_ONCE) / count);
        return each < MIN_TEXT ? 0 : each;
    }

    /** Returns null for a message that certainly does not match. */
    private Candidate envelope(FetchResult fetched, int number, int octets) throws MailFailure {
        byte[] header = fetched.header(number);
        if (!match.time(fetched.received(number))) {
            return null;
        }
        if (header == null || fetched.uid(number) == null) {
            return new Candidate(number, null, null, null);
        }
        ReceivedHeaders headers = new ReceivedHeaders(header, octets);
        return search.covers(fetched.uid(number)) && match.headers(headers)
                ? new Candidate(number, about(fetched, fetched.uid(number), number), headers, null)
                : null;
    }

    /** Returns null for a message that certainly does not match. */
    private Candidate candidate(FetchResult fetched, int number, int octets, int text) throws MailFailure {
        if (!match.time(fetched.received(number))) {
            return null;
        }
        BODYSTRUCTURE structure = fetched.item(number, BODYSTRUCTURE.class);
        byte[] header = fetched.header(number);
        if (structure == null || header == null || fetched.uid(number) == null) {
            return new Candidate(number, null, null, null);
        }
        if (!search.covers(fetched.uid(number))) {
            return null;
        }
        ReceivedHeaders headers = new ReceivedHeaders(header, octets);
        RemotePart root = RemotePart.root(folder, number, structure, headers);
        if (root.isMisread()) {
            return new Candidate(number, null, null, null);
        }
        PartWalker parts = new PartWalker(root, folder.time());
        if (!match.headers(headers) || !match.parts(parts)) {
            return null;
        }
        byte[] beginning = text == 0 ? null : fetched.section(number, "TEXT");
        if (beginning != null) {
            List<MailPart> bodies = new ArrayList<>(parts.texts());
            bodies.addAll(MailAssembler.wantedHtmls(query, parts));
            new TextBeginning(beginning, text).give(structure, bodies, folder.announcesExactSizes());
        }
        return new Candidate(number, about(fetched, fetched.uid(number), number), headers, parts);
    }

    /** Continues in groups whose bodies fit into memory together. */
    private void take(List<Candidate> candidates) throws MailFailure, InterruptedException {
        int from = 0;
        while (from < candidates.size() && !full()) {
            TextPrefetch texts = new TextPrefetch(folder);
            int to = from;
            int most = from + query.limit() - mails.size();
            while (to < candidates.size() && to < most && texts.hasRoom()) {
                PartWalker parts = candidates.get(to).parts();
                if (parts != null && query.needsBodies()) {
                    texts.add(parts.texts(), MailAssembler.wantedHtmls(query, parts));
                }
                to++;
            }
            texts.fetch();
            for (int i = from; i < to; i++) {
                // Not kept any longer, with its texts.
                Candidate candidate = candidates.set(i, null);
                ReceivedMail mail = one(candidate);
                if (candidate.about() != null) {
                    checked = candidate.about().id();
                }
                if (mail != null) {
                    mails.add(mail);
                }
            }
            from = to;
        }
    }

    /** Returns null for a message that turns out not to match, or no longer exists. */
    private ReceivedMail one(Candidate candidate) throws MailFailure, InterruptedException {
        if (candidate.parts() == null && candidate.headers() != null) {
            return assembler.envelope(candidate.about(), candidate.headers());
        }
        if (candidate.parts() != null) {
            try {
                return assembler.mail(candidate.about(), candidate.headers(), candidate.parts());
            } catch (IOException e) {
                if (e.getCause() instanceof MailFailure) {
                    throw (MailFailure) e.getCause();
                }
                // The server described parts that it does not return, so the message is fetched whole, as if it had not
                // described it.
            }
        }
        return whole(candidate.number());
    }

    /** Returns null for a message that does not match, no longer exists, or was reported as unreadable. */
    private ReceivedMail whole(int number) throws MailFailure, InterruptedException {
        FetchResult fetched = folder.fetch(new int[] {number}, METADATA);
        Long uid = fetched.uid(number);
        if (uid == null && !fetched.saysGone()) {
            uid = folder.uidOf(number);
            if (uid == null) {
                report("#" + number, ContentUnavailable.mail(fetched.last()), null);
                return null;
            }
        }
        if (uid == null || !search.covers(uid) || !match.time(fetched.received(number))) {
            return null;
        }
        MailAssembler.About about = about(fetched, uid, number);
        try (WholeMail mail = WholeMail.fetch(folder, number, budget.get())) {
            ReceivedHeaders headers = mail.headers();
            PartWalker parts = mail.parts(folder.time());
            return match.headers(headers) && match.parts(parts) ? assembler.mail(about, headers, parts) : null;
        } catch (IOException e) {
            if (e.getCause() instanceof MailFailure) {
                throw (MailFailure) e.getCause();
            }
            if (!(e instanceof ContentUnavailable refused && refused.gone())) {
                report(about.id().value(), QuotedText.clean(e.getMessage()), e);
            }
            return null;
        }
    }

    private void report(String id, String why, Exception cause) throws MailFailure {
        unreadable.mail(
                new MailId(id),
                new MailFailure(Layer.MESSAGE, Messages.MailCollector_unreadable(id, query.folder(), why), cause));
    }

    private MailAssembler.About about(FetchResult fetched, long uid, int number) {
        MailId id = folder.id(uid).mailId();
        return new MailAssembler.About(id, fetched.item(number, FLAGS.class), fetched.received(number));
    }
}
