package io.jenkins.plugins.oauthmail.mail.imap;

import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import io.jenkins.plugins.oauthmail.mail.received.MailPart;
import io.jenkins.plugins.oauthmail.mail.received.ReceivedHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.angus.mail.imap.protocol.BODYSTRUCTURE;

/**
 * The beginning of a message's text, which is fetched together with its description and often contains the bodies. A
 * part is only taken from it if it has come to its end and looks the way the server describes it.
 */
final class TextBeginning {

    private static final String DEFAULT_ENCODING = "7bit";

    private final byte[] bytes;
    private final boolean whole;
    private final Map<String, Found> found = new HashMap<>();

    /** @param header size of the header of the part, in bytes */
    private record Found(byte[] content, int header) {}

    /**
     * @param bytes what follows the header of the message
     * @param asked how many bytes were requested
     */
    TextBeginning(byte[] bytes, int asked) {
        this.bytes = bytes;
        this.whole = bytes.length < asked;
    }

    /**
     * Passes the content of parts that are found here to them.
     *
     * @param exact whether the server announces exact sizes
     */
    void give(BODYSTRUCTURE root, List<MailPart> parts, boolean exact) {
        walk(root, "", 0, 0, bytes.length, whole);
        for (MailPart part : parts) {
            RemotePart remote = (RemotePart) part;
            Found one = found.get(remote.section());
            // The only part of a message is its text, whatever size the server announces.
            if (one != null && (!root.isMulti() || remote.isAsDescribed(one.content().length, one.header(), exact))) {
                remote.prefetched(one.content());
            }
        }
    }

    /**
     * @param header where the part begins
     * @param from where its content begins
     * @param ends whether it is known to end there
     */
    private void walk(BODYSTRUCTURE part, String section, int header, int from, int to, boolean ends) {
        if (part.isMulti()) {
            children(part, section, from, to, ends);
        } else if (ends) {
            byte[] content = Arrays.copyOfRange(bytes, from, to);
            found.put(section.isEmpty() ? "1" : section, new Found(content, from - header));
        }
    }

    /** RFC 2046 section 5.1.1. */
    private void children(BODYSTRUCTURE part, String section, int from, int to, boolean ends) {
        String boundary = part.cParams == null ? null : part.cParams.get("boundary");
        if (boundary == null || boundary.isBlank() || part.bodies == null) {
            return;
        }
        byte[] delimiter = ("--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        int child = -1;
        int begin = 0;
        int line = from;
        while (line < to) {
            int next = lineAfter(line, to);
            String rest = restOf(line, next, delimiter);
            if (rest != null && !rest.isEmpty() && !rest.equals("--")) {
                // A delimiter with something behind it, or a longer line; servers differ in what they take it for.
                return;
            }
            boolean complete = bytes[next - 1] == '\n' || ends;
            if (complete && rest != null) {
                if (child >= 0) {
                    child(part.bodies[child], section, child, begin, withoutLineEnd(begin, line), true);
                }
                child++;
                if (!rest.isEmpty() || child >= part.bodies.length) {
                    return;
                }
                begin = next;
            }
            line = next;
        }
        if (child >= 0) {
            child(part.bodies[child], section, child, begin, to, false);
        }
    }

    /** What follows the delimiter on its line, null if the line does not begin with it. */
    private String restOf(int line, int next, byte[] delimiter) {
        int begin = line + delimiter.length;
        if (begin > next || !Arrays.equals(bytes, line, begin, delimiter, 0, delimiter.length)) {
            return null;
        }
        return new String(bytes, begin, next - begin, StandardCharsets.ISO_8859_1).replaceFirst("\r?\n$", "");
    }

    private void child(BODYSTRUCTURE part, String parent, int index, int from, int to, boolean ends) {
        int body = from;
        while (body < to && !isEmptyLine(body)) {
            body = lineAfter(body, to);
        }
        if (body >= to) {
            return;
        }
        ReceivedHeaders header = new ReceivedHeaders(Arrays.copyOfRange(bytes, from, body), ReceivedHeaders.MAX_BYTES);
        if (agree(part, header)) {
            String section = parent.isEmpty() ? String.valueOf(index + 1) : parent + "." + (index + 1);
            walk(part, section, from, lineAfter(body, to), to, ends);
        }
    }

    /** Whether the description is that of this part, and its content is encoded as described. */
    private static boolean agree(BODYSTRUCTURE part, ReceivedHeaders header) {
        String encoding = header.first("Content-Transfer-Encoding");
        return CaseFolding.equalsAscii(
                        part.type + "/" + part.subtype, header.type().value())
                && (part.isMulti()
                        || CaseFolding.equalsAscii(
                                part.encoding == null ? DEFAULT_ENCODING : part.encoding.strip(),
                                encoding == null ? DEFAULT_ENCODING : encoding.strip()));
    }

    private int lineAfter(int line, int to) {
        int i = line;
        while (i < to && bytes[i] != '\n') {
            i++;
        }
        return Math.min(to, i + 1);
    }

    private boolean isEmptyLine(int line) {
        return bytes[line] == '\n' || bytes[line] == '\r' && line + 1 < bytes.length && bytes[line + 1] == '\n';
    }

    /** The line end before a delimiter belongs to the delimiter. */
    private int withoutLineEnd(int begin, int line) {
        int end = line > begin && bytes[line - 1] == '\n' ? line - 1 : line;
        return end > begin && bytes[end - 1] == '\r' ? end - 1 : end;
    }
}
