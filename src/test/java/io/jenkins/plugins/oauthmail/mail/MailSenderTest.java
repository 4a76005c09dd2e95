package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.MailAddress;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.OutgoingMail;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.mail.model.SentMail;
import io.jenkins.plugins.oauthmail.mail.received.ReceivedHeaders;
import io.jenkins.plugins.oauthmail.testing.mail.ByImapAndSmtp;
import io.jenkins.plugins.oauthmail.testing.mail.OnEveryServer;
import jakarta.mail.BodyPart;
import jakarta.mail.Multipart;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What arrives when all goes well. */
@OnEveryServer
class MailSenderTest {

    private final MailRig rig = new MailRig();

    @AfterEach
    void stop() {
        rig.close();
    }

    private MimeMessage arrived() {
        List<MimeMessage> mails = rig.server.mails("dev@example.com", "INBOX");
        assertEquals(1, mails.size());
        return mails.get(0);
    }

    @ParameterizedTest
    @EnumSource(Security.class)
    void sendsTextWithAnySecurity(Security security) throws Exception {
        SentMail sent = rig.sender(security).send(new Draft().mail());

        MimeMessage mail = arrived();
        assertEquals("It is green.", mail.getContent().toString().trim());
        assertEquals("Build 7", mail.getSubject());
        assertEquals("Build <build@example.com>", mail.getFrom()[0].toString());
        assertEquals(List.of("dev@example.com"), sent.accepted());
        assertEquals(List.of(), sent.refused());
        assertTrue(sent.bytes() > 100 && sent.bytes() < 2000, "bytes: " + sent.bytes());
    }

    @Test
    void setsTheHeadersOfAnAutomaticMail() throws Exception {
        SentMail sent =
                rig.sender().send(new Draft().replyTo("Team <team@example.com>").mail());

        MimeMessage mail = arrived();
        assertEquals(sent.requestedMessageId(), mail.getMessageID());
        assertTrue(sent.requestedMessageId().matches("<[0-9a-f-]{36}@example\\.com>"), sent.requestedMessageId());
        assertEquals("auto-generated", mail.getHeader("Auto-Submitted", null));
        assertEquals("1.0", mail.getHeader("MIME-Version", null));
        assertNotNull(mail.getSentDate());
        assertEquals("Team <team@example.com>", mail.getReplyTo()[0].toString());
    }

    @ByImapAndSmtp
    @Test
    void returnsTheIdThatTheServerAssigned() throws Exception {
        rig.server
                .smtpScript()
                .reply(".", "250 2.0.0 OK <kept.42@eurprd01.prod.outlook.com> [Hostname=AM0PR01.prod.outlook.com]");
        SentMail sent = rig.sender().send(new Draft().mail());
        assertEquals("<kept.42@eurprd01.prod.outlook.com>", sent.messageId());
        assertTrue(sent.requestedMessageId().endsWith("@example.com>"), sent.requestedMessageId());
        assertEquals(1, rig.server.mails("dev@example.com", "INBOX").size());
    }

    @Test
    void offersTextAndHtmlAsAlternatives() throws Exception {
        rig.sender().send(new Draft().text("plain").html("<b>rich</b>").mail());

        MimeMessage mail = arrived();
        assertTrue(mail.isMimeType("multipart/alternative"), mail.getContentType());
        Multipart forms = (Multipart) mail.getContent();
        assertEquals(2, forms.getCount());
        assertTrue(forms.getBodyPart(0).isMimeType("text/plain"));
        assertEquals("plain", forms.getBodyPart(0).getContent());
        assertTrue(forms.getBodyPart(1).isMimeType("text/html"));
        assertEquals("<b>rich</b>", forms.getBodyPart(1).getContent());
    }

    @Test
    void addsATextAlternativeToHtml() throws Exception {
        rig.sender()
                .send(new Draft().text(null).html("<h1>Grün</h1><b>rich</b>").mail());
        Multipart forms = (Multipart) arrived().getContent();
        assertEquals("Grün\r\n\r\nrich", forms.getBodyPart(0).getContent());
        assertEquals("<h1>Grün</h1><b>rich</b>", forms.getBodyPart(1).getContent());
    }

