package io.jenkins.plugins.oauthmail.mail.received;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.MailRig;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Strangers decide what they send, not how much of it is kept. */
class ReadBudgetTest {

    private final MailRig rig = new MailRig().maxReadBytes(3 << 20);

    @AfterEach
    void stop() {
        rig.close();
    }

    private static String attachments(int... mebibytes) {
        StringBuilder mail = new StringBuilder("Content-Type: multipart/mixed; boundary=b\r\n\r\n");
        for (int size : mebibytes) {
            mail.append("--b\r\nContent-Type: application/pdf\r\n\r\n")
                    .append("0123456789abcde\n".repeat(size << 16))
                    .append("\r\n");
        }
        return mail.append("--b--\r\n").toString();
    }

    @Test
    void reportsAttachmentsBeyondTheLimit() throws Exception {
        List<Long> saved = new ArrayList<>();
        ReceivedMail mail = rig.read(
                (id, name, content) -> {
                    saved.add(content.transferTo(java.io.OutputStream.nullOutputStream()));
                    return name;
                },
                attachments(1, 4, 1));
        assertEquals(2, saved.size(), saved.toString());
        assertNull(mail.attachments().get(0).problem());
        ReceivedMail.Attachment large = mail.attachments().get(1);
        assertNull(large.path());
        assertTrue(large.problem().contains("3 megabytes that the account allows for one read"), large.problem());
    }

    @Test
    void countsMessagesFetchedWhole() {
        rig.breakStructure();
        MailFailure failure = assertThrows(MailFailure.class, () -> rig.read(null, attachments(4)));
        assertTrue(failure.getMessage().contains("3 megabytes that the account allows"), failure.getMessage());
    }

    @Test
    void limitsBodiesOfAllMessages() throws Exception {
        String body = "0123456789abcde\r\n".repeat(60_000);
        for (int i = 0; i < 40; i++) {
            rig.server.deliver(MailRig.USER, "Subject: s\r\n\r\n" + body);
        }
        List<ReceivedMail> mails =
                rig.reader().read(MailQuery.in("INBOX").limit(40).build(), null);
        assertEquals(40, mails.size());
        long characters = mails.stream().mapToLong(mail -> mail.text().length()).sum();
        assertTrue(characters <= 33 << 20, "characters: " + characters);
        assertTrue(
                mails.get(39).text().endsWith("contain too much text]"),
                mails.get(39).text());
    }

    /** How much the others have does not decide whether a message is found. */
    @Test
    void findsMessagesBeyondTheLimitOfBodies() throws Exception {
        String body = "0123456789abcde\r\n".repeat(60_000) + "wanted\r\n";
        for (int i = 0; i < 40; i++) {
            rig.server.deliver(MailRig.USER, "Subject: s\r\n\r\n" + body);
        }
        List<ReceivedMail> mails =
                rig.reader().read(MailQuery.in("INBOX").text("wanted").limit(40).build(), null);
        assertEquals(40, mails.size());
        long characters = mails.stream().mapToLong(mail -> mail.text().length()).sum();
        assertTrue(characters <= 33 << 20, "characters: " + characters);
        assertEquals(1, mails.get(39).problems().size());
    }
}
