package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.mail.received.PartWalker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Mails of very many tiny parts, described by the server or read whole. */
@Timeout(240)
class ManyPartsTest {
    private static final int MANY = 3_000;

    private final MailRig rig = new MailRig();

    @AfterEach
    void stop() {
        rig.close();
    }

    private static String mail(String boundary, String part, int count) {
        return "Subject: many\r\nContent-Type: multipart/mixed; boundary=\"" + boundary + "\"\r\n\r\n"
                + ("--" + boundary + "\r\n" + part + "\r\n").repeat(count) + "--" + boundary + "--\r\n";
    }

    @Test
    void truncatesTextsByPartsAndSaysSo() throws Exception {
        ReceivedMail mail = rig.read(null, mail("b", "Content-Type: text/plain\r\n\r\nx", 5_000));
        assertTrue(mail.text().endsWith("x\n[truncated: the message has more parts than are read]"), mail.text());
        assertEquals(
                PartWalker.MAX_TEXTS, mail.text().chars().filter(c -> c == 'x').count());
    }

    @Test
    void limitsAttachmentsOfWholeMessages() throws Exception {
        rig.breakStructure();
        ReceivedMail mail = rig.read(null, mail("b", "Content-Type: a/b\r\n\r\nx", MANY));
        assertEquals(1000, mail.attachments().size());
        assertTrue(mail.attachmentsLeftOut() > 0);
    }

    @Test
    void limitsTextsOfWholeMessages() throws Exception {
        rig.breakStructure();
        ReceivedMail mail = rig.read(null, mail("b", "\r\nx", MANY));
        assertTrue(mail.text().endsWith("[truncated: the message has more parts than are read]"), mail.text());
    }

    @Test
    void doesNotSplitAtATooLongBoundary() throws Exception {
        rig.breakStructure();
        ReceivedMail mail = rig.read(null, mail("-".repeat(3_000), "\r\nx", 2));
        assertEquals("multipart/mixed", mail.attachments().get(0).type());
    }

    @Test
    void findsAnUndeclaredBoundaryUnlessItIsTooLong() throws Exception {
        rig.breakStructure();
        String untold = "Content-Type: multipart/mixed\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n";
        assertEquals("x", rig.read(null, untold).text());
    }

    @Test
    void readsTextWithALongContentType() throws Exception {
        rig.breakStructure();
        ReceivedMail mail = rig.read(null, "Content-Type: text/plain; name=a" + " b".repeat(500_000) + "\r\n\r\nx");
        assertEquals("x", mail.text());
    }
}
