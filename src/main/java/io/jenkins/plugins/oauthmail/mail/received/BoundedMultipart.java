package io.jenkins.plugins.oauthmail.mail.received;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The parts of a multipart (RFC 2046 section 5.1) in a message that was fetched whole, in one pass over its content.
 * Their number is limited. Jakarta Mail's own parser looks up a service for each part, which takes longer than all the
 * rest of reading a message, and keeps about ten kilobytes for each.
 */
final class BoundedMultipart {

    /** For one message, including all levels: the attachments that are listed, and as many other parts. */
    static final int MAX_PARTS = 2 * MailAssembler.MAX_ATTACHMENTS;

    /** RFC 2046 section 5.1.1 allows 70. */
    static final int MAX_BOUNDARY = 200;

    /** The first boundary must be found within this many bytes if the header does not name it. */
    private static final int PREAMBLE = 64 << 10;

    private final List<Slice> parts = new ArrayList<>();
    private final AtomicInteger left;
    private boolean incomplete;

    /**
     * @param boundary as its bytes are in the content
     * @param left how many more parts of the message may be read; is decremented
     */
    BoundedMultipart(Slice content, byte[] boundary, AtomicInteger left) throws IOException {
        this.left = left;
        if (boundary.length <= MAX_BOUNDARY) {
            try (Lines lines = new Lines(content, boundary)) {
                read(lines, content);
            }
        }
    }

    /** Each with its header; none if there is no boundary. */
    List<Slice> parts() {
        return parts;
    }

    /** Whether there are more parts than were read. */
    boolean incomplete() {
        return incomplete;
    }

    private void read(Lines lines, Slice content) throws IOException {
        long begin = -1;
        long previousEnd = content.from();
        Lines.Kind kind;
        while ((kind = lines.read()) != null) {
            // In front of the first part, it ends nothing.
            boolean last = kind == Lines.Kind.LAST_BOUNDARY && begin >= 0;
            if (last || kind == Lines.Kind.BOUNDARY) {
                if (begin >= 0) {
                    // The line end in front of a boundary belongs to it.
                    parts.add(content.part(begin, Math.max(begin, previousEnd)));
                }
                if (last) {
                    return;
                }
                if (left.getAndDecrement() <= 0) {
                    incomplete = true;
                    return;
                }
                begin = lines.next();
            }
            previousEnd = lines.textEnd();
        }
        if (begin >= 0 && begin < content.to()) {
            parts.add(content.part(begin, content.to()));
        }
    }

    /**
     * The probable boundary in a content, or null.
     *
     * @param told the boundary in the header; null if there is none. If the content has it, including any spaces at its
     *     end, it is the boundary.
     */
    @CheckForNull
    static String boundaryIn(Slice content, @CheckForNull String told) {
        try (InputStream in = content.open()) {
            String start = new String(in.readNBytes(PREAMBLE), StandardCharsets.ISO_8859_1);
            if (told != null && start.contains("--" + told + "\r\n")) {
                return told;
            }
            return start.lines()
                    .map(String::stripTrailing)
                    .filter(line -> line.startsWith("--") && line.chars().anyMatch(c -> c != '-'))
                    .findFirst()
                    .map(line -> line.substring(2))
                    .orElse(null);
        } catch (IOException e) {
            return null;
        }
    }
}
