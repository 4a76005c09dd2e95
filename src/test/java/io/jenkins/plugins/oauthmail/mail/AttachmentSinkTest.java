package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.MailFailure.Layer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the one who takes the attachments may do. */
class AttachmentSinkTest {

    private static final String MIXED = "Subject: mixed\r\nMIME-Version: 1.0\r\n"
            + "Content-Type: multipart/mixed; boundary=\"o\"\r\n\r\n--o\r\nContent-Type: text/plain\r\n\r\nhello\r\n"
            + "--o\r\nContent-Type: application/pdf; name=\"r.pdf\"\r\nContent-Disposition: attachment\r\n"
            + "Content-Transfer-Encoding: base64\r\n\r\nAAEC\r\n/w==\r\n"
            + "--o\r\nContent-Type: text/plain; name=notes.txt\r\n\r\nnotes\r\n--o--\r\n";

    private final MailRig rig = new MailRig();
    private final AttachmentSink sink = (id, name, content) -> "mails/" + name + content.readAllBytes().length;

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void aSinkThatFailsEndsTheReading() {
        rig.server.deliver(MailRig.USER, MIXED);
        MailFailure failure =
                assertThrows(MailFailure.class, () -> rig.reader().read(MailQuery.inbox(), (id, name, content) -> {
                    throw new IOException("No space left on device");
                }));
        assertEquals(Layer.MESSAGE, failure.layer());
        assertTrue(failure.getMessage().contains("r.pdf"), failure.getMessage());
        assertTrue(failure.getMessage().contains("No space left on device"), failure.getMessage());
    }

    @Test
    void aSinkThatIsInterruptedStaysSo() {
        rig.server.deliver(MailRig.USER, MIXED);
        InterruptedException stop = new InterruptedException();
        assertSame(stop, assertThrows(InterruptedException.class, () -> rig.reader()
                .read(MailQuery.inbox(), (id, name, content) -> {
                    throw stop;
                })));
    }

    @Test
    void aSinkNeedNotReadToTheEnd() throws Exception {
        rig.server.deliver(MailRig.USER, MIXED);
        List<ReceivedMail> mails = rig.reader().read(MailQuery.inbox(), (id, name, content) -> null);
        assertEquals(2, mails.get(0).attachments().size());
        assertNull(mails.get(0).attachments().get(0).path());
    }

    @Test
    void losingTheConnectionWithinAnAttachmentIsNoBrokenAttachment() {
        rig.server.deliver(MailRig.USER, MIXED);
        rig.server.imapScript().drop("FETCH 1 (BODY.PEEK[2]");
        MailFailure failure = assertThrows(MailFailure.class, () -> rig.reader().read(MailQuery.inbox(), sink));
        assertEquals(Layer.CONNECT, failure.layer(), failure.getMessage());
    }
}
