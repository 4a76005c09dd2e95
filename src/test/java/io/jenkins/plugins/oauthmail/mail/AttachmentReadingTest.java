package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.AttachmentSink;
import io.jenkins.plugins.oauthmail.mail.model.MailAddress;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.mail.model.SentMail;
import io.jenkins.plugins.oauthmail.mail.received.TransferDecoding;
import io.jenkins.plugins.oauthmail.testing.mail.ByImapAndSmtp;
import io.jenkins.plugins.oauthmail.testing.mail.OnEveryServer;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to attachments on their way from the server to the sink. */
@OnEveryServer
class AttachmentReadingTest {

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

    @Test
    void onlyListsAttachmentsWithoutASink() throws Exception {
        byte[] octets = new byte[100_000];
        String raw = "Content-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                + Base64.getMimeEncoder().encodeToString(octets) + "\r\n";
        rig.server.deliver(MailRig.USER, raw);
        ReceivedMail mail = rig.reader().read(MailQuery.inbox(), null).get(0);
        ReceivedMail.Attachment attachment = mail.attachments().get(0);
        assertEquals("a.zip", attachment.name());
        assertNull(attachment.path());
        assertTrue(Math.abs(attachment.size() - octets.length) < 2000, "estimated " + attachment.size());
        assertTrue(rig.server.imapHeard().stream().noneMatch(line -> line.contains("BODY.PEEK[1]")));
    }

    @Test
    void fetchesLargeAttachmentsInPartsOfOneMebibyte() throws Exception {
        byte[] octets = new byte[5_000_000];
        new Random(3).nextBytes(octets);
        String raw = "Content-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                + Base64.getMimeEncoder().encodeToString(octets) + "\r\n";
        ReceivedMail mail = rig.read(sink, raw);
        assertArrayEquals(octets, saved.get("a.zip"));
        assertEquals(octets.length, mail.attachments().get(0).size());
        long fetches = rig.server.imapHeard().stream()
                .filter(line -> line.contains("BODY.PEEK[1]<"))
                .count();
        assertTrue(fetches <= 8, fetches + " fetches for 7 MB");
    }

    @Test
    void readsBackWhatWasSent() throws Exception {
        byte[] octets = new byte[300_000];
        new Random(5).nextBytes(octets);
        rig.server.mailbox("dev@example.com");
        SentMail sent = rig.sender(Security.STARTTLS)
                .send(new Draft()
                        .to("Büro <" + MailRig.USER + ">")
                        .subject("Prüfung \uD83D\uDE80")
                        .text("Zeile eins\nZeile zwei: ü")
                        .html("<p>ü</p>")
                        .attach("Bericht März.bin", octets)
                        .attach("日本.txt", new byte[0])
                        .mail());
        ReceivedMail mail =
                rig.reader(Security.TLS).read(MailQuery.inbox(), sink).get(0);
        assertEquals(sent.messageId(), mail.messageId());
        assertEquals("Prüfung \uD83D\uDE80", mail.subject());
        assertEquals("Zeile eins\nZeile zwei: ü", mail.text());
        assertEquals("<p>ü</p>", mail.html());
        assertEquals(List.of(new MailAddress("Büro", MailRig.USER)), mail.to());
        assertEquals(List.of("Bericht März.bin", "日本.txt"), List.copyOf(saved.keySet()));
        assertArrayEquals(octets, saved.get("Bericht März.bin"));
        assertEquals(0, saved.get("日本.txt").length);
    }