    @Test
    void keepsEveryByteOfAttachments() throws Exception {
        byte[] octets = new byte[70_001];
        new Random(7).nextBytes(octets);
        byte[] lines = "a\nb\r\nc\rd\0e".getBytes(StandardCharsets.US_ASCII);
        rig.sender()
                .send(new Draft()
                        .html("<p>")
                        .attach("log.txt", lines)
                        .attach("a.bin", octets)
                        .mail());

        Multipart parts = (Multipart) arrived().getContent();
        assertTrue(parts.getContentType().startsWith("multipart/mixed"), parts.getContentType());
        assertEquals(3, parts.getCount());
        assertTrue(parts.getBodyPart(0).isMimeType("multipart/alternative"));
        assertTrue(parts.getBodyPart(1).isMimeType("text/plain"));
        assertArrayEquals(lines, content(parts.getBodyPart(1)));
        assertEquals("attachment", parts.getBodyPart(2).getDisposition());
        assertArrayEquals(octets, content(parts.getBodyPart(2)));
    }

    @Test
    void encodesNonAsciiText() throws Exception {
        String subject = "Prüfung läuft \uD83D\uDE80 " + "sehr ".repeat(40) + "lang";
        rig.sender()
                .send(new Draft()
                        .from("\"Bü, ild \\\"x\\\"\" <build@example.com>")
                        .to("日本 <dev@example.com>")
                        .subject(subject)
                        .text("Grüße\n日本")
                        .header("X-Ort", "Köln")
                        .attach("Bericht März 日本 mit einem wirklich sehr langen Namen für eine Datei.txt", new byte[] {1
                        })
                        .mail());

        MimeMessage mail = arrived();
        assertEquals(subject, mail.getSubject());
        assertEquals("=?UTF-8?Q?K=C3=B6ln?=", mail.getHeader("X-Ort", null));
        Multipart parts = (Multipart) mail.getContent();
        assertEquals("Grüße\r\n日本", parts.getBodyPart(0).getContent());
        assertEquals(
                "Bericht März 日本 mit einem wirklich sehr langen Namen für eine Datei.txt",
                parts.getBodyPart(1).getFileName());
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        mail.writeTo(raw);
        assertFalse(raw.toString(StandardCharsets.ISO_8859_1).chars().anyMatch(c -> c > 126), "8-bit characters sent");
        List<MailAddress> from = new ReceivedHeaders(new ByteArrayInputStream(raw.toByteArray())).addresses("From");
        assertEquals(List.of(new MailAddress("Bü, ild \"x\"", "build@example.com")), from);
    }

    @Test
    void keepsDotsAndLongLines() throws Exception {
        String text = "one\n.\n..two\n" + "x".repeat(3000) + "\nend";
        rig.sender().send(new Draft().text(text).mail());
        assertEquals(
                text.replace("\n", "\r\n"), arrived().getContent().toString().stripTrailing());
    }

    @Test
    void hidesBccRecipients() throws Exception {
        SentMail sent = rig.sender()
                .send(new Draft()
                        .cc("dev@EXAMPLE.com", "boss@example.com")
                        .bcc("spy@example.com")
                        .mail());
        assertEquals(List.of("dev@example.com", "boss@example.com", "spy@example.com"), sent.accepted());
        MimeMessage seen = rig.server.mails("spy@example.com", "INBOX").get(0);
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        seen.writeTo(raw);
        String header = raw.toString(StandardCharsets.US_ASCII)
                .split("\r\n\r\n")[0]
                .replaceAll("(?m)^Received:.*(\r\n .*)*", "");
        assertFalse(header.contains("spy"), header);
        assertNull(seen.getHeader("Bcc"));
    }

