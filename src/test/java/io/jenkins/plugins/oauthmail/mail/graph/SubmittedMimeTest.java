package io.jenkins.plugins.oauthmail.mail.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.Draft;
import io.jenkins.plugins.oauthmail.mail.MailRig;
import io.jenkins.plugins.oauthmail.mail.compose.FinishedMessage;
import io.jenkins.plugins.oauthmail.mail.compose.MimeComposer;
import io.jenkins.plugins.oauthmail.mail.model.FinishedMail;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubmittedMimeTest {
    private static final String FROM = "From: " + MailRig.USER + "\n";
    private static final String TO = "To: dev@example.com\n";

    @TempDir
    Path folder;

    /** A message as another program composed it, to {@code dev@} and {@code ops@example.com}. */
    private SubmittedMime relayed(String message, int most) throws Exception {
        Path file = Files.writeString(folder.resolve("mail.eml"), message, StandardCharsets.ISO_8859_1);
        List<String> recipients = List.of("dev@example.com", "ops@example.com");
        return new SubmittedMime(
                FinishedMessage.compose(new FinishedMail(recipients, file, List.of(MailRig.USER)), MailRig.USER, 0),
                most);
    }

    private static String text(SubmittedMime mime) throws Exception {
        byte[] bytes = Base64.getDecoder().decode(mime.base64());
        assertEquals(bytes.length, mime.size());
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Message-ID, Date and boundaries would tell the server that it is another message. */
    @Test
    void isTheSameEachTime() throws Exception {
        byte[] content = new byte[10_000];
        SubmittedMime mime = new SubmittedMime(
                new MimeComposer(new Draft()
                                .html("<b>green</b>")
                                .bcc("ops@example.com")
                                .attach("a.bin", content)
                                .mail())
                        .compose(),
                20_000);
        String text = text(mime);
        assertTrue(text.contains("Message-ID: " + mime.messageId() + "\r\n"), text);
        assertTrue(text.contains("\r\nBcc: ops@example.com\r\n\r\n"), text);
        assertArrayEquals(mime.base64(), mime.base64());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r\r\n", "\r"})
    void replacesTheHeaderWhateverItsLinesEndWith(String end) throws Exception {
        String header = FROM + "Bcc: eve@example.com\n" + TO + "\n";
        String body = "\u00fc\n\nTo: eve@example.com\r\rBcc: eve@example.com\r\n\r\n";
        assertEquals(
                (FROM + TO + "Bcc: ops@example.com\n\n").replace("\n", "\r\n") + body,
                text(relayed(header.replace("\n", end) + body, 1000)));
    }

    /** A header ends with the message, at the latest. */
    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n", "\r"})
    void completesAMessageWithoutABody(String end) throws Exception {
        assertEquals(
                (FROM + TO + "Bcc: ops@example.com\n\n").replace("\n", "\r\n"),
                text(relayed((FROM + TO).strip() + end, 1000)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r\r\n", "\r"})
    void findsEverybodyInTheHeader(String end) {
        MailFailure failure = assertThrows(
                MailFailure.class,
                () -> relayed((FROM + TO + "Cc: eve@example.com\n\n").replace("\n", end) + "x", 1000));
        assertEquals(Layer.MESSAGE, failure.layer());
        assertTrue(failure.getMessage().contains("eve@example.com"), failure.getMessage());
    }

    @Test
    void hasALimit() throws Exception {
        String message = FROM + TO + "\n" + "x".repeat(3_000_000);
        relayed(message, message.length());
        MailFailure failure = assertThrows(MailFailure.class, () -> relayed(message, message.length() - 1));
        assertEquals(Layer.MESSAGE, failure.layer());
        assertTrue(failure.getMessage().contains("no message of more than 3 MB"), failure.getMessage());
    }
}
