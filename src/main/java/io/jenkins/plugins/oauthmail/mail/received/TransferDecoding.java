package io.jenkins.plugins.oauthmail.mail.received;

import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeUtility;
import java.io.FilterInputStream;
import java.io.InputStream;
import java.util.Set;

/** Content-Transfer-Encoding (RFC 2045 section 6), undone leniently, as the mails are other people's. */
public final class TransferDecoding {

    private static final Set<String> UUENCODE = Set.of("uuencode", "x-uuencode", "x-uue");

    private TransferDecoding() {}

    public static InputStream decode(InputStream raw, String encoding) {
        String name = name(encoding);
        if (name.equals("base64")) {
            return new LenientBase64(raw);
        }
        if (UUENCODE.contains(name)) {
            return new LenientUuencode(raw);
        }
        try {
            return MimeUtility.decode(raw, name);
        } catch (MessagingException e) {
            return new Encoded(raw);
        }
    }

    /** In an encoding that nobody knows. */
    private static final class Encoded extends FilterInputStream implements Damaged {
        Encoded(InputStream raw) {
            super(raw);
        }

        @Override
        public boolean damaged() {
            return true;
        }
    }

    /** Decoded octets out of encoded ones, as far as one can tell from outside. */
    public static long estimate(long octets, String encoding) {
        return name(encoding).equals("base64") ? octets * 57 / 78 : Math.max(0, octets);
    }

    private static String name(String encoding) {
        return encoding == null ? "7bit" : CaseFolding.asciiLower(encoding.trim());
    }
}
