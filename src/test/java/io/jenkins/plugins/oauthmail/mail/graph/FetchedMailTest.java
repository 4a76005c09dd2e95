package io.jenkins.plugins.oauthmail.mail.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FetchedMailTest {

    /** Each build that waits for another message in the folder has its own query. */
    @Test
    void splitsAMessageIntoPartsOnceForAllQueries() throws Exception {
        try (FetchedMail mail = new FetchedMail()) {
            Files.writeString(
                    mail.file(),
                    "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b--\r\n",
                    StandardCharsets.US_ASCII);
            assertNotEquals(0, steps(mail));
            assertEquals(0, steps(mail));
            String text = new String(
                    mail.parts(ReadDeadline.ENDLESS).texts().get(0).open().readAllBytes(), StandardCharsets.US_ASCII);
            assertEquals("text", text);
        }
    }

    /** How often the clock was read while the parts were determined. */
    private static int steps(FetchedMail mail) throws Exception {
        AtomicInteger asked = new AtomicInteger();
        ReadDeadline time = new ReadDeadline(Duration.ofMinutes(1), asked::incrementAndGet);
        int before = asked.get();
        mail.parts(time);
        return asked.get() - before;
    }
}
