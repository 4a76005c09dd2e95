package io.jenkins.plugins.oauthmail.mail.received;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Decodes uuencode as found in real messages: spaces missing at the end of a line are added, and a missing end loses
 * nothing. Content that does not begin like uuencode is returned unchanged. The decoder of Angus fails in all these
 * cases.
 */
final class LenientUuencode extends InputStream implements Damaged {

    /** If there is other text before "begin", it is short. */
    private static final int CONSIDERED = 4096;

    /** A line begins with its length, encoded as one of 64 characters, so it never has more than this many bytes. */
    private static final int MAX_LENGTH = 63;

    private final BufferedInputStream in;
    private final byte[] line = new byte[1 + (MAX_LENGTH + 2) / 3 * 4];
    private final byte[] decoded = new byte[MAX_LENGTH + 2];
    private int position;
    private int end;
    private boolean begun;
    private boolean raw;
    private boolean ended;
    private boolean complete;

    LenientUuencode(InputStream in) {
        this.in = new BufferedInputStream(in, CONSIDERED);
    }

    @Override
    public int read() throws IOException {
        begin();
        if (raw) {
            return in.read();
        }
        return filled() ? decoded[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
        if (len == 0) {
            return 0;
        }
        begin();
        if (raw) {
            return in.read(b, off, len);
        }
        if (!filled()) {
            return -1;
        }
        int n = Math.min(len, end - position);
        System.arraycopy(decoded, position, b, off, n);
        position += n;
        return n;
    }

    private void begin() throws IOException {
        if (begun) {
            return;
        }
        begun = true;
        in.mark(CONSIDERED);
        byte[] start = in.readNBytes(CONSIDERED);
        in.reset();
        String text = "\n" + new String(start, StandardCharsets.ISO_8859_1);
        int at = text.indexOf("\nbegin ");
        raw = at < 0;
        if (!raw) {
            in.skipNBytes(at);
            nextLine();
        }
    }

    private boolean filled() throws IOException {
        while (position == end && !ended) {
            position = 0;
            end = 0;
            int length = nextLine();
            if (length < 0 || length == 3 && line[0] == 'e' && line[1] == 'n' && line[2] == 'd') {
                ended = true;
                complete = length == 3;
            } else if (length > 0) {
                end = decode();
            }
        }
        return position < end;
    }

    /** Reads a line without its line end into the buffer and pads it with spaces; what does not fit is dropped. */
    private int nextLine() throws IOException {
        int length = 0;
        int b = in.read();
        if (b < 0) {
            return -1;
        }
        Arrays.fill(line, (byte) ' ');
        for (; b >= 0 && b != '\n'; b = in.read()) {
            if (b != '\r' && length < line.length) {
                line[length++] = (byte) b;
            }
        }
        return length;
    }

    private int decode() {
        int count = value(0);
        for (int group = 0; group * 3 < count; group++) {
            int bits = 0;
            for (int i = 1; i <= 4; i++) {
                bits = bits << 6 | value(group * 4 + i);
            }
            decoded[group * 3] = (byte) (bits >> 16);
            decoded[group * 3 + 1] = (byte) (bits >> 8);
            decoded[group * 3 + 2] = (byte) bits;
        }
        return count;
    }

    private int value(int index) {
        return line[index] - ' ' & 0x3f;
    }

    /** Whether the content was returned unchanged, or its end is missing. */
    @Override
    public boolean damaged() {
        return raw || begun && !complete;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
