package io.jenkins.plugins.oauthmail.mail.imap;

/**
 * Checks the lengths of literals that a server announces (RFC 3501 section 4.3). Angus mistakes a length that does
 * not fit into 32 bits for text, and the literal for further responses.
 */
final class LiteralLengths {

    /** Result of {@link #check} for an invalid length. */
    static final long IMPOSSIBLE = -1;

    private static final long MAX_NUMBER = 0xffff_ffffL;

    private LiteralLengths() {}

    /**
     * Finds a length that Angus could not have parsed.
     *
     * @param bytes a response, including its literals
     * @param count number of bytes in the response
     * @return 0 if there is none; the length if it is too large for Angus; {@link #IMPOSSIBLE} if it is negative or
     *     does not fit into 32 bits
     */
    static long check(byte[] bytes, int count) {
        int begin = 0;
        for (int i = 0; i < count; i++) {
            if (bytes[i] != '\n') {
                continue;
            }
            long length = at(bytes, begin, i);
            if (length < 0 || length > Integer.MAX_VALUE) {
                return length < 0 ? IMPOSSIBLE : length;
            }
            i = (int) Math.min(count, i + length);
            begin = i + 1;
        }
        return 0;
    }

    /**
     * Counts the bytes that are not in literals.
     *
     * @param bytes a response that {@link #check} has nothing against
     * @param count number of bytes in the response
     */
    static long outside(byte[] bytes, int count) {
        long outside = count;
        int begin = 0;
        for (int i = 0; i < count; i++) {
            if (bytes[i] != '\n') {
                continue;
            }
            long length = Math.min(count - 1L - i, Math.max(0, at(bytes, begin, i)));
            outside -= length;
            i += (int) length;
            begin = i + 1;
        }
        return outside;
    }

    /** The length at the end of a line, 0 if there is none. */
    private static long at(byte[] bytes, int begin, int end) {
        if (end - begin < 4 || bytes[end - 1] != '\r' || bytes[end - 2] != '}') {
            return 0;
        }
        int open = end - 3;
        boolean digits = true;
        while (open >= begin && (isDigit(bytes[open]) || bytes[open] == '-' || bytes[open] == '+')) {
            digits &= isDigit(bytes[open]);
            open--;
        }
        if (open < begin || bytes[open] != '{' || open == end - 3) {
            return 0;
        }
        if (!digits) {
            return IMPOSSIBLE;
        }
        long length = 0;
        for (int i = open + 1; i < end - 2; i++) {
            length = length * 10 + bytes[i] - '0';
            if (length > MAX_NUMBER) {
                return IMPOSSIBLE;
            }
        }
        return length;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