    @ByImapAndSmtp
    @Test
    void sendsInFewRoundTrips() throws Exception {
        rig.sender().send(new Draft().to("a@example.com", "b@example.com").mail());
        List<String> heard = rig.server.smtpHeard();
        assertEquals("EHLO [127.0.0.1]", heard.get(0));
        assertTrue(heard.get(1).startsWith("AUTH XOAUTH2 "), heard.get(1));
        assertTrue(heard.get(2).matches("MAIL FROM:<build@example\\.com> SIZE=\\d+"), heard.get(2));
        assertEquals(List.of("RCPT TO:<a@example.com>", "RCPT TO:<b@example.com>", "DATA", "."), heard.subList(3, 7));
        assertEquals(1, rig.server.smtpConnections());
    }

    @ByImapAndSmtp
    @Test
    void worksWithoutPipeliningAndSize() throws Exception {
        rig.server.smtpTraits().pipelining(false).size(0);
        rig.sender().send(new Draft().to("dev@example.com", "b@example.com").mail());
        assertEquals("Build 7", arrived().getSubject());
        assertTrue(
                rig.server.smtpHeard().contains("MAIL FROM:<build@example.com>"),
                rig.server.smtpHeard().toString());
    }

    @Test
    void sendsNothingIfAnAttachmentFails() throws Exception {
        IOException gone = new IOException("no such file");
        OutgoingMail mail = new Draft()
                .attach(new OutgoingMail.Attachment("gone.txt", 5, () -> {
                    throw gone;
                }))
                .mail();
        MailFailure failure = assertThrows(MailFailure.class, () -> rig.sender().send(mail));
        assertEquals(MailFailure.Layer.MESSAGE, failure.layer());
        assertEquals(
                "Message: the attachment gone.txt could not be read (no such file), so nothing was sent.",
                failure.getMessage());
        assertEquals(0, rig.server.mails("dev@example.com", "INBOX").size());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 99_999, 100_001, 10_000_000})
    void sendsNothingIfAnAttachmentHasAnotherSize(int size) throws Exception {
        OutgoingMail mail = new Draft()
                .attach(new OutgoingMail.Attachment("log.txt", 100_000, () -> new ByteArrayInputStream(new byte[size])))
                .mail();
        MailFailure failure = assertThrows(MailFailure.class, () -> rig.sender().send(mail));
        assertEquals(
                "Message: the attachment log.txt could not be read (its size is no longer the 100000 bytes that were"
                        + " checked), so nothing was sent.",
                failure.getMessage());
        assertEquals(0, rig.server.mails("dev@example.com", "INBOX").size());
        rig.sender().send(new Draft().mail());
        assertEquals(1, rig.server.mails("dev@example.com", "INBOX").size());
    }

    @Test
    void keepsAnInterruptWhileFetchingAnAttachment() {
        InterruptedException stop = new InterruptedException();
        OutgoingMail mail = new Draft()
                .attach(new OutgoingMail.Attachment("slow.txt", 5, () -> {
                    throw stop;
                }))
                .mail();
        assertSame(stop, assertThrows(InterruptedException.class, () -> rig.sender()
                .send(mail)));
        assertEquals(0, rig.server.mails("dev@example.com", "INBOX").size());
    }

    @Test
    void restoresTheContextClassLoader() throws Exception {
        ClassLoader mine = new ClassLoader(null) {};
        AtomicReference<ClassLoader> meanwhile = new AtomicReference<>();
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(mine);
        try {
            OutgoingMail.Attachment attachment = new OutgoingMail.Attachment("a", 1, () -> {
                meanwhile.set(thread.getContextClassLoader());
                return new ByteArrayInputStream(new byte[1]);
            });
            rig.sender().send(new Draft().attach(attachment).mail());
            assertSame(mine, thread.getContextClassLoader());
            assertSame(Session.class.getClassLoader(), meanwhile.get());

            rig.sender()
                    .send(new Draft().to(MailRig.USER).attach("a", new byte[1]).mail());
            meanwhile.set(null);
            rig.reader().read(MailQuery.inbox(), (id, name, content) -> {
                meanwhile.set(thread.getContextClassLoader());
                return null;
            });
            assertSame(mine, thread.getContextClassLoader());
            assertSame(Session.class.getClassLoader(), meanwhile.get());
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static byte[] content(BodyPart part) throws Exception {
        return part.getInputStream().readAllBytes();
    }
}
