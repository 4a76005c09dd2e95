package io.jenkins.plugins.oauthmail.mail.received;

/** UTF-7 (RFC 2152), which Java does not support but old programs still write. */
final class Utf7 {

    private Utf7() {}

    static String decode(byte[] octets) {
        StringBuilder text = new StringBuilder(octets.length);
        int i = 0;
        while (i < octets.length) {
            int octet = octets[i++] & 0xff;
            if (octet != '+') {
                text.append((char) octet);
                continue;
            }
            int begin = i;
            int bits = 0;
            int count = 0;
            for (int value; i < octets.length && (value = LenientBase64.value(octets[i])) >= 0; i++) {
                bits = bits << 6 | value;
                count += 6;
                if (count >= 16) {
                    count -= 16;
                    text.append((char) (bits >> count));
                    bits &= (1 << count) - 1;
                }
            }
            boolean closed = i < octets.length && octets[i] == '-';
            if (i == begin) {
                text.append('+');
            }
            i += closed ? 1 : 0;
        }
        return text.toString();
    }
}
