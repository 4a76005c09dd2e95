package io.jenkins.plugins.oauthmail.mail.imap;

import io.jenkins.plugins.oauthmail.mail.received.ContentUnavailable;
import java.io.IOException;
import java.io.InputStream;
import org.eclipse.angus.mail.iap.ByteArray;

/** The content of a part as it is on the server, still encoded. */
final class SectionStream extends InputStream {

    /** The most bytes that one response contains, which bounds memory. */
    static final int CHUNK = 1 << 20;

    /** How much an announced size may differ: some servers include the header of the part. */
    static final int TOLERANCE = 1024;

    private final String section;
    private final long expected;
    private final PortionsAhead portions;
    private byte[] bytes = new byte[0];
    private int position;
    private int end;
    private int offset;
    private boolean ended;

    /**
     * @param expected the size that the server announced, in bytes; it only matters if a portion is shorter than
     *     requested, and for what is requested ahead
     */
    SectionStream(ImapFolder folder, int number, String section, long expected) {
        this.section = section;
        this.expected = expected;
        this.portions = new PortionsAhead(folder, number, section, expected);
    }

    @Override
    public int read() throws IOException {
        return more() ? bytes[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
        if (len == 0) {
            return 0;
        }
        if (!more()) {
            return -1;
        }
        int n = Math.min(len, end - position);
        System.arraycopy(bytes, position, b, off, n);
        position += n;
        return n;
    }

    private boolean more() throws IOException {
        if (position < end) {
            return true;
        }
        if (ended || offset < 0) {
            return false;
        }
        bytes = null;
        int size = portions.size();
        ByteArray chunk = portions.at(offset);
        int count = chunk.getCount();
        if (count == 0 && offset == 0 && expected > TOLERANCE) {
            throw new ContentUnavailable(section, "\"\"", false);
        }
        bytes = chunk.getBytes();
        position = chunk.getStart();
        end = position + count;
        offset += count;
        // A short chunk is the end, unless the server announced more (Exchange's sizes can be wrong either way).
        ended = count == 0 || count < size && offset >= expected;
        return count > 0;
    }

    /** After the end: the number of bytes read. */
    int count() {
        return offset;
    }

    @Override
    public void close() {
        portions.close();
    }
}
