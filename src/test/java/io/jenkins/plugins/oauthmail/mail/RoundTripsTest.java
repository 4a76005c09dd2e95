package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.Arrivals;
import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.testing.mail.FlightCounter;
import io.jenkins.plugins.oauthmail.testing.mail.OnBothServers;
import io.jenkins.plugins.oauthmail.testing.mail.ServerKind;
import jakarta.mail.Flags;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How often a read waits for the server, and for what. */
@OnBothServers
class RoundTripsTest {

    private static final int PORTION = 1 << 20;

    private final MailRig rig = new MailRig();
    private FlightCounter flights;
    private MailReader reader;

    @BeforeEach
    void start() throws Exception {
        flights = new FlightCounter(rig.server.imap(Security.NONE), Thread.currentThread());
        reader = rig.keeping(flights.endpoint());
    }

    @AfterEach
    void stop() throws Exception {
        reader.close();
        flights.close();
        rig.close();
    }

    private void put(String raw, Flags flags) {
        rig.server.deliver(MailRig.USER, "INBOX", raw.getBytes(StandardCharsets.UTF_8), Instant.now(), flags);
    }

    /** With plain text, HTML and an attachment, as most programs write it. */
    private static String mail(int number, String more) {
        return "From: Ann <ann@example.com>\r\nSubject: mail " + number + "\r\nMessage-ID: <" + number + "@x>\r\n"
                + more
                + "Content-Type: multipart/mixed; boundary=m\r\n\r\n"
                + "--m\r\nContent-Type: multipart/alternative; boundary=\"a=1\"\r\n\r\n"
                + "--a=1\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
                + "Gr=C3=B6=C3=9Fe " + number + "\r\n"
                + "--a=1\r\nContent-Type: text/html\r\n\r\n<p>body " + number + "</p>\r\n--a=1--\r\n"
                + "--m\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Disposition: attachment\r\n\r\n%PDF\r\n--m--\r\n";
    }

    private int flights(int before) {
        return flights.flights() - before;
    }

    @Test
    void readsTheNewestUnseenMessageInFourThenTwoRoundTrips() throws Exception {
        for (int i = 1; i <= 5; i++) {
            put(mail(i, ""), i == 4 ? new Flags() : new Flags(Flags.Flag.SEEN));
        }
        MailQuery query = MailQuery.in("INBOX").unseen(true).limit(1).build();
        ReceivedMail mail = reader.read(query, null).get(0);
        assertEquals(4, flights.flights(), "" + rig.server.imapHeard());
        assertEquals("Größe 4", mail.text());
        assertEquals("<p>body 4</p>", mail.html());
        int before = flights.flights();
        assertEquals(mail.toMap(), reader.read(query, null).get(0).toMap());
        assertEquals(2, flights(before), "" + rig.server.imapHeard());
        assertEquals(1, flights.connections());
    }

    @Test
    void fiftyMailsWithTheirTextsCostAsMuchAsOne() throws Exception {
        for (int i = 1; i <= 50; i++) {
            put(mail(i, ""), new Flags());
        }
        List<ReceivedMail> mails = reader.read(MailQuery.in("INBOX").limit(50).build(), null);
        assertEquals(4, flights.flights(), "" + rig.server.imapHeard());
        assertEquals(50, mails.size());
        for (int i = 0; i < 50; i++) {
            assertEquals("Größe " + (50 - i), mails.get(i).text());
            assertEquals("<p>body " + (50 - i) + "</p>", mails.get(i).html());
        }
    }

    @Test
    void textsOfManyShapesAreFetchedInOneFlight() throws Exception {
        put("Subject: single\r\n\r\n" + "one\r\n".repeat(20_000), new Flags());
        put(mail(2, "").replace("body 2", "two".repeat(20_000)), new Flags());
        put(mail(3, "").replace("Gr=C3", "\r\n".repeat(20_000) + "Gr=C3"), new Flags());
        List<ReceivedMail> mails = reader.read(MailQuery.in("INBOX").build(), null);
        assertEquals(5, flights.flights(), "" + rig.server.imapHeard());
        assertTrue(mails.get(0).text().endsWith("Größe 3"));
        assertTrue(mails.get(1).html().contains("twotwo"));
        assertEquals("one\n".repeat(20_000).strip(), mails.get(2).text().strip());
    }

    @Test
    void envelopesAloneNeedNeitherBodiesNorStructures() throws Exception {
        for (int i = 1; i <= 30; i++) {
            put(mail(i, ""), new Flags());
        }
        List<ReceivedMail> mails =
                reader.read(MailQuery.in("INBOX").limit(30).bodies(false).build(), null);
        assertEquals(4, flights.flights());
        ReceivedMail mail = mails.get(29);
        assertEquals("mail 1", mail.subject());
        assertEquals("ann@example.com", mail.from().get(0).address());
        assertNull(mail.text());
        assertNull(mail.html());
        assertNull(mail.replyText());
        assertEquals(List.of(), mail.attachments());
        assertEquals(List.of(), mail.problems());
        assertTrue(rig.server.imapHeard().stream().noneMatch(line -> line.contains("STRUCTURE")));
    }

    @Test
    void findsTextInBodiesThatAreNotReturned() throws Exception {
        put(mail(1, ""), new Flags());
        put(mail(2, ""), new Flags());
        List<ReceivedMail> mails = reader.read(
                MailQuery.in("INBOX").text("body 2").html(false).bodies(false).build(), null);
        assertEquals(
                List.of("mail 2"), mails.stream().map(ReceivedMail::subject).toList());
        assertNull(mails.get(0).text());
        assertNull(mails.get(0).html());
    }

