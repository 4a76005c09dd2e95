package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.AttachmentSink;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A reading comes to an end, however much there is to read and however slowly it can be stored. */
class ReadDeadlineTest {
    private static final String MIXED = "Content-Type: multipart/mixed; boundary=b\r\n\r\n";

    private final MailRig rig = new MailRig();
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1); // it may overflow, as the real one does

    @BeforeEach
    void limit() {
        rig.maxReadTime(Duration.ofMinutes(10), clock::get);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private void pass(int minutes) {
        clock.addAndGet(Duration.ofMinutes(minutes).toNanos());
    }

    private static String attachment(int mebibytes) {
        return "--b\r\nContent-Type: application/pdf\r\n\r\n" + "0123456789abcde\n".repeat(mebibytes << 16) + "\r\n";
    }

    private static void assertOver(MailFailure failure) {
        assertTrue(
                failure.getMessage()
                        .contains(
                                "within the time that the account allows (10 min); narrow the search, lower its limit,"
                                        + " or have an administrator raise 'Maximum duration of one read (minutes)'"),
                failure.getMessage());
        assertFalse(failure.passing(), "a build that waits would try it for ever");
    }

    @Test
    void limitsTimeOfAllAttachments() {
        List<String> saved = new ArrayList<>();
        AttachmentSink slow = (id, name, content) -> {
            content.transferTo(OutputStream.nullOutputStream());
            pass(6);
            saved.add(name);
            return name;
        };
        assertOver(assertThrows(
                MailFailure.class, () -> rig.read(slow, MIXED + attachment(1).repeat(3) + "--b--\r\n")));
        assertEquals(2, saved.size());
    }

    @Test
    void limitsTimeOfOneAttachment() {
        AttachmentSink slow = (id, name, content) -> {
            content.readNBytes(1000);
            pass(10);
            content.transferTo(OutputStream.nullOutputStream());
            return name;
        };
        assertOver(assertThrows(MailFailure.class, () -> rig.read(slow, MIXED + attachment(3) + "--b--\r\n")));
    }

    @Test
    void eachReadHasItsOwnLimit() throws Exception {
        rig.server.deliver(MailRig.USER, "Subject: s\r\n\r\nt");
        MailReader reader = rig.reader();
        for (int i = 0; i < 3; i++) {
            assertEquals(1, reader.read(MailQuery.inbox(), null).size());
            pass(11);
        }
    }

    @Test
    void limitsTimeOfArrivals() throws Exception {
        FolderPosition before = rig.reader().arrivals(MailQuery.inbox(), null).position();
        rig.server.deliver(MailRig.USER, "Subject: s\r\n\r\nt");
        assertEquals(1, rig.reader().arrivals(MailQuery.inbox(), before).mails().size());
        rig.server.imapTraits().rewrite(line -> {
            if (line.contains("SEARCH")) {
                pass(5);
            }
            return line;
        });
        assertOver(assertThrows(MailFailure.class, () -> rig.reader().arrivals(MailQuery.inbox(), before)));
    }

    @Test
    void limitsTimeOfWholeMessages() {
        rig.server.imapTraits().rewrite(line -> {
            if (line.contains("BODYSTRUCTURE")) {
                pass(10);
            }
            return MailRig.unreadable(line);
        });
        assertOver(assertThrows(MailFailure.class, () -> rig.read(null, "Subject: s\r\n\r\nt")));
    }
}
