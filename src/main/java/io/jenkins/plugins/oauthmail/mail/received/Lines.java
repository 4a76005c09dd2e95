package io.jenkins.plugins.oauthmail.mail.received;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads the lines of a {@link Slice} without keeping them: where each begins and ends, and whether it is a boundary. A
 * line ends at LF and nowhere else, as for {@link HeaderFields}; CRs in front of the LF belong to its end.
 */
final class Lines implements Closeable {

    /** What a line is. */
    enum Kind {
        /** Nothing but its end. */
        EMPTY,
        /** The boundary in front of a part. */
        BOUNDARY,
        /** The boundary behind the last part, to which some programs add something. */
        LAST_BOUNDARY,
        OTHER
    }

    private final InputStream in;
    private final byte[] mark;
    private final byte[] buffer = new byte[8192];
    private int at;
    private int end;
    private long next;
    private long begin;
    private long textEnd;

    /** @param boundary without the hyphens in front of it; empty for none */
    Lines(Slice slice, byte[] boundary) {
        in = slice.open();
        next = slice.from();
        mark = new byte[boundary.length == 0 ? 0 : boundary.length + 2];
        if (mark.length > 0) {
            mark[0] = '-';
            mark[1] = '-';
            System.arraycopy(boundary, 0, mark, 2, boundary.length);
        }
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

    /** Reads a line and returns what it is; null if there is no other. */
    Kind read() throws IOException {
        if (at == end && !fill()) {
            return null;
        }
        begin = next;
        int length = 0;
        int matched = mark.length == 0 ? -1 : 0;
        int hyphens = 0;
        boolean blankTail = true;
        boolean onlyCr = true;
        byte last = 0;
        boolean ended = false;
        while (!ended && (at < end || fill())) {
            int from = at;
            if (matched < 0 && !onlyCr) {
                // Nothing about this line matters any more but its end.
                while (at < end && buffer[at] != '\n') {
                    at++;
                }
                last = at > from ? buffer[at - 1] : last;
            } else {
                byte b = buffer[at];
                if (b != '\n') {
                    onlyCr &= b == '\r';
                    if (matched >= 0 && matched < mark.length) {
                        matched = b == mark[matched] ? matched + 1 : -1;
                    } else if (matched == mark.length) {
                        if (b == '-' && blankTail && hyphens < 2 && length == mark.length + hyphens) {
                            hyphens++;
                        } else {
                            blankTail &= b == ' ' || b == '\t' || b == '\r';
                        }
                    }
                    last = b;
                    at++;
                }
            }
            length += at - from;
            if (at < end && buffer[at] == '\n') {
                at++;
                ended = true;
            }
        }
        next = begin + length + (ended ? 1 : 0);
        textEnd = begin + length - (ended && length > 0 && last == '\r' ? 1 : 0);
        if (onlyCr && ended) {
            return Kind.EMPTY;
        }
        if (matched != mark.length || matched <= 0) {
            return Kind.OTHER;
        }
        if (hyphens == 2) {
            return Kind.LAST_BOUNDARY;
        }
        return hyphens == 0 && blankTail ? Kind.BOUNDARY : Kind.OTHER;
    }

    private boolean fill() throws IOException {
        at = 0;
        end = Math.max(0, in.read(buffer));
        return end > 0;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
