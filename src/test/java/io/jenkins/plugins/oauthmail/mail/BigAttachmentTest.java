package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.OutgoingMail;
import io.jenkins.plugins.oauthmail.mail.model.SentMail;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Large contents flow, they do not pile up. */
class BigAttachmentTest {

    private static final int SIZE = 25 << 20;

    @Test
    void isOpenedOnceAndSentWhileItIsBeingRead() throws Exception {
        try (MailRig rig = new MailRig()) {
            rig.server.smtpTraits().keeping(false);
            AtomicInteger opened = new AtomicInteger();
            Generated content = new Generated(rig);
            SentMail sent = rig.sender()
                    .send(new Draft()
                            .attach(new OutgoingMail.Attachment("core.bin", SIZE, () -> {
                                opened.incrementAndGet();
                                return content;
                            }))
                            .mail());
            assertEquals(1, opened.get());
            assertEquals(SIZE, content.read);
            assertTrue(content.largestRead <= 1 << 20, "asked for " + content.largestRead + " octets at once");
            // 17 MiB were sent by then, more than both sides' socket buffers hold, so the server has some of it.
            assertTrue(content.atServerByHalf > 0, "nothing had been sent when half was read");
            assertTrue(sent.bytes() > SIZE / 57 * 78L, "bytes: " + sent.bytes());
            assertTrue(rig.server.smtpContent() >= sent.bytes(), "the server counted " + rig.server.smtpContent());
        }
    }

    private static final class Generated extends InputStream {

        private final MailRig rig;
        private int read;
        private int largestRead;
        private long atServerByHalf;

        Generated(MailRig rig) {
            this.rig = rig;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] b, int off, int len) {
            largestRead = Math.max(largestRead, len);
            if (read == SIZE) {
                return -1;
            }
            int n = Math.min(len, SIZE - read);
            for (int i = 0; i < n; i++) {
                b[off + i] = (byte) (read + i);
            }
            boolean half = read < SIZE / 2 && read + n >= SIZE / 2;
            read += n;
            if (half) {
                atServerByHalf = rig.server.smtpContent();
            }
            return n;
        }
    }
}