    @ByImapAndSmtp
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void treatsAnEmbeddedMessageAsAttachment(boolean broken) throws Exception {
        String inner = "Subject: inner\r\nContent-Type: text/html\r\n\r\n<i>inner</i>";
        if (broken) {
            rig.breakStructure();
        }
        ReceivedMail mail = rig.read(
                sink,
                "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nouter\r\n--b\r\n"
                        + "Content-Type: message/rfc822\r\n\r\n" + inner + "\r\n--b--\r\n");
        assertEquals("outer", mail.text());
        assertNull(mail.html());
        assertEquals("message.eml", mail.attachments().get(0).name());
        // GreenMail leaves the header of an embedded mail out when it is asked for the part (RFC 3501 wants it in).
        String kept = new String(saved.get("message.eml"), StandardCharsets.US_ASCII);
        assertEquals(broken ? inner : "<i>inner</i>", kept);
    }

    @Test
    void sanitizesHostileFileNames() throws Exception {
        ReceivedMail mail = rig.read(
                sink,
                "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
                        + "Content-Disposition: attachment; filename=\"../../.ssh/authorized_keys\"\r\n\r\n1\r\n--b\r\n"
                        + "Content-Disposition: attachment; filename=\"C:\\\\Windows\\\\NUL.txt\"\r\n\r\n2\r\n--b\r\n"
                        + "Content-Disposition: attachment; filename*=utf-8''..%2F..%2Fx%0D%0A.sh\r\n\r\n3\r\n--b\r\n"
                        + "Content-Disposition: attachment; filename=\"=?UTF-8?B?L2V0Yy9wYXNzd2Q=?=\"\r\n\r\n4\r\n--b\r\n"
                        + "Content-Disposition: attachment; filename=\"AUTHORIZED_KEYS\"\r\n\r\n5\r\n--b\r\n"
                        + "Content-Disposition: attachment\r\n\r\n6\r\n--b--\r\n");
        assertEquals(
                List.of("authorized_keys", "_NUL.txt", "x.sh", "passwd", "AUTHORIZED_KEYS-2", "attachment"),
                mail.attachments().stream().map(ReceivedMail.Attachment::name).collect(Collectors.toList()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "zzzz|zzzz",
                "begin 644 cat.txt~#0V%T~`~end|Cat",
                "some words~begin 644 cat.txt~#0V%T~`~end|Cat",
                "begin 644 cat.txt~#0V%T|Cat",
                "begin~#0V%T|begin~#0V%T",
                "begin 644 x~$0V%T9|Catd",
            })
    void keepsUndecodableContentUnchanged(String body, String expected) throws Exception {
        rig.breakStructure();
        ReceivedMail mail = rig.read(
                sink,
                "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nbody\r\n--b\r\n"
                        + "Content-Type: application/x; name=cat.txt\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\n"
                        + body.replace("~", "\r\n") + "\r\n--b--\r\n");
        assertEquals("body", mail.text());
        assertEquals(expected.replace("~", "\r\n"), new String(saved.get("cat.txt"), StandardCharsets.US_ASCII));
        assertEquals("mails/cat.txt", mail.attachments().get(0).path());
    }

    @ParameterizedTest
    @ValueSource(strings = {"M", "begin", "begin 6", "begin 644 x\r\n_zz", "\u0080\u00ff"})
    void readsDamagedUuencode(String body) throws Exception {
        byte[] octets = body.getBytes(StandardCharsets.ISO_8859_1);
        for (String encoding : new String[] {"uuencode", "X-UUEncode", "x-uue"}) {
            byte[] decoded = TransferDecoding.decode(new ByteArrayInputStream(octets), encoding)
                    .readAllBytes();
            if (!body.startsWith("begin ")) {
                assertArrayEquals(octets, decoded, body);
            } else {
                assertTrue(decoded.length <= 63, body);
            }
        }
    }

    @Test
    void decodesLongUuencode() throws Exception {
        byte[] octets = new byte[100_000];
        new Random(9).nextBytes(octets);
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        try (OutputStream out = MimeUtility.encode(encoded, "uuencode", "a.bin")) {
            out.write(octets);
        }
        assertArrayEquals(
                octets,
                TransferDecoding.decode(new ByteArrayInputStream(encoded.toByteArray()), "uuencode")
                        .readAllBytes());
    }

    @ByImapAndSmtp
    @ParameterizedTest
    @ValueSource(
            strings = {
                "NO I will not",
                "BAD Command Argument Error. 12",
                "OK FETCH completed.",
                "* 1 FETCH (BODY[2]<0> NIL)\r\nOK done",
                "* 1 FETCH (BODY[3]<0> \"notes\")\r\nOK done",
                "* 1 FETCH (BODY[2]<7> \"JVBERi0=\")\r\nOK done",
                "* 2 FETCH (BODY[2]<0> \"JVBERi0=\")\r\nOK done",
            })
    void keepsOtherAttachmentsWhenOneIsUnavailable(String answer) throws Exception {
        rig.server.imapScript().reply("FETCH 1 (BODY.PEEK[2]", answer);
        ReceivedMail mail = rig.read(sink, MailContentTest.MIXED);
        assertEquals("r.pdf", mail.attachments().get(0).name());
        assertNull(mail.attachments().get(0).path());
        assertEquals(1, mail.problems().size());
        assertTrue(mail.problems().get(0).contains("r.pdf"), mail.problems()::toString);
        assertEquals("mails/notes.txt", mail.attachments().get(1).path());
        assertEquals("notes", new String(saved.get("notes.txt"), StandardCharsets.US_ASCII));
    }

    @Test
    void onlyCountsAttachmentsBeyondAThousand() throws Exception {
        rig.breakStructure();
        StringBuilder raw = new StringBuilder("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nbody\r\n");
        for (int i = 0; i < 1007; i++) {
            raw.append("--b\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\nx\r\n");
        }
        ReceivedMail mail = rig.read(sink, raw + "--b--\r\n");
        assertEquals("body", mail.text());
        assertEquals(1000, mail.attachments().size());
        assertEquals(7, mail.attachmentsLeftOut());
        assertEquals(1000, saved.size());
        assertEquals("a-1000.txt", mail.attachments().get(999).name());
        assertEquals(7L, mail.toMap().get("attachmentsLeftOut"));
    }

    @Test
    void failingSinkEndsTheRead() {
        rig.server.deliver(MailRig.USER, MailContentTest.MIXED);
        MailFailure failure =
                assertThrows(MailFailure.class, () -> rig.reader().read(MailQuery.inbox(), (id, name, content) -> {
                    throw new IOException("No space left on device");
                }));
        assertEquals(Layer.MESSAGE, failure.layer());
        assertTrue(failure.getMessage().contains("r.pdf"), failure.getMessage());
        assertTrue(failure.getMessage().contains("No space left on device"), failure.getMessage());
    }

    @Test
    void interruptOfTheSinkIsKept() {
        rig.server.deliver(MailRig.USER, MailContentTest.MIXED);
        InterruptedException stop = new InterruptedException();
        assertSame(stop, assertThrows(InterruptedException.class, () -> rig.reader()
                .read(MailQuery.inbox(), (id, name, content) -> {
                    throw stop;
                })));
    }

    @Test
    void sinkNeedNotReadToTheEnd() throws Exception {
        rig.server.deliver(MailRig.USER, MailContentTest.MIXED);
        List<ReceivedMail> mails = rig.reader().read(MailQuery.inbox(), (id, name, content) -> null);
        assertEquals(2, mails.get(0).attachments().size());
        assertNull(mails.get(0).attachments().get(0).path());
    }

    @ByImapAndSmtp
    @Test
    void doesNotMistakeALostConnectionForADamagedAttachment() {
        rig.server.deliver(MailRig.USER, MailContentTest.MIXED);
        rig.server.imapScript().drop("FETCH 1 (BODY.PEEK[2]");
        MailFailure failure = assertThrows(MailFailure.class, () -> rig.reader().read(MailQuery.inbox(), sink));
        assertEquals(Layer.CONNECT, failure.layer(), failure.getMessage());
    }
}
