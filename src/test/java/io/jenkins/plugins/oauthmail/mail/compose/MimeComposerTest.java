package io.jenkins.plugins.oauthmail.mail.compose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.Draft;
import io.jenkins.plugins.oauthmail.mail.MailRig;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused before anybody is connected to, and how the rest is written. */
class MimeComposerTest {

    private static MailFailure refused(Draft draft) {
        MailFailure failure = assertThrows(MailFailure.class, () -> new MimeComposer(draft.mail()).compose());
        assertEquals(Layer.MESSAGE, failure.layer());
        return failure;
    }

    private static String written(Draft draft) throws Exception {
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        new MimeComposer(draft.mail()).compose().message().writeTo(raw);
        return raw.toString(StandardCharsets.ISO_8859_1);
    }

    static List<String> subjects() {
        return List.of(
                "=?UTF-8?Q?abc?=",
                "Fix =?utf-8?B?YWJj?= in headers",
                "=?",
                "Gr\u00fc\u00dfe =?UTF-8?Q?abc?=",
                "=?UTF-8?Q?" + "long ".repeat(60) + "?=");
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void keepsASubjectThatLooksEncoded(String subject) throws Exception {
        String raw = written(new Draft().subject(subject));
        MimeMessage arrived =
                new MimeMessage(null, new ByteArrayInputStream(raw.getBytes(StandardCharsets.ISO_8859_1)));
        assertEquals(subject, arrived.getSubject());
        assertTrue(raw.lines().allMatch(line -> line.length() <= 998), raw);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x\r\nBcc: spy@example.com", "x\ny", "x\ry", "x\u0000y", "x\u0085y"})
    void rejectsLineBreaksInHeaders(String value) {
        assertTrue(refused(new Draft().subject(value)).getMessage().contains("subject contains a line break"));
        assertTrue(refused(new Draft().header("X-Y", value)).getMessage().contains("X-Y contains a line break"));
        assertTrue(refused(new Draft().from(value + " <a@example.com>"))
                .getMessage()
                .contains("from contains"));
        assertTrue(refused(new Draft().to(value)).getMessage().contains("to contains"));
        assertTrue(refused(new Draft().cc(value)).getMessage().contains("cc contains"));
        assertTrue(refused(new Draft().bcc(value)).getMessage().contains("bcc contains"));
        assertTrue(refused(new Draft().replyTo(value)).getMessage().contains("replyTo contains"));
        assertTrue(refused(new Draft().attach(value, new byte[0]))
                .getMessage()
                .contains("name of an attachment contains"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "X Y", "X:Y", "X\r\nBcc", "Ä"})
    void rejectsInvalidHeaderNames(String name) {
        assertTrue(
                refused(new Draft().header(name, "v")).getMessage().contains("is not a valid name for a header field"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "From",
                "to",
                "BCC",
                "Subject",
                "Message-ID",
                "Content-Type",
                "Resent-To",
                "mime-version",
                "Sender"
            })
    void rejectsHeadersThatThePluginSets(String name) {
        assertTrue(refused(new Draft().header(name, "v")).getMessage().contains(name + " cannot be set"));
    }

    @Test
    void setsOtherHeaders() throws Exception {
        String raw = written(new Draft()
                .header("In-Reply-To", "<a@b>")
                .header("Auto-Submitted", "no")
                .header("X-Long", "word ".repeat(40).trim()));
        assertTrue(raw.contains("In-Reply-To: <a@b>\r\n"), raw);
        assertTrue(raw.contains("Auto-Submitted: no\r\n"), raw);
        assertFalse(raw.contains("auto-generated"), raw);
        assertTrue(raw.lines().noneMatch(line -> line.length() > 78), raw);
    }

    @ParameterizedTest
    @ValueSource(ints = {70, 77, 500, 990, 5000})
    void foldsLongLines(int length) throws Exception {
        String word = "x".repeat(length);
        String raw = written(new Draft()
                .subject(word)
                .to(word + " <a@example.com>")
                .header("X-Long", word)
                .header("X-More", "a " + word)
                .html(word)
                .attach(word + ".txt", new byte[] {1}));
        assertTrue(raw.lines().noneMatch(line -> line.length() > 998), raw);
        MimeMessage message = new MimeMessage(
                Session.getInstance(new Properties()),
                new ByteArrayInputStream(raw.getBytes(StandardCharsets.ISO_8859_1)));
        assertEquals(word, message.getSubject());
        assertEquals(word, ((InternetAddress) message.getAllRecipients()[0]).getPersonal());
        assertEquals(word, MimeUtility.decodeText(MimeUtility.unfold(message.getHeader("X-Long", null))));
        assertTrue(message.getHeader("Subject", null).lines().noneMatch(line -> line.length() > 76), raw);
        assertTrue(message.getHeader("To", null).lines().noneMatch(line -> line.length() > 76), raw);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=?UTF-8?Q?abc?=",
                "see =?UTF-8?B?YWJj?= there",
                "=?us-ascii?q?a b?=",
                "=?x?= ?",
                "100 % \ud83d\ude00 =?UTF-8?Q?abc?="
            })
    void keepsTextThatLooksEncoded(String text) throws Exception {
        String raw = written(new Draft()
                .subject(text)
                .header("X-Y", text)
                .to("\"" + text.replace("=?UTF-8?Q?abc?=", "abc") + "\" <a@example.com>"));
        MimeMessage message = new MimeMessage(
                Session.getInstance(new Properties()),
                new ByteArrayInputStream(raw.getBytes(StandardCharsets.ISO_8859_1)));
        assertEquals(text, message.getSubject());
        assertEquals(text, MimeUtility.decodeText(MimeUtility.unfold(message.getHeader("X-Y", null))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a/b.txt", "..\\b.txt"})
    void namesAttachments(String name) {
        assertTrue(refused(new Draft().attach(name, new byte[0])).getMessage().contains("without folders"));
    }

    @Test
    void requiresARecipient() {
        assertTrue(refused(new Draft().to()).getMessage().contains("no recipients"));
    }

    @Test
    void requiresOneAddressPerEntry() {
        assertTrue(refused(new Draft().to("a@example.com, b@example.com"))
                .getMessage()
                .contains("is not exactly one address"));
        assertTrue(refused(new Draft().from("")).getMessage().startsWith("Message: from"));
    }

    @Test
    void addsEachRecipientToTheEnvelopeOnce() throws Exception {
        Envelope envelope = new MimeComposer(new Draft()
                        .to("Ann <a@example.com>", "b@example.com")
                        .cc("a@EXAMPLE.com")
                        .bcc("c@example.com")
                        .mail())
                .compose()
                .envelope();
        assertEquals(List.of("a@example.com", "b@example.com", "c@example.com"), envelope.recipients());
        assertEquals(MailRig.USER, envelope.from());
    }

    @Test
    void encodesFileNamesAsRfc2231WithAnyDefaultCharset() throws Exception {
        String raw = written(new Draft().attach("März.txt", new byte[] {1}));
        assertTrue(raw.contains("filename*=UTF-8''M%C3%A4rz.txt"), raw);
    }

    @Test
    void doesNotEncodeEmbeddedMessagesAsBase64() throws Exception {
        String raw = written(new Draft().attach("old.eml", new byte[] {1}));
        assertTrue(raw.contains("Content-Type: application/octet-stream\r\n"), raw);
        assertFalse(raw.contains("message/rfc822"), raw);
    }

    @Test
    void sizeEstimateIsAnUpperBound() throws Exception {
        for (int size : new int[] {0, 56, 57, 58, 100_000}) {
            Draft draft = new Draft().html("<p>").attach("a.bin", new byte[size]);
            int actual = written(draft).length();
            long estimate = MessageSize.estimate(draft.mail());
            assertTrue(estimate >= actual && estimate < actual + 4000, size + ": " + estimate + " for " + actual);
        }
    }
}
