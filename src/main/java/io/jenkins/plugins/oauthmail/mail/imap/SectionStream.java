package io.jenkins.plugins.oauthmail.mail.imap;

import io.jenkins.plugins.oauthmail.mail.received.ContentUnavailable;
import java.io.IOException;
import java.io.InputStream;

/** The content of a part, fetched in chunks of one mebibyte, which bounds both memory and round trips. */
final class SectionStream extends InputStream {

    static final int CHUNK = 1 << 20;

    /** How much an announced size may differ: some servers include the header of the part. */
    static final int TOLERANCE = 1024;

    private final ImapFolder folder;
    private final int number;
    private final String section;
    private final long expected;
    private byte[] chunk = new byte[0];
    private int position;
    private int offset;
    private boolean ended;

    /**
     * @param expected the size that the server announced, in bytes; it only matters if a chunk is shorter than
     *     requested
     */
    SectionStream(ImapFolder folder, int number, String section, long expected) {
        this.folder = folder;
        this.number = number;
        this.section = section;
        this.expected = expected;
    }

    @Override
    public int read() throws IOException {
        return more() ? chunk[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
        if (len == 0) {
            return 0;
        }
        if (!more()) {
            return -1;
        }
        int n = Math.min(len, chunk.length - position);
        System.arraycopy(chunk, position, b, off, n);
        position += n;
        return n;
    }

    private boolean more() throws IOException {
        if (position < chunk.length) {
            return true;
        }
        if (ended || offset < 0) {
            return false;
        }
        chunk = folder.octets(number, section, offset, CHUNK, expected);
        if (chunk.length == 0 && offset == 0 && expected > TOLERANCE) {
            throw new ContentUnavailable(section, "\"\"", false);
        }
        position = 0;
        offset += chunk.length;
        // A short chunk is the end, unless the server announced more (Exchange's sizes can be wrong either way).
        ended = chunk.length == 0 || chunk.length < CHUNK && offset >= expected;
        return chunk.length > 0;
    }

    /** After the end: the number of bytes read. */
    int count() {
        return offset;
    }
}
