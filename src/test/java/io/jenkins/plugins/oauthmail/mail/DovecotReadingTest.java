package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.connect.ConnectionDeadline;
import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.imap.ImapWire;
import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.MailChange;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.testing.mail.Dovecot;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Search, fetch and change by a server that we did not write; a mailbox of its own for each test. */
class DovecotReadingTest {
    private static Dovecot dovecot;
    private String user;

    @BeforeAll
    static void start() throws Exception {
        dovecot = Dovecot.start();
    }

    @AfterAll
    static void stop() throws Exception {
        if (dovecot != null) {
            dovecot.close();
        }
    }

    private MailReader reader(String name) {
        user = name + "@example.com";
        Mailbox mailbox = new Mailbox(
                user,
                dovecot.smtp(),
                dovecot.imap(),
                () -> new AccessToken(
                        dovecot.tokens().good(user, 1800), Instant.now().plusSeconds(3600)),
                0);
        return new MailReader(mailbox, AuthenticationRule.server("mx.example.com"), 10 << 20, Duration.ofMinutes(10));
    }

    private void deliver(String header, String body) throws Exception {
        dovecot.deliver(user, (header + "\r\n" + body + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    private void makeFolder(String name) throws Exception {
        ImapWire wire = new ImapWire(dovecot.imap(), Timeouts.DEFAULT, new ConnectionDeadline());
        assertTrue(wire.authenticate(user, dovecot.tokens().good(user, 600)).isOK());
        wire.create(name);
        wire.leave();
    }

    private static List<String> found(MailReader reader, MailQuery.Builder query) throws Exception {
        return reader.read(query.build(), null).stream()
                .map(ReceivedMail::subject)
                .sorted()
                .toList();
    }

    private static MailQuery.Builder inbox() {
        return MailQuery.in("INBOX");
    }

    @Test
    void searchesByEachField() throws Exception {
        MailReader reader = reader("search");
        deliver(
                "From: Ann \"A.\" Other <ann@example.com>\r\nTo: builds@example.com\r\nSubject: Freigabe\r\n"
                        + "Content-Type: text/plain; charset=utf-8\r\n",
                "für alle");
        deliver(
                "From: =?UTF-8?Q?J=C3=BCrg?= <j@example.com>\r\nCc: BUILDS@example.com\r\nSubject: =?UTF-8?Q?f=C3=BCr_7?=\r\n",
                "x");
        deliver(
                "From: bob@example.com\r\nIn-Reply-To: <q@x>\r\nSubject: Re: q\r\n"
                        + "Authentication-Results: mx.example.com; dmarc=pass header.from=example.com\r\n",
                "approve");
        deliver("From: mailer-daemon@example.com\r\nReferences: <q@x>\r\nSubject: bounced\r\n", "x");
        assertEquals(List.of("Freigabe", "für 7"), found(reader, inbox().to(List.of("builds@"))));
        assertEquals(List.of("für 7"), found(reader, inbox().from(List.of("JÜRG"))));
        assertEquals(List.of("Freigabe", "für 7"), found(reader, inbox().from(List.of("Ann", "jürg", "nobody"))));
        assertEquals(List.of("für 7"), found(reader, inbox().subject("FÜR")));
        assertEquals(List.of("Freigabe"), found(reader, inbox().text("FÜR ALLE")));
        assertEquals(List.of("Re: q"), found(reader, inbox().repliesTo(List.of("<other@x>", "<q@x>"))));
        assertEquals(List.of("Re: q"), found(reader, inbox().authenticated(true)));
        assertEquals(
                List.of("Re: q"),
                found(
                        reader,
                        inbox().unseen(true)
                                .since(Instant.now().minusSeconds(600))
                                .headers(List.of("*"))
                                .text("approve")));
    }

    @Test
    void readsManyMessagesAndSavesALargeAttachment() throws Exception {
        MailReader reader = reader("many");
        for (int i = 0; i < 60; i++) {
            deliver("Subject: mail " + i + "\r\n", "body " + i);
        }
        deliver(
                "Subject: large\r\nContent-Type: multipart/mixed; boundary=b\r\n",
                "--b\r\nContent-Type: application/pdf; name=\"..\\\\..\\\\CON.pdf\"\r\n\r\n"
                        + "0123456789abcdef\r\n".repeat(200_000) + "--b--");
        List<Long> sizes = new ArrayList<>();
        List<ReceivedMail> mails = reader.read(inbox().limit(100).build(), (id, name, content) -> {
            sizes.add(content.transferTo(java.io.OutputStream.nullOutputStream()));
            return name;
        });
        assertEquals(61, mails.size());
        assertTrue(mails.stream()
                .anyMatch(mail -> mail.text() != null && mail.text().trim().equals("body 17")));
        assertEquals(List.of(200_000 * 18L - 2), sizes);
        assertEquals(
                List.of("_CON.pdf"),
                mails.stream()
                        .flatMap(mail -> mail.attachments().stream())
                        .map(ReceivedMail.Attachment::path)
                        .toList());
        assertEquals(
                61, reader.read(inbox().unseen(true).limit(100).build(), null).size());
    }

    @Test
    void marksMessagesAsSeenAndDeletesThem() throws Exception {
        MailReader reader = reader("change");
        deliver("Subject: one\r\n", "x");
        deliver("Subject: two\r\n", "x");
        MailId one = reader.read(inbox().subject("one").build(), null).get(0).id();
        MailId two = reader.read(inbox().subject("two").build(), null).get(0).id();
        reader.change("INBOX", List.of(one), new MailChange(true, null, false));
        assertEquals(List.of("two"), found(reader, inbox().unseen(true)));
        MailFailure failure = assertThrows(
                MailFailure.class, () -> reader.change("INBOX", List.of(two), new MailChange(false, "Nowhere", false)));
        assertTrue(failure.getMessage().contains("has no folder \"Nowhere\""), failure.getMessage());
        reader.change("INBOX", List.of(two), new MailChange(false, null, true));
        assertEquals(List.of("one"), found(reader, inbox()));
        assertEquals(List.of(), found(reader, inbox().ids(List.of(two))));
    }

    @Test
    void movesMessagesToAFolder() throws Exception {
        MailReader reader = reader("move");
        deliver("Subject: one\r\n", "x");
        makeFolder("Erledigt für heute");
        MailId one = reader.read(inbox().build(), null).get(0).id();
        reader.change("INBOX", List.of(one), new MailChange(true, "Erledigt für heute", false));
        assertEquals(List.of(), found(reader, inbox()));
        List<ReceivedMail> moved =
                reader.read(MailQuery.in("Erledigt für heute").build(), null);
        assertEquals("one", moved.get(0).subject());
        assertTrue(moved.get(0).flags().contains("\\Seen"), moved.get(0).flags().toString());
    }
}
