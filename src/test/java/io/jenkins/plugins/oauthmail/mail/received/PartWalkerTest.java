package io.jenkins.plugins.oauthmail.mail.received;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mails that were read whole, taken apart without a server that would take them apart itself. */
@Timeout(120)
class PartWalkerTest {

    private static String mail(String boundary, String part, int count) {
        return "Content-Type: multipart/mixed; boundary=\"" + boundary + "\"\r\n\r\n"
                + ("--" + boundary + "\r\n" + part + "\r\n").repeat(count) + "--" + boundary + "--\r\n";
    }

    private static PartWalker parts(String raw) throws Exception {
        MimeMessage mail = new MimeMessage(
                Session.getInstance(new Properties()),
                new ByteArrayInputStream(raw.getBytes(StandardCharsets.US_ASCII)));
        return new PartWalker(new LocalPart(mail), ReadDeadline.ENDLESS);
    }

    @Test
    void partsAreBoundedOnAllLevelsTogether() throws Exception {
        String inner = mail("i", "Content-Type: a/b\r\n\r\nx", 1_500);
        String outer = mail("o", inner, 20) + mail("o", "Content-Type: a/b\r\n\r\nx", 70_000);
        PartWalker parts = parts(outer);
        assertEquals(MailAssembler.MAX_ATTACHMENTS, parts.attachments().size());
        assertTrue(parts.leftOut() > 0);
        assertTrue(parts.attachments().size() + parts.leftOut() <= BoundedMultipart.MAX_PARTS);
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 70_000, 1 << 20})
    void aBoundaryThatIsTooLongTakesNothingApart(int length) throws Exception {
        String boundary = "a".repeat(length);
        String body = "--" + boundary + "\r\n\r\nx\r\n--" + boundary + "--\r\n";
        for (String type : new String[] {"multipart/mixed", "multipart/mixed; boundary=" + boundary}) {
            PartWalker parts = parts("Content-Type: " + type + "\r\n\r\n" + body);
            assertEquals(1, parts.attachments().size());
            assertEquals(0, parts.texts().size());
        }
    }

    @Test
    void theLongestBoundaryIsFoundWhetherItIsToldOrNot() throws Exception {
        String boundary = "a".repeat(200);
        String body = "--" + boundary + "\r\n\r\nx\r\n--" + boundary + "--\r\n";
        for (String type : new String[] {"multipart/mixed", "multipart/mixed; boundary=" + boundary}) {
            assertEquals(
                    1,
                    parts("Content-Type: " + type + "\r\n\r\n" + body).texts().size());
        }
    }
}
