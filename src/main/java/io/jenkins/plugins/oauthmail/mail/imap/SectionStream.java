package io.jenkins.plugins.oauthmail.mail.imap;

import io.jenkins.plugins.oauthmail.mail.received.ContentUnavailable;
import java.io.IOException;
import java.io.InputStream;

/** Octets of a part, fetched by the mebibyte, so that neither memory nor round trips grow out of hand. */
final class SectionStream extends InputStream {

    static final int CHUNK = 1 << 20;

    /** Sizes may be wrong by this: some servers count the header of the part. */
    static final int TOLERANCE = 1024;

    private final ImapFolder folder;
    private final int number;
    private final String section;
    private final long expected;
    private byte[] chunk = new byte[0];
    private int position;
    private int offset;
    private boolean ended;

    /** @param expected what the server says the size is; it is believed only where more seems to follow */
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
        // A short answer is the end, unless the server promised more (Exchange's sizes can be wrong either way).
        ended = chunk.length == 0 || chunk.length < CHUNK && offset >= expected;
        return chunk.length > 0;
    }

    /** Asked at the end: how many octets have come. */
    int count() {
        return offset;
    }
}
