package io.jenkins.plugins.oauthmail.mail.received;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import jakarta.mail.util.SharedByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Multiparts in multiparts: each level scans the content of all those below it again. */
@Timeout(120)
class NestedMultipartsTest {
    private static final int DEEP = 29;

    /** Counts the bytes that are read. */
    private static final class CountedMail extends SharedByteArrayInputStream {
        private final AtomicLong read = new AtomicLong();

        CountedMail(byte[] mail) {
            super(mail);
        }

        @Override
        public InputStream newStream(long start, long end) {
            return new FilterInputStream(super.newStream(start, end)) {
                @Override
                public int read(byte[] b, int off, int len) throws IOException {
                    int count = super.read(b, off, len);
                    read.addAndGet(Math.max(0, count));
                    return count;
                }
            };
        }
    }

    /** @param declared the boundary in each header; null for the one that the content has */
    private static byte[] nested(int depth, String declared, String innermost) {
        StringBuilder mail = new StringBuilder();
        for (int i = 0; i < depth; i++) {
            mail.append("Content-Type: multipart/mixed; boundary=")
                    .append(declared == null ? "p" + i : declared)
                    .append("\n\n--p")
                    .append(i)
                    .append('\n');
        }
        return mail.append(innermost).toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static String large(int size) {
        return "Content-Type: application/x\n\n" + "\n".repeat(size);
    }

    private static PartWalker walk(byte[] mail, ReadDeadline time) throws Exception {
        return new PartWalker(new LocalPart(new SharedByteArrayInputStream(mail), mail.length, time), time);
    }

    private static long scanned(byte[] mail) throws Exception {
        CountedMail counted = new CountedMail(mail);
        new PartWalker(new LocalPart(counted, mail.length, ReadDeadline.ENDLESS), ReadDeadline.ENDLESS);
        return counted.read.get();
    }

    private static String only(PartWalker parts) throws Exception {
        assertEquals(1, parts.texts().size());
        try (InputStream in = parts.texts().get(0).open()) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"p", "q"})
    void scansALargeMessageAFewTimesOnly(String declared) throws Exception {
        byte[] mail = nested(DEEP, declared.equals("p") ? null : declared, large(5 << 20));
        long scanned = scanned(mail);
        assertTrue(scanned <= 10L * mail.length, scanned + " bytes read of " + mail.length);
    }

    /** So that a message whose text was not looked for is not deleted. */
    @Test
    void whatIsNestedTooDeeplyStaysInOneAttachmentAndIsReported() throws Exception {
        byte[] mail = nested(DEEP, "q", large(5 << 20));
        PartWalker parts = walk(mail, ReadDeadline.ENDLESS);
        assertEquals(1, parts.attachments().size());
        MailPart rest = parts.attachments().get(0);
        assertEquals("multipart/mixed", rest.type());
        try (InputStream in = rest.open()) {
            assertTrue(in.readAllBytes().length > 5 << 20);
        }
        assertTrue(parts.cut());
        assertEquals(1, parts.leftOut());
    }

    @Test
    void scansAContentWithAnotherBoundaryOnce() throws Exception {
        byte[] mail = nested(1, "q", large(1 << 20));
        long scanned = scanned(mail);
        // Once for its boundary, and once for the header of its part, which ends soon.
        assertTrue(scanned <= mail.length + (64 << 10), scanned + " bytes read of " + mail.length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"p", "q"})
    void readsSmallMessagesAtAnyDepth(String declared) throws Exception {
        byte[] mail = nested(DEEP, declared.equals("p") ? null : declared, "\ntext\n");
        PartWalker parts = walk(mail, ReadDeadline.ENDLESS);
        assertEquals("text\n", only(parts));
        assertEquals(0, parts.leftOut());
    }

    /** A bar is a line end; the declared boundary is b. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "--a||no|--b||text|--b-- ! text",
                "--a||no|--a--|--b||text|--b-- ! text",
                "-- |--|--a||text|--a-- ! text",
                "---a||text|---a-- ! text",
                "--a--|X: y||text|--a----|epilogue ! text",
                "--ab||text|--ab-- ! text",
                "--b- not it||text|--b- not it-- ! text",
                "not a multipart ! not a multipart",
            })
    void prefersTheDeclaredBoundary(String body, String text) throws Exception {
        String mail = "Content-Type: multipart/mixed; boundary=b||" + body;
        assertEquals(
                text, only(walk(mail.replace("|", "\n").getBytes(StandardCharsets.US_ASCII), ReadDeadline.ENDLESS)));
    }

    @Test
    void declaredBoundaryMayBeginAnywhereOthersOnlyAtTheBeginning() throws Exception {
        String preamble = "preamble\n".repeat(10_000);
        String head = "Content-Type: multipart/mixed; boundary=b\n\n--a\n\nno\n";
        byte[] far = (head + preamble + "--b\n\ntext\n--b--\n").getBytes(StandardCharsets.US_ASCII);
        assertEquals("text", only(walk(far, ReadDeadline.ENDLESS)));
        String undivided = preamble + "--a\n\ntext\n--a--\n";
        byte[] late = ("Content-Type: multipart/mixed; boundary=b\n\n" + undivided).getBytes(StandardCharsets.US_ASCII);
        assertEquals(undivided, only(walk(late, ReadDeadline.ENDLESS)));
    }

    @Test
    void checksTheDeadlineWithinOneMessage() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        byte[] mail = nested(1, null, large(4 << 20));
        walk(mail, new ReadDeadline(Duration.ofMinutes(1), asked::incrementAndGet));
        assertTrue(asked.get() >= 100, asked + " times");
    }

    @Test
    void interruptEndsTheScan() {
        byte[] mail = nested(1, null, large(1 << 10));
        Thread.currentThread().interrupt();
        try {
            assertThrows(MailFailure.class, () -> walk(mail, ReadDeadline.ENDLESS));
        } finally {
            assertTrue(Thread.interrupted(), "whoever waits for the thread must still see it");
        }
    }
}
