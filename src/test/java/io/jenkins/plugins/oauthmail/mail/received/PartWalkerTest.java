package io.jenkins.plugins.oauthmail.mail.received;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import jakarta.mail.util.SharedByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Mails that were read whole, taken apart without a server that would take them apart itself. */
@Timeout(120)
class PartWalkerTest {

    private static String mail(String boundary, String part, int count) {
        return "Content-Type: multipart/mixed; boundary=\"" + boundary + "\"\r\n\r\n"
                + ("--" + boundary + "\r\n" + part + "\r\n").repeat(count) + "--" + boundary + "--\r\n";
    }

    private static PartWalker parts(String raw) throws Exception {
        byte[] mail = raw.getBytes(StandardCharsets.US_ASCII);
        return new PartWalker(
                new LocalPart(new SharedByteArrayInputStream(mail), mail.length, ReadDeadline.ENDLESS),
                ReadDeadline.ENDLESS);
    }

    @Test
    void limitsPartsOfAllLevelsTogether() throws Exception {
        String inner = mail("i", "Content-Type: a/b\r\n\r\nx", 1_500);
        String outer = mail("o", inner, 20) + mail("o", "Content-Type: a/b\r\n\r\nx", 70_000);
        PartWalker parts = parts(outer);
        assertEquals(MailAssembler.MAX_ATTACHMENTS, parts.attachments().size());
        assertTrue(parts.leftOut() > 0);
        assertTrue(parts.attachments().size() + parts.leftOut() <= ScanLimits.MAX_PARTS);
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 70_000, 1 << 20})
    void doesNotSplitAtATooLongBoundary(int length) throws Exception {
        String boundary = "a".repeat(length);
        String body = "--" + boundary + "\r\n\r\nx\r\n--" + boundary + "--\r\n";
        for (String type : new String[] {"multipart/mixed", "multipart/mixed; boundary=" + boundary}) {
            PartWalker parts = parts("Content-Type: " + type + "\r\n\r\n" + body);
            assertEquals(1, parts.attachments().size());
            assertEquals(0, parts.texts().size());
        }
    }

    @Test
    void findsTheLongestBoundaryDeclaredOrNot() throws Exception {
        String boundary = "a".repeat(200);
        String body = "--" + boundary + "\r\n\r\nx\r\n--" + boundary + "--\r\n";
        for (String type : new String[] {"multipart/mixed", "multipart/mixed; boundary=" + boundary}) {
            assertEquals(
                    1,
                    parts("Content-Type: " + type + "\r\n\r\n" + body).texts().size());
        }
    }

    private static String leaves(String raw) throws Exception {
        StringBuilder leaves = new StringBuilder();
        for (MailPart part : parts(raw).texts()) {
            leaves.append('[');
            try (InputStream in = part.open()) {
                leaves.append(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
            }
            leaves.append(']');
        }
        return leaves.toString().replace("\r\n", "|");
    }

    /** Everything that programs do to boundaries, in the place of the pieces of {@code --b}. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "preamble|--b||one|--b||two|--b--|epilogue ! [one][two]",
                "--b||one|--b||two ! [one][two]",
                "--b||one||--b||--b--| ! [one|][]",
                "--b||one|--b ! [one]",
                "--b \t||one|--b\t||two|--b-- \t| ! [one][two]",
                "--b||one|--b--epilogue ! [one]",
                "--b--|--b||one|--b--| ! [one]",
                "--b--not it|--b||one|--b--| ! [one]",
                "--b||one|--bb|--b-|-b|--|--b--| ! [one|--bb|--b-|-b|--]",
                "--b||one --b|| --b||--b--| ! [one --b|| --b|]",
                "--b|X: y|--b||two|--b--| ! [][two]",
                "--b|X: y ! []",
            })
    void findsBoundaries(String body, String expected) throws Exception {
        String raw = "Content-Type: multipart/mixed; boundary=b||" + body.translateEscapes();
        String wanted = expected.strip();
        assertEquals(wanted, leaves(raw.replace("|", "\r\n")));
        assertEquals(wanted.replace("|", "\n"), leaves(raw.replace("|", "\n")));
    }

    /** So that what one program takes for a part is not a line of text for another. */
    @Test
    void loneCarriageReturnEndsNoLine() throws Exception {
        assertEquals(
                "[one\r--b\r\rtwo]",
                leaves("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none\r--b\r\rtwo\r\n--b--\r\n"));
    }

    @Test
    void findsBoundariesAcrossBuffers() throws Exception {
        for (int length = 8150; length < 8200; length++) {
            String text = "x".repeat(length);
            assertEquals(
                    "[" + text + "][two]",
                    leaves("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n" + text
                            + "\r\n--b\r\n\r\ntwo\r\n--b--\r\n"));
        }
    }
}
