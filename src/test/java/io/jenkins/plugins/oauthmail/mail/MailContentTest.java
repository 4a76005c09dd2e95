package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.AttachmentSink;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.testing.mail.ByImapAndSmtp;
import io.jenkins.plugins.oauthmail.testing.mail.OnEveryServer;
import jakarta.mail.Flags;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is inside mails: bodies, attachments, and the server's inability to describe them. */
@OnEveryServer
class MailContentTest {

    private final MailRig rig = new MailRig();
    private final Map<String, byte[]> saved = new LinkedHashMap<>();
    private final AttachmentSink sink = (id, name, content) -> {
        saved.put(name, content.readAllBytes());
        return "mails/" + name;
    };

    @AfterEach
    void stop() {
        rig.close();
    }

    private ReceivedMail read(String raw) throws Exception {
        return read(raw.getBytes(StandardCharsets.ISO_8859_1));
    }

    private ReceivedMail read(byte[] raw) throws Exception {
        return rig.read(sink, raw);
    }

    static final String MIXED = "Subject: mixed\r\nMIME-Version: 1.0\r\n"
            + "Content-Type: multipart/mixed; boundary=\"o\"\r\n\r\npreamble\r\n--o\r\n"
            + "Content-Type: multipart/alternative; boundary=\"i\"\r\n\r\n--i\r\n"
            + "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
            + "Gr=FC=DFe\r\nzwei\r\n--i\r\n"
            + "Content-Type: text/html; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\n\r\nPGI+w7w8L2I+\r\n--i--\r\n"
            + "--o\r\nContent-Type: application/pdf; name=\"r.pdf\"\r\nContent-Disposition: attachment\r\n"
            + "Content-Transfer-Encoding: base64\r\n\r\nAAEC\r\n/w==\r\n"
            + "--o\r\nContent-Type: text/plain; name=notes.txt\r\n\r\nnotes\r\n--o--\r\n";

    private void assertMixed(ReceivedMail mail) {
        assertEquals("mixed", mail.subject());
        assertEquals("Grüße\nzwei", mail.text());
        assertEquals("<b>ü</b>", mail.html());
        assertEquals(
                List.of(
                        new ReceivedMail.Attachment("r.pdf", "application/pdf", 4, "mails/r.pdf", null),
                        new ReceivedMail.Attachment("notes.txt", "text/plain", 5, "mails/notes.txt", null)),
                mail.attachments());
        assertArrayEquals(new byte[] {0, 1, 2, (byte) 0xff}, saved.get("r.pdf"));
        assertEquals("notes", new String(saved.get("notes.txt"), StandardCharsets.US_ASCII));
    }

    @Test
    void distinguishesBodiesFromAttachments() throws Exception {
        assertMixed(read(MIXED));
    }

    @ByImapAndSmtp
    @Test
    void readsWholeMessagesIfTheStructureIsBroken() throws Exception {
        rig.breakStructure();
        assertMixed(read(MIXED));
        assertTrue(
                rig.server.imapHeard().stream().anyMatch(line -> line.contains("BODY.PEEK[]<0.")),
                rig.server.imapHeard().toString());
        assertTrue(rig.server.flags(MailRig.USER, "INBOX").stream().noneMatch(f -> f.contains(Flags.Flag.SEEN)));
    }

    @Test
    void readsWholeMessagesIfTheServerRefusesTheStructure() throws Exception {
        rig.server
                .imapScript()
                .reply(
                        "FETCH 1 (UID FLAGS INTERNALDATE BODYSTRUCTURE",
                        "NO The requested message could not be converted");
        assertMixed(read(MIXED));
    }

    @Test
    void readsOtherMessagesWhenOneIsBroken() throws Exception {
        for (int i = 1; i <= 3; i++) {
            rig.server.deliver(MailRig.USER, "Subject: mail " + i + "\r\n\r\nbody " + i + "\r\n");
        }
        rig.server
                .imapTraits()
                .rewrite(line -> line.startsWith("* 2 ") ? line.replace("BODYSTRUCTURE (", "BODYSTRUCTURE )(") : line);
        List<ReceivedMail> mails = rig.reader().read(MailQuery.inbox(), null);
        assertEquals(
                List.of("body 3", "body 2", "body 1"),
                mails.stream().map(mail -> mail.text().trim()).collect(Collectors.toList()));
    }