    @Test
    void attachmentsThatAreWantedAreListedWithoutBodies() throws Exception {
        put(mail(1, ""), new Flags());
        List<ReceivedMail> mails = reader.read(
                MailQuery.in("INBOX").hasAttachment(true).bodies(false).build(), null);
        assertEquals("a.pdf", mails.get(0).attachments().get(0).name());
        assertNull(mails.get(0).text());
    }

    @Test
    void htmlIsLeftOutOnlyBesidePlainText() throws Exception {
        put(mail(1, ""), new Flags());
        put("Subject: html\r\nContent-Type: text/html\r\n\r\n<b>bold</b>\r\n", new Flags());
        List<ReceivedMail> mails = reader.read(MailQuery.in("INBOX").html(false).build(), null);
        assertEquals("<b>bold</b>", mails.get(0).html().strip());
        assertNull(mails.get(1).html());
        assertEquals("Größe 1", mails.get(1).text());
    }

    @Test
    void newMailCostsTheSameHoweverMuchIsThere() throws Exception {
        put(mail(1, ""), new Flags());
        MailQuery query = MailQuery.in("INBOX").subject("mail").build();
        FolderPosition end = reader.arrivals(query, null).position();
        int before = flights.flights();
        reader.arrivals(query, end);
        assertEquals(1, flights(before), "nothing new");
        put(mail(2, ""), new Flags());
        before = flights.flights();
        Arrivals arrivals = reader.arrivals(query, end);
        assertEquals("mail 2", arrivals.mails().get(0).subject());
        assertEquals(4, flights(before), "" + rig.server.imapHeard());
    }

    private byte[] attachment(int size) {
        byte[] content = new byte[size];
        new Random(1).nextBytes(content);
        put(
                "Subject: big\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nsee file\r\n"
                        + "--b\r\nContent-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                        + Base64.getMimeEncoder().encodeToString(content) + "\r\n--b--\r\n",
                new Flags());
        return content;
    }

    @Test
    void portionsOfAnAttachmentAreAskedForAhead() throws Exception {
        byte[] content = attachment(5 * PORTION);
        byte[][] saved = new byte[1][];
        reader.read(MailQuery.in("INBOX").build(), (id, name, in) -> {
            saved[0] = in.readAllBytes();
            return name;
        });
        assertArrayEquals(content, saved[0]);
        long portions = rig.server.imapHeard().stream()
                .filter(line -> line.contains("BODY.PEEK[2]<"))
                .count();
        // The plain server announces more than there is, so it has to be asked whether that was all. Exchange is asked
        // for
        // one portion first, because it ends sessions after some faulty commands.
        assertEquals(rig.server.kind() == ServerKind.EXCHANGE ? 7 : 8, portions, "" + rig.server.imapHeard());
        assertEquals(6, flights.flights(), "" + rig.server.imapHeard());
    }

    @Test
    void partlyReadAttachmentDoesNotAffectOthers() throws Exception {
        attachment(5 * PORTION);
        put(mail(2, ""), new Flags());
        List<ReceivedMail> mails =
                reader.read(MailQuery.in("INBOX").newestFirst(false).build(), (id, name, in) -> {
                    in.readNBytes(1000);
                    return name;
                });
        assertEquals("see file", mails.get(0).text());
        assertEquals("Größe 2", mails.get(1).text());
        assertEquals("a.pdf", mails.get(1).attachments().get(0).path());
        int connections = flights.connections();
        assertEquals(2, reader.read(MailQuery.in("INBOX").build(), null).size());
        assertEquals(connections, flights.connections());
    }

    @Test
    void rejectsNonMatchingMessagesByOneField() throws Exception {
        reader.close();
        rig.rule(AuthenticationRule.server("mx.example.com"));
        reader = rig.keeping(flights.endpoint());
        for (int i = 1; i <= 250; i++) {
            put(
                    mail(
                            i,
                            i == 7
                                    ? "Authentication-Results: mx.example.com; dmarc=pass header.from=example.com\r\n"
                                    : ""),
                    new Flags());
        }
        List<ReceivedMail> mails =
                reader.read(MailQuery.in("INBOX").authenticated(true).build(), null);
        assertEquals(
                List.of("mail 7"), mails.stream().map(ReceivedMail::subject).toList());
        long described = rig.server.imapHeard().stream()
                .filter(line -> line.contains("STRUCTURE"))
                .count();
        assertEquals(2, described, "the newest hundred, and the one that fits: " + rig.server.imapHeard());
        assertEquals("Größe 7", mails.get(0).text());
    }

    @Test
    void mailsWithoutAttachmentsAreLeftOutByHeaderOrStructure() throws Exception {
        for (int i = 1; i <= 120; i++) {
            put("Subject: plain " + i + "\r\n\r\ntext\r\n", new Flags());
        }
        put(
                "Subject: odd\r\nContent-Type: text/plain; name=a.txt\r\nContent-Disposition: attachment\r\n\r\nx\r\n",
                new Flags());
        put(mail(1, ""), new Flags());
        put(
                mail(2, "").replace("application/pdf; name=a.pdf", "text/plain").replace("attachment", "inline"),
                new Flags());
        for (int i = 1; i <= 120; i++) {
            put("Subject: plain " + i + "\r\n\r\ntext\r\n", new Flags());
        }
        List<ReceivedMail> mails =
                reader.read(MailQuery.in("INBOX").hasAttachment(true).build(), null);
        assertEquals(
                List.of("mail 1", "odd"),
                mails.stream().map(ReceivedMail::subject).toList());
    }
}
