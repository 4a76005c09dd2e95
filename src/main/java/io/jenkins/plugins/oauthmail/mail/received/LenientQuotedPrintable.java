package io.jenkins.plugins.oauthmail.mail.received;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Decodes quoted-printable as found in real messages: white space at the end of a line is removed (RFC 2045 section
 * 6.7, rule 3), also after a soft line break, and invalid sequences are kept unchanged.
 */
final class LenientQuotedPrintable extends InputStream {

    private static final int NOTHING = -2;

    private final BufferedInputStream in;
    /** Decoded bytes that have not been read yet. */
    private byte[] ready = new byte[0];

    private int position;
    private final ByteArrayOutputStream spaces = new ByteArrayOutputStream();
    private int pushedBack = NOTHING;

    LenientQuotedPrintable(InputStream in) {
        this.in = new BufferedInputStream(in);
    }

    /** The value of two hexadecimal digits, or -1. */
    static int octet(byte[] text, int at) {
        return at + 1 < text.length ? octet(text[at], text[at + 1]) : -1;
    }

    private static int octet(int high, int low) {
        int first = high < 0 ? -1 : Character.digit(high, 16);
        int second = low < 0 ? -1 : Character.digit(low, 16);
        return first < 0 || second < 0 ? -1 : first << 4 | second;
    }

    @Override
    public int read() throws IOException {
        while (true) {
            if (position < ready.length) {
                return ready[position++] & 0xff;
            }
            int b = next();
            if (b == ' ' || b == '\t') {
                spaces(b);
            } else if (b != '=') {
                return b;
            } else {
                int decoded = escaped();
                if (decoded >= 0) {
                    return decoded;
                }
            }
        }
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
        int n = 0;
        while (n < len) {
            int next = read();
            if (next < 0) {
                return n == 0 ? -1 : n;
            }
            b[off + n++] = (byte) next;
        }
        return n;
    }

    private int next() throws IOException {
        int b = pushedBack;
        pushedBack = NOTHING;
        return b == NOTHING ? in.read() : b;
    }

    /** Reads white space, which is kept unless a line end follows. */
    private void spaces(int first) throws IOException {
        spaces.reset();
        int b = first;
        while (b == ' ' || b == '\t') {
            spaces.write(b);
            b = next();
        }
        boolean ends = b < 0 || b == '\r' || b == '\n';
        ready = ends ? new byte[0] : spaces.toByteArray();
        position = 0;
        pushedBack = b;
    }

    /** @return negative for a soft line break, or if bytes are ready to be read */
    private int escaped() throws IOException {
        int b = in.read();
        if (b == ' ' || b == '\t') {
            spaces.reset();
            spaces.write('=');
            while (b == ' ' || b == '\t') {
                spaces.write(b);
                b = in.read();
            }
            if (!lineEnd(b)) {
                pushedBack = b;
                ready = spaces.toByteArray();
                position = 0;
            }
            return -1;
        }
        if (lineEnd(b)) {
            return -1;
        }
        in.mark(1);
        int value = octet(b, in.read());
        if (value >= 0) {
            return value;
        }
        in.reset();
        pushedBack = b;
        return '=';
    }

    /** Reads the rest of a line end, whose first byte was already read. */
    private boolean lineEnd(int b) throws IOException {
        if (b == '\r') {
            in.mark(1);
            if (in.read() != '\n') {
                in.reset();
            }
        }
        return b == '\r' || b == '\n' || b < 0;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