    @ByImapAndSmtp
    @Test
    void reportsAnUnreadableMessage() throws Exception {
        rig.server.deliver(MailRig.USER, "Subject: poison\r\n\r\nx");
        rig.breakStructure();
        rig.server.imapScript().reply("FETCH 1 (BODY.PEEK[]", "NO I will not");
        MailFailure failure = assertThrows(MailFailure.class, () -> rig.reader().read(MailQuery.inbox(), null));
        assertEquals(Layer.MESSAGE, failure.layer());
        assertTrue(
                failure.getMessage()
                        .matches("Message: the message \\d+-\\p{XDigit}{8}:\\d+ in INBOX could not be read.*"),
                failure.getMessage());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void limitsNesting(boolean broken) throws Exception {
        StringBuilder raw = new StringBuilder("Subject: deep\r\n");
        for (int i = 0; i < 60; i++) {
            raw.append("Content-Type: multipart/mixed; boundary=b" + i + "x\r\n\r\n--b" + i + "x\r\n");
        }
        raw.append("Content-Type: text/plain\r\n\r\nbottom\r\n");
        for (int i = 59; i >= 0; i--) {
            raw.append("--b" + i + "x--\r\n");
        }
        if (broken) {
            rig.breakStructure();
        }
        ReceivedMail mail = read(raw.toString());
        assertEquals("deep", mail.subject());
        assertNull(mail.text());
        assertEquals(1, mail.attachments().size());
        assertTrue(new String(saved.values().iterator().next(), StandardCharsets.US_ASCII).contains("bottom"));
    }

    @Test
    void joinsSeveralTexts() throws Exception {
        ReceivedMail mail = read(
                "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\none\r\n--b\r\n"
                        + "Content-Type: text/plain\r\n\r\n-- \r\nfooter\r\n--b--\r\n");
        assertEquals("one\n-- \nfooter", mail.text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-such-charset", "\"\"", "x-unknown", "UTF-8"})
    void guessesUnknownCharsets(String charset) throws Exception {
        byte[] raw = ("Content-Type: text/plain; charset=" + charset
                        + "\r\nContent-Transfer-Encoding: 8bit\r\n\r\nGrüße")
                .getBytes(StandardCharsets.UTF_8);
        assertEquals("Grüße", read(raw).text().trim());
    }

    @Test
    void assumesUtf8OrWindows1252WithoutACharset() throws Exception {
        assertEquals("Grüße", read("Subject: x\r\n\r\nGr\u00fc\u00dfe").text().trim());
    }

    @Test
    void keepsTextBeforeBrokenBase64() throws Exception {
        ReceivedMail mail =
                read("Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\naGVsbG8gd29ybGQgYQ=\r\n");
        assertTrue(mail.text().startsWith("hello world"), mail.text());
    }

    @Test
    void truncatesHugeTextsAndSaysSo() throws Exception {
        String raw = "Subject: huge\r\n\r\n" + "0123456789abcde\r\n".repeat(120_000);
        ReceivedMail mail = read(raw);
        assertTrue(
                mail.text().length() > 900_000 && mail.text().length() < 1_100_000,
                "" + mail.text().length());
        assertTrue(mail.text().endsWith("[truncated: only the first mebibyte is read]"));
    }

    @Test
    void readsSignedMessagesWithTheSignatureAsAttachment() throws Exception {
        ReceivedMail mail = rig.read(
                null,
                "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256; boundary=s\r\n\r\n"
                        + "--s\r\nContent-Type: text/plain\r\n\r\napprove\r\n"
                        + "--s\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\n"
                        + "Content-Transfer-Encoding: base64\r\n\r\nMIAGCSqGSIb3DQEHAg==\r\n--s--\r\n");
        assertEquals("approve", mail.text().trim());
        assertEquals("approve", mail.replyText());
        assertEquals("smime.p7s", mail.attachments().get(0).name());
    }

    @Test
    void treatsEncryptedContentAsAttachment() throws Exception {
        ReceivedMail mail = rig.read(
                null,
                "Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\n"
                        + "Content-Transfer-Encoding: base64\r\n\r\nMIAGCSqGSIb3DQEHA6CA\r\n");
        assertNull(mail.text());
        assertNull(mail.replyText());
        assertEquals("application/pkcs7-mime", mail.attachments().get(0).type());
    }

    /** No end, no beginning, a boundary that is not there: what can be read is read. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nthe text\r\n",
                "Content-Type: multipart/mixed; boundary=other\r\n\r\n--b\r\n\r\nthe text\r\n--b--\r\n",
                "Content-Type: multipart/mixed\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nthe text\r\n--b--\r\n"
            })
    void keepsTextWithBrokenBoundaries(String raw) throws Exception {
        for (boolean described : new boolean[] {true, false}) {
            if (!described) {
                rig.breakStructure();
            }
            StringBuilder all = new StringBuilder();
            ReceivedMail mail = rig.read(
                    (id, name, content) -> {
                        all.append(new String(content.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
                        return name;
                    },
                    raw);
            all.append(mail.text());
            assertTrue(described || all.toString().contains("the text"), all.toString());
        }
    }

    /** Each is found by {@code hasAttachment} or not, by its parts and whole. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            true  | application/pdf; name=a.pdf | attachment | mixed
            true  | application/pdf; name=a.pdf | inline | mixed
            true  | text/plain; name=a.txt | inline | mixed
            true  | image/png; name=a.png | attachment | related
            true  | message/rfc822 | inline | mixed
            false | image/png; name=logo.png | inline | related
            false | image/png; name=logo.png | inline; x=y\\nContent-ID: <logo@x> | mixed
            false | application/pgp-signature; name=signature.asc | attachment | signed
            false | application/pkcs7-signature; name=smime.p7s | attachment | signed
            false | text/calendar; method=REPLY | inline | alternative
            """)
    void doesNotCountInlinePicturesAndSignaturesAsAttachments(
            boolean found, String type, String disposition, String multipart) throws Exception {
        String raw = "Subject: x\r\nContent-Type: multipart/" + multipart + "; boundary=b\r\n\r\n--b\r\n"
                + "Content-Type: text/html\r\n\r\n<p>text</p>\r\n--b\r\nContent-Type: " + type
                + "\r\nContent-Disposition: " + disposition.replace("\\n", "\r\n")
                + "\r\n\r\nSubject: y\r\n\r\nz\r\n--b--\r\n";
        rig.server.deliver(MailRig.USER, raw);
        MailQuery query = MailQuery.in("INBOX").hasAttachment(true).build();
        assertEquals(found ? 1 : 0, rig.reader().read(query, null).size());
        rig.breakStructure();
        assertEquals(found ? 1 : 0, rig.reader().read(query, null).size());
    }

    @Test
    void usesANamedTextIfThereIsNoOther() throws Exception {
        String named = "Content-Type: text/plain; name=body.txt\r\n\r\nbody\r\n";
        assertEquals(
                "body",
                read("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + named + "--b--\r\n")
                        .text());
        ReceivedMail attached = read("Content-Disposition: attachment\r\n" + named);
        assertNull(attached.text());
        assertEquals("body.txt", attached.attachments().get(0).name());
    }
}
