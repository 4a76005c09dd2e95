package io.jenkins.plugins.oauthmail.mail.received;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import jakarta.activation.DataSource;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A multipart in a message that was fetched whole, with a limited number of parts, because each part takes about ten
 * kilobytes of memory in Jakarta Mail, however small it is.
 */
final class BoundedMultipart extends MimeMultipart {

    /** For one message, including all levels: the attachments that are listed, and as many other parts. */
    static final int MAX_PARTS = 2 * MailAssembler.MAX_ATTACHMENTS;

    /** RFC 2046 section 5.1.1 allows 70. Jakarta Mail prepares its search for the boundary in quadratic time. */
    static final int MAX_BOUNDARY = 200;

    /** The first boundary must be found within this many bytes if the header does not name it. */
    private static final int PREAMBLE = 64 << 10;

    private final AtomicInteger left;
    private boolean incomplete;

    /** @param left how many more parts of the message may be read; is decremented */
    BoundedMultipart(DataSource content, String boundary, AtomicInteger left) throws MessagingException {
        super(content);
        this.left = left;
        if (boundary.length() > MAX_BOUNDARY) {
            throw new MessagingException("a boundary that is too long");
        }
        contentType =
                "multipart/mixed; boundary=\"" + boundary.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** Whether there are more parts than were read. */
    boolean incomplete() {
        return incomplete;
    }

    /**
     * The probable boundary in a content, or null.
     *
     * @param told the boundary in the header; null if there is none. If the content has it, including any spaces at its
     *     end, it is the boundary.
     */
    @CheckForNull
    static String boundaryIn(DataSource content, @CheckForNull String told) {
        try (InputStream in = content.getInputStream()) {
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

    @Override
    protected synchronized void parse() throws MessagingException {
        try {
            super.parse();
        } catch (TooManyParts e) {
            incomplete = true;
            parsed = true;
        }
    }

    @Override
    protected MimeBodyPart createMimeBodyPart(InputStream is) throws MessagingException {
        if (left.getAndDecrement() <= 0) {
            throw new TooManyParts();
        }
        return super.createMimeBodyPart(is);
    }

    private static final class TooManyParts extends MessagingException {
        private static final long serialVersionUID = 1L;
    }
}
