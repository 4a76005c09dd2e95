package io.jenkins.plugins.oauthmail.mail.received;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Decodes base64 as found in real messages: characters outside the alphabet are skipped (RFC 2045 section 6.8), and a
 * missing end only costs the last bytes. The decoders of Java and Angus fail in these cases and lose good bytes.
 */
public final class LenientBase64 extends InputStream implements Damaged {

    private static final int[] VALUES = new int[256];

    static {
        Arrays.fill(VALUES, -1);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (int i = 0; i < alphabet.length(); i++) {
            VALUES[alphabet.charAt(i)] = i;
        }
    }

    private final InputStream in;
    private final byte[] encoded = new byte[8192];
    private final byte[] decoded = new byte[8192];
    private int position;
    private int end;
    private int bits;
    private int bitCount;
    private boolean ended;
    private boolean damaged;

    public LenientBase64(InputStream in) {
        this.in = in;
    }

    /** The value of a character of the alphabet; negative for others. */
    static int value(byte character) {
        return VALUES[character & 0xff];
    }

    @Override
    public int read() throws IOException {
        return filled() ? decoded[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
        if (len == 0) {
            return 0;
        }
        if (!filled()) {
            return -1;
        }
        int n = Math.min(len, end - position);
        System.arraycopy(decoded, position, b, off, n);
        position += n;
        return n;
    }

    private boolean filled() throws IOException {
        while (position == end && !ended) {
            position = 0;
            end = 0;
            int n = in.read(encoded);
            ended = n < 0;
            // After one character of a group, six bits are left over, so no valid encoding ends there.
            damaged |= ended && bitCount == 6;
            for (int i = 0; i < n; ) {
                i = takeGroups(i, n);
                if (i < n) {
                    take(encoded[i++]);
                }
            }
        }
        return position < end;
    }

    /**
     * Decodes groups of four characters, of which a message mostly consists. This is several times as fast as decoding
     * character by character.
     *
     * @return the index after the last group
     */
    private int takeGroups(int from, int to) {
        if (bitCount != 0) {
            return from;
        }
        byte[] source = encoded;
        byte[] target = decoded;
        int[] values = VALUES;
        int written = end;
        int i = from;
        while (i + 4 <= to) {
            int group = values[source[i] & 0xff] << 18
                    | values[source[i + 1] & 0xff] << 12
                    | values[source[i + 2] & 0xff] << 6
                    | values[source[i + 3] & 0xff];
            if (group < 0) {
                break;
            }
            target[written++] = (byte) (group >> 16);
            target[written++] = (byte) (group >> 8);
            target[written++] = (byte) group;
            i += 4;
        }
        end = written;
        return i;
    }

    private void take(byte character) {
        if (character == '=') {
            // The rest of the group is padding. Another group may follow if two encoded texts were concatenated.
            bitCount = 0;
            return;
        }
        int value = VALUES[character & 0xff];
        if (value >= 0) {
            bits = bits << 6 | value;
            bitCount += 6;
            if (bitCount >= 8) {
                bitCount -= 8;
                decoded[end++] = (byte) (bits >> bitCount);
            }
        }
    }

    /** Whether the end is missing, as far as this can be detected. */
    @Override
    public boolean damaged() {
        return damaged;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
