package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.connect.Backoff;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.mail.model.SentMail;
import io.jenkins.plugins.oauthmail.testing.mail.OnBothServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server puts off is tried again; what may have been delivered is not. */
@OnBothServers
class SubmissionRetryTest {

    private final MailRig rig = new MailRig();
    private final MailSender sender = rig.sender();
    private final List<String> notices = new ArrayList<>();

    @AfterEach
    void stop() {
        sender.close();
        rig.close();
    }

    private SentMail send(Draft draft) throws Exception {
        return sender.send(draft.mail(), notices::add);
    }

    private MailFailure failure() {
        return assertThrows(MailFailure.class, () -> send(new Draft()));
    }

    private int arrived(String user) {
        return rig.server.mails(user, "INBOX").size();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "EHLO | 421 4.3.2 The maximum number of concurrent connections has exceeded a limit",
                "EHLO | 451 4.7.0 Temporary server error. Please try again later. PRX4",
                "AUTH | 454 4.7.0 Temporary authentication failure",
                "AUTH | 421 4.7.66 later",
                "MAIL | 421 4.3.2 Service not available",
                "MAIL | 432 4.3.2 Concurrent connections limit exceeded",
                "RCPT | 450 4.2.1 greylisted",
                "DATA | 451 4.3.0 try later",
                ". | 452 4.3.1 Insufficient system storage",
                ". | 421 4.4.2 Message submission rate for this client has exceeded the configured limit",
            })
    void deliversOnceAfterTwoDeferrals(String command, String reply) throws Exception {
        rig.server.smtpScript().reply(command, reply, 2);
        SentMail sent = send(new Draft());
        assertEquals(List.of("dev@example.com"), sent.accepted());
        assertEquals(List.of(), sent.refused());
        assertEquals(1, arrived("dev@example.com"));
        assertEquals(List.of(Duration.ofSeconds(5), Duration.ofSeconds(15)), rig.time.pauses());
        assertEquals(2, notices.size(), notices.toString());
        assertTrue(notices.get(0).contains(reply), notices.get(0));
        assertTrue(notices.get(0).endsWith(" Trying again in 5 seconds (attempt 2 of 4)."), notices.get(0));
    }

    @Test
    void retriesADeferringGreeting() {
        rig.server.smtpTraits().greeting("432 4.3.2 Concurrent connections limit exceeded");
        MailFailure failure = failure();
        assertTrue(failure.temporary(), failure.getMessage());
        assertEquals(4, rig.server.smtpConnections());
    }

    @Test
    void retriesADeferredStartTls() throws Exception {
        rig.server.smtpScript().reply("STARTTLS", "454 4.7.0 TLS not available due to temporary reason", 1);
        try (MailSender secured = rig.sender(Security.STARTTLS)) {
            secured.send(new Draft().mail(), notices::add);
        }
        assertEquals(1, arrived("dev@example.com"));
        assertEquals(List.of(Duration.ofSeconds(5)), rig.time.pauses());
        assertTrue(notices.get(0).contains("454 4.7.0 TLS not available"), notices.toString());
    }

    @ParameterizedTest
    @CsvSource({"1000, 100, 10", "7, 1, 7", "105, 100, 2", "100, 100, 1"})
    void splitsRecipientsAboveTheLimit(int recipients, int most, int mails) throws Exception {
        rig.server.smtpTraits().mostRecipients(most);
        String[] people = IntStream.range(0, recipients)
                .mapToObj(i -> "p" + i + "@example.com")
                .toArray(String[]::new);
        SentMail sent = send(new Draft().to(people));
        assertEquals(List.of(people), sent.accepted());
        assertEquals(List.of(), sent.refused());
        for (String person : people) {
            assertEquals(1, arrived(person), person);
        }
        assertEquals(List.of(), notices, "progress is no failed try");
        assertEquals(
                mails,
                rig.server.smtpHeard().stream()
                        .filter(line -> line.startsWith("MAIL"))
                        .count());
    }

    /** Of a server that replaces ids, each group of recipients sees another one. */
    @Test
    void returnsTheIdsInAllReceipts() throws Exception {
        rig.server.smtpTraits().mostRecipients(1);
        for (String receipt : List.of("<a@x.test> [Hostname=x]", "<b@x.test>", "queued", "<a@x.test>", "<c>")) {
            rig.server.smtpScript().reply(".", "250 2.0.0 OK " + receipt, 1);
        }
        SentMail sent = send(new Draft().to("p0@x.test", "p1@x.test", "p2@x.test", "p3@x.test", "p4@x.test"));
        assertEquals(5, sent.accepted().size());
        assertEquals("<a@x.test>", sent.messageId());
        assertEquals(List.of("<b@x.test>"), sent.otherMessageIds());
    }

    /** Some servers count when the mail is there, and mean it for ever. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"DATA | 452 4.5.3 Too many recipients", ". | 554 5.5.3 Too many recipients"})
    void halvesTheGroupIfTheServerReportsALimit(String command, String reply) throws Exception {
        rig.server.smtpScript().reply(command, reply, 2);
        String[] people =
                IntStream.range(0, 8).mapToObj(i -> "p" + i + "@example.com").toArray(String[]::new);
        SentMail sent = send(new Draft().to(people));
        assertEquals(List.of(people), sent.accepted());
        for (String person : people) {
            assertEquals(1, arrived(person), person);
        }
        assertEquals(List.of(), notices);
    }

    @Test
    void retriesADeferredRecipientAmongTooMany() throws Exception {
        rig.server.smtpTraits().mostRecipients(2);
        rig.server.smtpScript().reply("RCPT TO:<p0@", "450 4.2.1 mailbox busy", 2);
        String[] people =
                IntStream.range(0, 5).mapToObj(i -> "p" + i + "@example.com").toArray(String[]::new);
        SentMail sent = send(new Draft().to(people));
        assertEquals(Set.of(people), Set.copyOf(sent.accepted()));
        for (String person : people) {
            assertEquals(1, arrived(person), person);
        }
    }

    @Test
    void givesUpEventually() {
        rig.server.smtpScript().reply("MAIL", "451 4.7.1 try later");
        MailFailure failure = failure();
        assertTrue(failure.getMessage().contains("451 4.7.1 try later"), failure.getMessage());
        assertEquals(List.of(Duration.ofSeconds(5), Duration.ofSeconds(15), Duration.ofSeconds(45)), rig.time.pauses());
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAIL", "RCPT", "DATA"})
    void retriesIfTheConnectionIsLostEarly(String command) throws Exception {
        rig.server.smtpScript().drop(command, 1);
        send(new Draft());
        assertEquals(1, arrived("dev@example.com"));
        assertEquals(2, rig.server.smtpConnections());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void doesNotResendMessagesOfUnknownFate(boolean chunking) {
        rig.server.smtpTraits().chunking(chunking);
        // Exchange is never sent BDAT.
        rig.server.smtpScript().drop("BDAT").drop(".");
        MailFailure failure = failure();
        assertTrue(failure.fateUnknown(), failure.getMessage());
        assertFalse(failure.temporary());
        assertEquals(1, rig.server.smtpConnections());
        assertEquals(List.of(), rig.time.pauses());
    }

    /** The content travelled with them, but the server says that it has not taken it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"MAIL | 451 4.7.1 later", "RCPT | 451 4.7.1 later", "BDAT | 451 4.7.1 later"})
    void refusalWithinAPipelineIsCertain(String command, String reply) throws Exception {
        rig.server.smtpTraits().chunking(true);
        send(new Draft());
        // Exchange is never sent BDAT.
        boolean counted = rig.server.smtpHeard().stream().anyMatch(line -> line.startsWith("BDAT"));
        rig.server.smtpScript().reply(command.equals("BDAT") && !counted ? "." : command, reply, 1);
        send(new Draft());
        assertEquals(2, arrived("dev@example.com"));
        assertEquals(List.of(Duration.ofSeconds(5)), rig.time.pauses());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void retriesDeferredRecipientsOnly(boolean chunking) throws Exception {
        rig.server.smtpTraits().chunking(chunking);
        rig.server.smtpScript().reply("RCPT TO:<busy@", "450 4.2.1 mailbox busy", 1);
        rig.server.smtpScript().reply("RCPT TO:<gone@", "550 5.1.1 no such user");
        SentMail sent = send(new Draft().to("busy@example.com", "gone@example.com", "dev@example.com"));
        assertEquals(List.of("dev@example.com", "busy@example.com"), sent.accepted());
        assertEquals(List.of("gone@example.com (550 5.1.1 no such user)"), sent.refused());
        assertEquals(1, arrived("dev@example.com"));
        assertEquals(1, arrived("busy@example.com"));
        assertEquals(
                rig.server.mails("dev@example.com", "INBOX").get(0).getMessageID(),
                rig.server.mails("busy@example.com", "INBOX").get(0).getMessageID());
        assertEquals(
                List.of(
                        "The server deferred busy@example.com with \"450 4.2.1 mailbox busy\". Trying again in 5 seconds"
                                + " (attempt 2 of 4)."),
                notices);
    }

    @Test
    void reportsDeliveredAndUndeliveredRecipients() throws Exception {
        rig.server.smtpScript().reply("RCPT TO:<busy@", "450 4.2.1 mailbox busy", 1);
        rig.server.smtpScript().reply(".", "250 2.0.0 fine", 1);
        rig.server.smtpScript().reply(".", "554 5.6.0 no more", 1);
        SentMail sent = send(new Draft().to("busy@example.com", "dev@example.com"));
        assertEquals(List.of("dev@example.com"), sent.accepted());
        assertTrue(
                sent.refused().get(0).startsWith("busy@example.com (Send: "),
                sent.refused().toString());
        assertTrue(
                sent.refused().get(0).contains("554 5.6.0 no more"),
                sent.refused().toString());
    }

    @Test
    void limitsToThirtyMessagesAMinute() throws Exception {
        for (int i = 0; i < 30; i++) {
            send(new Draft());
            rig.time.advance(Duration.ofSeconds(1));
        }
        assertEquals(List.of(), rig.time.pauses());
        send(new Draft());
        assertEquals(Duration.ofSeconds(30), rig.time.waited());
        assertEquals(List.of("waiting 30 seconds, because the mailbox may send only 30 messages a minute."), notices);
        send(new Draft());
        assertEquals(Duration.ofSeconds(31), rig.time.waited());
    }

    /** The server counts by mailbox, and knows nothing of configurations. */
    @Test
    void newSenderKeepsTheRateOfTheOldOne() throws Exception {
        for (int i = 0; i < 30; i++) {
            send(new Draft());
        }
        sender.close();
        try (MailSender next =
                sender.successor(rig.mailbox(rig.server.smtp(Security.NONE), rig.server.imap(Security.NONE)))) {
            next.send(new Draft().mail(), notices::add);
        }
        assertEquals(Duration.ofMinutes(1), rig.time.waited());
        assertEquals(List.of("waiting 60 seconds, because the mailbox may send only 30 messages a minute."), notices);
    }

    @Test
    void abortedBuildStopsWaitingForItsTurn() throws Exception {
        for (int i = 0; i < 30; i++) {
            send(new Draft());
        }
        rig.time.interruptPauses();
        assertThrows(InterruptedException.class, () -> send(new Draft()));
        assertEquals(30, arrived("dev@example.com"));
    }

    @Test
    void abortedBuildDoesNotRetry() {
        rig.server.smtpScript().reply("MAIL", "451 4.7.1 try later");
        rig.time.interruptPauses();
        assertThrows(InterruptedException.class, () -> send(new Draft()));
        assertEquals(1, rig.server.smtpConnections());
    }

    @Test
    void addsJitterToRetries() {
        assertEquals(Duration.ofMillis(3750), Backoff.after(1, 0));
        assertEquals(Duration.ofMillis(18_750), Backoff.after(2, 1));
        assertEquals(Duration.ofSeconds(45), Backoff.after(3, 0.5));
    }
}
