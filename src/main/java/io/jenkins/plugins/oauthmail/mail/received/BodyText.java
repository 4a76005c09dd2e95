package io.jenkins.plugins.oauthmail.mail.received;

import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;

/**
 * The text of several body parts.
 *
 * @param read what was read of it; null if there are no parts
 * @param note says what is missing behind that; empty if nothing is, or only pieces in between
 * @param octets size of the decoded text in bytes
 * @param cut whether the end or another piece is missing
 */
public record BodyText(String read, String note, int octets, boolean cut) {

    static final BodyText NONE = new BodyText(null, "", 0, false);

    /** Maximum size of the decoded text, in bytes. */
    public static final int LIMIT = 1 << 20;

    /**
     * Maximum number of bytes to fetch: enough for {@link #LIMIT} in base64, and for somewhat more than half of it in
     * quoted-printable.
     */
    public static final int WIRE_LIMIT = LIMIT / 57 * 78 + LIMIT / 8;

    /**
     * @param most maximum size of the decoded text in bytes, if less than {@link #LIMIT}
     * @param more whether the message has more parts than these
     */
    static BodyText join(List<MailPart> parts, long most, boolean more) throws IOException {
        if (parts.isEmpty()) {
            return NONE;
        }
        StringBuilder text = new StringBuilder();
        int limit = (int) Math.max(0, Math.min(LIMIT, most));
        if (limit == 0) {
            return left();
        }
        int left = limit;
        boolean broken = false;
        for (MailPart part : parts) {
            if (text.length() > 0 && text.charAt(text.length() - 1) != '\n') {
                text.append('\n');
            }
            Content content = read(part, left + 1);
            byte[] octets = content.octets();
            broken |= content.broken();
            boolean cut = octets.length > left || part.cut();
            byte[] kept = octets.length > left ? Arrays.copyOf(octets, left) : octets;
            text.append(decoded(part, kept, cut));
            left -= kept.length;
            if (cut) {
                String note = limit < LIMIT ? Messages.BodyText_allCut() : Messages.BodyText_cut();
                return new BodyText(lines(text.toString()), '\n' + note, limit - left, true);
            }
        }
        boolean ended = text.isEmpty() || text.charAt(text.length() - 1) == '\n';
        String note = more ? (ended ? "" : "\n") + Messages.BodyText_partsCut() : "";
        return new BodyText(lines(text.toString()), note, limit - left, broken || more);
    }

    /** What was read, and what is said about the rest; null if there are no parts. */
    String text() {
        return read == null ? null : read + note;
    }

    private static BodyText left() {
        return new BodyText("", Messages.BodyText_allCut(), 0, true);
    }

    /** The same, or nothing but a note if it has more bytes than may be kept. */
    BodyText within(long most) {
        return octets <= most ? this : left();
    }

    private record Content(byte[] octets, boolean broken) {}

    private static Content read(MailPart part, int limit) throws IOException {
        byte[] buffer = new byte[8192];
        byte[] octets = new byte[0];
        int count = 0;
        boolean broken = false;
        try (InputStream in = part.open()) {
            int n;
            while (count < limit && (n = in.read(buffer, 0, Math.min(buffer.length, limit - count))) > 0) {
                if (count + n > octets.length) {
                    octets = Arrays.copyOf(octets, Math.min(limit, Math.max(count + n, octets.length * 2)));
                }
                System.arraycopy(buffer, 0, octets, count, n);
                count += n;
            }
            broken = in instanceof Damaged decoding && decoding.damaged();
        } catch (ContentUnavailable e) {
            throw e;
        } catch (IOException e) {
            if (e.getCause() instanceof MailFailure) {
                throw e;
            }
            // The encoding is damaged or truncated; what was decoded so far is still useful.
            broken = true;
        }
        return new Content(Arrays.copyOf(octets, count), broken || count < limit && part.endsEarly());
    }

    private static String decoded(MailPart part, byte[] octets, boolean cut) {
        String charset = part.parameter("charset");
        if (part.type().equals("text/html")) {
            return Charsets.decodeHtml(octets, charset, cut);
        }
        String text = Charsets.decode(octets, charset, cut);
        return "flowed".equals(lower(part.parameter("format")))
                ? FlowedText.unfold(lines(text), "yes".equals(lower(part.parameter("delsp"))))
                : text;
    }

    private static String lower(String parameter) {
        return parameter == null ? "" : CaseFolding.asciiLower(parameter.strip());
    }

    private static String lines(String text) {
        return text.replace("\r\n", "\n");
    }
}
