package io.jenkins.plugins.oauthmail.mail.received;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Decodes quoted-printable as found in real messages: white space at the end of a line is removed (RFC 2045 section
 * 6.7, rule 3), also after a soft line break, and invalid sequences are kept unchanged.
 */
final class LenientQuotedPrintable extends InputStream {

    /** How many bytes can be read again. */
    private static final int BACK = 2;

    private final InputStream in;
    private final byte[] encoded = new byte[8192];
    private int at = BACK;
    private int end = BACK;
    /** Decoded bytes that have not been read yet. */
    private byte[] ready = new byte[0];

    private int position;
    private final ByteArrayOutputStream spaces = new ByteArrayOutputStream();

    LenientQuotedPrintable(InputStream in) {
        this.in = in;
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
            n += plain(b, off + n, len - n);
            if (n == len) {
                break;
            }
            int next = read();
            if (next < 0) {
                return n == 0 ? -1 : n;
            }
            b[off + n++] = (byte) next;
        }
        return n;
    }

    /** Copies what stands for itself, of which most texts consist, and which is ready to be read. */
    private int plain(byte[] b, int off, int len) {
        if (position < ready.length) {
            return 0;
        }
        int n = Math.min(len, end - at);
        for (int i = 0; i < n; i++) {
            byte each = encoded[at + i];
            if (each == '=' || each == '\t' || each == ' ' && !betweenWords(at + i)) {
                n = i;
            } else {
                b[off + i] = each;
            }
        }
        at += n;
        return n;
    }

    /** Whether no other white space and no line end follows a space. */
    private boolean betweenWords(int space) {
        return space + 1 < end && encoded[space + 1] > ' ';
    }

    private int next() throws IOException {
        if (at == end) {
            // The last bytes are kept in front of the new ones, so that they can be read again.
            System.arraycopy(encoded, end - BACK, encoded, 0, BACK);
            int n = in.read(encoded, BACK, encoded.length - BACK);
            at = BACK;
            end = BACK + Math.max(0, n);
            if (n <= 0) {
                return -1;
            }
        }
        return encoded[at++] & 0xff;
    }

    /** Makes a byte be read again that was just read; the end of the stream is found again by itself. */
    private void back(int b) {
        if (b >= 0) {
            at--;
        }
    }

    /** Reads white space, which is kept unless a line end follows. */
    private void spaces(int first) throws IOException {
        spaces.reset();
        int b = first;
        while (b == ' ' || b == '\t') {
            spaces.write(b);
            b = next();
        }
        back(b);
        boolean ends = b < 0 || b == '\r' || b == '\n';
        ready = ends ? new byte[0] : spaces.toByteArray();
        position = 0;
    }

    /** @return negative for a soft line break, or if bytes are ready to be read */
    private int escaped() throws IOException {
        int b = next();
        if (b == ' ' || b == '\t') {
            spaces.reset();
            spaces.write('=');
            while (b == ' ' || b == '\t') {
                spaces.write(b);
                b = next();
            }
            if (!lineEnd(b)) {
                back(b);
                ready = spaces.toByteArray();
                position = 0;
            }
            return -1;
        }
        if (lineEnd(b)) {
            return -1;
        }
        int second = next();
        int value = octet(b, second);
        if (value >= 0) {
            return value;
        }
        back(second);
        back(b);
        return '=';
    }

    /** Reads the rest of a line end, whose first byte was already read. */
    private boolean lineEnd(int b) throws IOException {
        if (b == '\r') {
            int second = next();
            if (second != '\n') {
                back(second);
            }
        }
        return b == '\r' || b == '\n' || b < 0;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
