package io.jenkins.plugins.oauthmail.mail.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.FolderReader;
import io.jenkins.plugins.oauthmail.mail.MailRig;
import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.FolderLook;
import io.jenkins.plugins.oauthmail.mail.model.MailChange;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How much is kept of messages that are fetched for many, whoever sent them. */
@Timeout(120)
class FolderWindowTest {
    private static final int MANY = 500;
    private static final int MOST = 2000;

    private final MailRig rig = new MailRig();

    @AfterEach
    void stop() {
        rig.close();
    }

    private void put(String mail) {
        rig.server.deliver(MailRig.USER, mail);
    }

    private ImapConnection connect() throws Exception {
        return ImapConnection.open(rig.server.imap(Security.NONE), Timeouts.DEFAULT)
                .loggedIn(MailRig.USER, MailRig.SHORT);
    }

    private static ImapFolder examine(ImapConnection connection) throws Exception {
        return connection.examine("INBOX").within(new ReadDeadline(Duration.ofMinutes(2), System::nanoTime));
    }

    private static FolderWindow window(ImapFolder folder) {
        return new FolderWindow(folder, "INBOX", AuthenticationRule.server("mx.example.com"), 25 << 20, new Portions());
    }

    private static String withHeader(int bytes, String subject) {
        return "From: ann@example.com\r\nSubject: " + subject + "\r\n"
                + ("To: " + "x".repeat(900) + "@example.com\r\n").repeat(bytes / 918) + "\r\nbody\r\n";
    }

    @Test
    void headersThatAreTooLargeTogetherAreNotKept() throws Exception {
        put(withHeader(100, "deploy"));
        for (int i = 0; i < 400; i++) {
            put(withHeader(90_000, "flood"));
        }
        try (ImapConnection connection = connect();
                FolderWindow window = window(examine(connection))) {
            assertFalse(window.reachesBackTo(1, MOST));
            assertTrue(window.headerBytes() <= 32L << 20, "" + window.headerBytes());
            assertTrue(window.reachesBackTo(390, MOST));
        }
        MailQuery query = MailQuery.in("INBOX").subject("deploy").build();
        try (FolderReader folder = rig.reader().folder("INBOX")) {
            folder.refresh(MANY);
            FolderLook look = folder.look(query, null, 1);
            assertEquals(
                    List.of("deploy"),
                    look.read().mails().stream().map(mail -> mail.subject()).toList());
        }
    }

    @Test
    void whatArrivesIsNotAddedWithoutLimit() throws Exception {
        for (int i = 0; i < 30; i++) {
            put(withHeader(100, "old"));
        }
        try (ImapConnection connection = connect();
                FolderWindow window = window(examine(connection))) {
            assertTrue(window.reachesBackTo(1, 40));
            for (int i = 0; i < 30; i++) {
                put(withHeader(100, "new"));
            }
            try (FolderWindow renewed = window.renewed(examine(connection), 40)) {
                assertEquals(0, renewed.after(0, Set.of()).size());
                assertFalse(renewed.reachesBackTo(1, 40));
                assertTrue(renewed.reachesBackTo(31, 40));
                assertEquals(30, renewed.after(0, Set.of()).size());
            }
        }
    }

    @Test
    void structuresThatAreTooLargeTogetherAreNotKept() throws Exception {
        String parts = "--b\r\nContent-Type: text/plain; x=" + "x".repeat(2000) + "\r\n\r\nx\r\n";
        String mail = "From: ann@example.com\r\nSubject: flood\r\nMIME-Version: 1.0\r\n"
                + "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + parts.repeat(100) + "--b--\r\n";
        for (int i = 0; i < 60; i++) {
            put(mail);
        }
        try (ImapConnection connection = connect();
                FolderWindow window = window(examine(connection))) {
            assertTrue(window.reachesBackTo(1, MOST));
            List<WindowMail> all = window.after(0, Set.of());
            for (int from = 0; from < all.size(); from += 10) {
                window.describe(all.subList(from, from + 10));
                assertTrue(all.subList(from, from + 10).stream().allMatch(one -> one.parts != null));
            }
            long most = (4L << 20) + 10L * parts.length() * 100;
            assertTrue(window.structureBytes() <= most, "" + window.structureBytes());
            window.describe(all.subList(0, 10));
            assertTrue(all.get(0).parts.texts().size() > 0);
        }
    }

    /** A server that raises UIDNEXT before the message can be found: one is deleted, and it appears. */
    @Test
    void findsAMessageThatTookThePlaceOfAnother() throws Exception {
        for (int i = 0; i < 3; i++) {
            put(withHeader(100, "old"));
        }
        rig.server.imapTraits().rewrite(line -> line.replace("UIDNEXT 4]", "UIDNEXT 5]"));
        MailQuery all = MailQuery.in("INBOX").newestFirst(false).build();
        MailQuery query = MailQuery.in("INBOX").subject("new").build();
        try (FolderReader folder = rig.reader().folder("INBOX")) {
            FolderLook first = folder.look(query, null, 1);
            assertEquals(List.of(), first.read().mails());
            MailId oldest = folder.look(all, null, 1).read().mails().get(0).id();
            rig.reader().change("INBOX", List.of(oldest), new MailChange(false, null, true));
            put(withHeader(100, "new"));
            folder.refresh(MANY);
            assertEquals(
                    1, folder.look(query, first.checkpoint(), 1).read().mails().size());
        }
    }
}
