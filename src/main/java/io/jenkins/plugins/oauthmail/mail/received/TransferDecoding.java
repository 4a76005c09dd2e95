package io.jenkins.plugins.oauthmail.mail.received;

import java.io.FilterInputStream;
import java.io.InputStream;
import java.util.Set;

/**
 * Decodes Content-Transfer-Encoding (RFC 2045 section 6) leniently, because messages come from programs of all kinds.
 */
public final class TransferDecoding {

    private static final Set<String> ENCODINGS =
            Set.of("base64", "quotedprintable", "uuencode", "xuuencode", "xuue", "uue");

    /**
     * Names of encodings that leave the content unchanged, and values of other fields that are found here by mistake.
     */
    private static final Set<String> PLAIN = Set.of(
            "7bit", "8bit", "binary", "", "none", "7", "8", "utf8", "usascii", "ascii", "text", "plain", "unencoded");

    private TransferDecoding() {}

    public static InputStream decode(InputStream raw, String encoding) {
        String name = name(encoding);
        return switch (name) {
            case "base64" -> new LenientBase64(raw);
            case "quotedprintable" -> new LenientQuotedPrintable(raw);
            case "uuencode", "xuuencode", "xuue", "uue" -> new LenientUuencode(raw);
            default -> PLAIN.contains(name) ? raw : new Encoded(raw);
        };
    }

    /** Whether this is the name of an encoding that has to be decoded, and can be. */
    public static boolean encodes(String encoding) {
        return ENCODINGS.contains(name(encoding));
    }

    /** Content in an unknown encoding, passed through unchanged. */
    private static final class Encoded extends FilterInputStream implements Damaged {
        Encoded(InputStream raw) {
            super(raw);
        }

        @Override
        public boolean damaged() {
            return true;
        }
    }

    /** Estimates the decoded size from the encoded size, in bytes. */
    public static long estimate(long octets, String encoding) {
        return name(encoding).equals("base64") ? octets * 57 / 78 : Math.max(0, octets);
    }

    /** The first word, reduced to letters and digits, so that {@code Quoted_Printable;} is quoted-printable. */
    private static String name(String encoding) {
        StringBuilder name = new StringBuilder();
        for (char c : (encoding == null ? "" : encoding.strip()).toCharArray()) {
            if (c >= 'a' && c <= 'z' || c >= '0' && c <= '9') {
                name.append(c);
            } else if (c >= 'A' && c <= 'Z') {
                name.append((char) (c + 'a' - 'A'));
            } else if (name.length() > 0 && (c == ';' || c == ',' || c == '(')) {
                break;
            }
        }
        return name.toString();
    }
}
