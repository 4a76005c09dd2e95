package io.jenkins.plugins.oauthmail.mail.imap;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.received.ContentUnavailable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.eclipse.angus.mail.iap.ByteArray;
import org.eclipse.angus.mail.iap.Response;
import org.eclipse.angus.mail.imap.protocol.BODY;
import org.eclipse.angus.mail.imap.protocol.FetchResponse;
import org.eclipse.angus.mail.imap.protocol.IMAPResponse;

/**
 * The content of a part in portions, the next of which are asked for before they are needed, so that a large part costs
 * few round trips. Answers are recognized by their offset. What is asked for and has not come is bounded, so memory is
 * bounded even if the server answers in another order.
 */
final class PortionsAhead {

    /** Bytes asked for at first, when a server may still turn out not to return them. */
    private static final long FIRST_WINDOW = 8 << 20;

    /** Bytes asked for ahead; the usual servers answer in order, so that no more than one portion is in memory. */
    private static final long WINDOW = 40 << 20;

    /** How many portions are asked for ahead, however small they are. */
    private static final int MAX_PORTIONS = 64;

    /** Who takes longer for a portion might let the server wait for so long that it ends the session. */
    private static final Duration SLOW = Duration.ofSeconds(10);

    private final ImapFolder folder;
    private final int number;
    private final String section;
    private final long expected;
    private final Deque<Portion> sent = new ArrayDeque<>();
    private long window;
    private int size = SectionStream.CHUNK;
    private long taken;
    private boolean outOfOrder;
    private MailFailure failure;

    /** One FETCH, and its data when it has come. */
    private static final class Portion {
        private final int from;
        private final int size;
        private Pipeline.Asked asked;
        private BODY body;

        Portion(int from, int size) {
            this.from = from;
            this.size = size;
        }

        boolean isDecided() {
            return body != null || asked.isComplete();
        }
    }

    /** @param expected the size that the server announced, in bytes; nothing beyond is asked for ahead */
    PortionsAhead(ImapFolder folder, int number, String section, long expected) {
        this.folder = folder;
        this.number = number;
        this.section = section;
        this.expected = expected;
        this.window = folder.returnsPortions() && !folder.endsAfterFaults() ? FIRST_WINDOW : 0;
    }

    /** How many bytes a portion has that is not the last. */
    int size() {
        return size;
    }

    /**
     * The portion that begins at an offset.
     *
     * @return empty if there is nothing at this offset
     * @throws ContentUnavailable if the server refuses, or sends nothing for the part
     * @throws IOException if the connection is lost, or the server refuses temporarily
     */
    ByteArray at(int from) throws IOException {
        try {
            folder.time().check();
            if (!sent.isEmpty() && sent.getFirst().from != from) {
                close();
            }
            boolean slow = taken != 0 && System.nanoTime() - taken > SLOW.toNanos();
            askAhead(from, slow ? 0 : window);
            Portion portion = sent.getFirst();
            folder.read(() -> portion.isDecided() || failure != null);
            if (failure != null) {
                throw failure;
            }
            if (portion.body == null || portion.body.getByteArray() == null || count(portion) < portion.size) {
                // Only the completion shows whether this is all that there is.
                folder.read(portion.asked::isComplete);
                checked(portion);
            }
            if (failure != null) {
                throw failure;
            }
            sent.removeFirst();
            ByteArray octets = octets(portion);
            boolean partial = portion.body != null && portion.body.getOrigin() >= 0;
            window = !partial ? 0 : outOfOrder ? FIRST_WINDOW : WINDOW;
            if (partial && octets.getCount() > 0 && octets.getCount() < portion.size) {
                size = Math.min(size, octets.getCount());
            }
            taken = System.nanoTime();
            return octets;
        } catch (MailFailure e) {
            throw new IOException(e);
        }
    }

    /** Forgets what was asked for ahead and is not needed. */
    void close() {
        sent.clear();
    }

    private static int count(Portion portion) {
        return portion.body.getByteArray().getCount();
    }

    private void askAhead(int from, long bytes) throws MailFailure {
        if (sent.isEmpty()) {
            folder.drain();
            ask(from);
        }
        Portion last = sent.getLast();
        long next = (long) last.from + last.size;
        while (next < expected
                && sent.size() < MAX_PORTIONS
                && next - from + size <= bytes
                && next + size <= Integer.MAX_VALUE) {
            ask((int) next);
            next += size;
        }
    }

    private void ask(int from) {
        Portion portion = new Portion(from, size);
        sent.addLast(portion);
        portion.asked = folder.send(
                new int[] {number}, "BODY.PEEK[" + section + "]<" + from + "." + portion.size + ">", this::take);
    }

    private void take(Response response) {
        try {
            if (response instanceof IMAPResponse told) {
                folder.heed(told);
            }
        } catch (MailFailure e) {
            failure = e;
        }
        if (!(response instanceof FetchResponse fetch) || fetch.getNumber() != number) {
            return;
        }
        for (int i = 0; i < fetch.getItemCount(); i++) {
            if (fetch.getItem(i) instanceof BODY body && !body.isHeader() && section.equals(body.getSection())) {
                Portion portion = waitingFor(body.getOrigin());
                if (portion != null && isTooLarge(portion, body)) {
                    failure = folder.excess(body.getByteArray().getCount(), portion.size);
                } else if (portion != null) {
                    outOfOrder |= sent.getFirst().body == null && portion != sent.getFirst();
                    portion.body = body;
                }
            }
        }
    }

    /** The first one is used at once, but the others are kept until it is their turn. */
    private boolean isTooLarge(Portion portion, BODY body) {
        return portion != sent.getFirst()
                && body.getByteArray() != null
                && body.getByteArray().getCount() > portion.size;
    }

    /** Without an origin it is the whole part, which old servers send whatever was requested. */
    @CheckForNull
    private Portion waitingFor(int origin) {
        for (Portion portion : sent) {
            if (portion.body == null && (origin < 0 || origin == portion.from)) {
                return portion;
            }
        }
        return null;
    }

    private void checked(Portion portion) throws MailFailure, ContentUnavailable {
        ServerAnswer answer = folder.fetched(portion.asked);
        boolean nil = portion.body != null && portion.body.getByteArray() == null;
        // NIL says that there is nothing, or that it cannot be returned; behind the end of a part comes an empty
        // string.
        long slack = folder.announcesExactSizes() ? SectionStream.TOLERANCE : expected;
        boolean withheld = nil && expected > 0 && (portion.from == 0 || portion.from + slack < expected);
        if (portion.body == null || withheld) {
            throw new ContentUnavailable(section, answer.said(), answer.saysGone());
        }
    }

    private static ByteArray octets(Portion portion) {
        ByteArray octets = portion.body.getByteArray();
        if (octets == null) {
            return new ByteArray(0);
        }
        int skipped = portion.body.getOrigin() < 0 ? Math.min(portion.from, octets.getCount()) : 0;
        return new ByteArray(octets.getBytes(), octets.getStart() + skipped, octets.getCount() - skipped);
    }
}
