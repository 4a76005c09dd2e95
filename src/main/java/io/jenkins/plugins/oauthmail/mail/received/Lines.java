package io.jenkins.plugins.oauthmail.mail.received;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Reads the lines of a {@link Slice} without keeping them: where each begins and ends, and whether it is a boundary. A
 * line ends at LF and nowhere else, as for {@link HeaderFields}; CRs in front of the LF belong to its end.
 */
final class Lines implements Closeable {

    /** RFC 2046 section 5.1.1 allows 70 bytes. */
    static final int MAX_BOUNDARY = 200;

    private static final int HYPHENS = 2;

    /** What a line is for a multipart. */
    enum Kind {
        /** The boundary in front of a part. */
        BOUNDARY,
        /** The boundary behind the last part, to which some programs add something. */
        LAST_BOUNDARY,
        OTHER
    }

    private final InputStream in;
    private final ScanLimits limits;
    private final byte[] buffer = new byte[8192];
    private int at;
    private int end;
    /** The first bytes of a line that begins with a hyphen: as many as are needed to recognize the longest boundary. */
    private final byte[] start = new byte[HYPHENS + MAX_BOUNDARY + HYPHENS];

    private int kept;
    private long next;
    private long begin;
    private long textEnd;
    /** Length of a line that begins with a hyphen, without spaces at its end. */
    private long length;

    private boolean empty;

    /** @param limits for the time; the caller must have asked for the number of bytes if they are scanned repeatedly */
    Lines(Slice slice, ScanLimits limits) {
        this.in = slice.open();
        this.next = slice.from();
        this.limits = limits;
    }

    /** The offset of the first byte of the line in the message. */
    long begin() {
        return begin;
    }

    /** The offset behind the last byte of the line, without the line end; only one CR belongs to that. */
    long textEnd() {
        return textEnd;
    }

    /** The offset of the next line in the message. */
    long next() {
        return next;
    }

    /** Whether the line has nothing but its end. */
    boolean empty() {
        return empty;
    }

    /**
     * Reads a line.
     *
     * @return false if there is no other
     * @throws MailFailure if the time is over or the thread was interrupted
     */
    boolean read() throws IOException, MailFailure {
        if (at == end && !fill()) {
            return false;
        }
        begin = next;
        kept = 0;
        length = 0;
        long read = 0;
        boolean onlyCr = true;
        boolean endsWithCr = false;
        boolean ended = false;
        while (!ended && (at < end || fill())) {
            int from = at;
            while (at < end && buffer[at] != '\n') {
                at++;
            }
            if (at > from) {
                if (kept > 0 || read == 0 && buffer[from] == '-') {
                    keep(from, read);
                }
                onlyCr = onlyCr && areCrs(from);
                endsWithCr = buffer[at - 1] == '\r';
                read += at - from;
            }
            if (at < end) {
                at++;
                ended = true;
            }
        }
        next = begin + read + (ended ? 1 : 0);
        textEnd = begin + read - (ended && endsWithCr ? 1 : 0);
        empty = onlyCr && ended;
        return true;
    }

    /** @param read how much of the line was read before */
    private void keep(int from, long read) {
        int count = Math.min(at - from, start.length - kept);
        System.arraycopy(buffer, from, start, kept, count);
        kept += count;
        int to = at;
        while (to > from && (buffer[to - 1] == ' ' || buffer[to - 1] == '\t' || buffer[to - 1] == '\r')) {
            to--;
        }
        length = to > from ? read + to - from : length;
    }

    private boolean areCrs(int from) {
        int to = from;
        while (to < at && buffer[to] == '\r') {
            to++;
        }
        return to == at;
    }

    /** @param boundary without the hyphens in front of it; if longer than {@link #MAX_BOUNDARY}, no line is one */
    Kind kind(byte[] boundary) {
        int mark = HYPHENS + boundary.length;
        if (boundary.length > MAX_BOUNDARY
                || kept < mark
                || !isHyphens(0)
                || !Arrays.equals(start, HYPHENS, mark, boundary, 0, boundary.length)) {
            return Kind.OTHER;
        }
        if (length <= mark) {
            return Kind.BOUNDARY;
        }
        return isHyphens(mark) ? Kind.LAST_BOUNDARY : Kind.OTHER;
    }

    private boolean isHyphens(int from) {
        return kept >= from + HYPHENS && start[from] == '-' && start[from + 1] == '-';
    }

    /**
     * The boundary that the line would be if its multipart had no other, without the hyphens in front of it; null if it
     * does not look like one. If it is longer than {@link #MAX_BOUNDARY}, only its beginning, which is longer, too.
     */
    @CheckForNull
    byte[] possibleBoundary() {
        int to = (int) Math.min(length, kept);
        if (!isHyphens(0)) {
            return null;
        }
        byte[] boundary = Arrays.copyOfRange(start, HYPHENS, Math.max(to, HYPHENS));
        for (byte b : boundary) {
            if (b != '-') {
                return boundary;
            }
        }
        return null;
    }

    private boolean fill() throws IOException, MailFailure {
        limits.checkTime();
        at = 0;
        end = Math.max(0, in.read(buffer));
        return end > 0;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
