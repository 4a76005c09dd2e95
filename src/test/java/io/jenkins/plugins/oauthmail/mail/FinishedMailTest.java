package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.compose.MimeComposer;
import io.jenkins.plugins.oauthmail.mail.connect.MailTransport;
import io.jenkins.plugins.oauthmail.mail.connect.RateLimit;
import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.model.FinishedMail;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.OutgoingMail;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.mail.model.SentMail;
import io.jenkins.plugins.oauthmail.mail.smtp.SmtpPool;
import io.jenkins.plugins.oauthmail.mail.smtp.Submission;
import io.jenkins.plugins.oauthmail.testing.mail.ByImapAndSmtp;
import io.jenkins.plugins.oauthmail.testing.mail.OnEveryServer;
import io.jenkins.plugins.oauthmail.testing.mail.ServerKind;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages that somebody else composed. */
@OnEveryServer
class FinishedMailTest {
    private static final String ANN = "ann@example.com";

    @TempDir
    Path folder;

    private MailRig rig;
    private MailSender sender;

    @BeforeEach
    void open() {
        rig = new MailRig();
        rig.server.mailbox(ANN);
        sender = rig.sender();
    }

    @AfterEach
    void close() {
        sender.close();
        rig.close();
    }

    private FinishedMail mail(String text, String... recipients) throws Exception {
        Path file = Files.writeString(
                folder.resolve("mail.eml"),
                "From: " + MailRig.USER + "\r\nSubject: x\r\n\r\n" + text,
                StandardCharsets.ISO_8859_1);
        return new FinishedMail(List.of(recipients), file, List.of(MailRig.USER));
    }

    private SentMail send(FinishedMail mail) throws Exception {
        return sender.relay(mail, notice -> {});
    }

    private List<MimeMessage> arrived() {
        return rig.server.mails(ANN, "INBOX");
    }

    @Test
    void isSentAsItIsToTheRecipientsOfTheEnvelope() throws Exception {
        SentMail sent = send(
                mail(".first\r\nsecond\r\n", ANN, ANN.toUpperCase(Locale.ROOT).replace("EXAMPLE", "example")));
        assertTrue(sent.accepted().contains(ANN));
        assertEquals(
                ".first\r\nsecond", arrived().get(0).getContent().toString().strip());
        assertEquals(List.of("x"), List.of(arrived().get(0).getHeader("Subject")));
        assertEquals(
                rig.speaksImapAndSmtp(),
                rig.server.smtpHeard().stream().anyMatch(line -> line.startsWith("MAIL FROM:<" + MailRig.USER + ">")));
    }

    @Test
    void eightBitContentIsDeclared() throws Exception {
        send(mail("plain", ANN));
        assertFalse(declared());
        send(mail("Gr\u00fc\u00dfe", ANN));
        assertEquals(rig.server.kind() == ServerKind.EXCHANGE, declared(), "only Exchange offers it");
    }

    private boolean declared() {
        return rig.server.smtpHeard().stream().anyMatch(line -> line.contains("BODY=8BITMIME"));
    }

    @Test
    void failsIfItsTurnIsFarAway() throws Exception {
        FinishedMail mail = mail("x", ANN);
        for (int i = 0; i < 30; i++) {
            send(mail);
        }
        MailFailure refusal = assertThrows(MailFailure.class, () -> send(mail));
        assertTrue(refusal.temporary());
        assertTrue(refusal.getMessage().contains("in 60 seconds"), refusal.getMessage());
        assertEquals(List.of(), rig.time.pauses());
        rig.time.advance(Duration.ofSeconds(30));
        send(mail);
        assertEquals(Duration.ofSeconds(30), rig.time.waited());
        assertEquals(31, arrived().size());
    }

    /** The program that waits for it would have given up, and send it again. */
    @ByImapAndSmtp
    @Test
    void failsIfNoConnectionBecomesFreeInTime() throws Exception {
        FinishedMail mail = mail("x", ANN);
        for (int i = 0; i < 27; i++) {
            send(mail);
        }
        CountDownLatch threeBusy = new CountDownLatch(3);
        CountDownLatch go = new CountDownLatch(1);
        OutgoingMail slow = new Draft()
                .attach(new OutgoingMail.Attachment("a", 1, () -> {
                    threeBusy.countDown();
                    go.await();
                    return new ByteArrayInputStream(new byte[1]);
                }))
                .mail();
        ExecutorService builds = Executors.newFixedThreadPool(4);
        try {
            List<Future<SentMail>> sent = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                sent.add(builds.submit(() -> sender.send(slow)));
            }
            assertTrue(threeBusy.await(60, TimeUnit.SECONDS));
            // All of the 40 seconds are spent on waiting for the turn.
            rig.time.advance(Duration.ofSeconds(20));
            Future<SentMail> late = builds.submit(() -> send(mail));
            ExecutionException failed = assertThrows(ExecutionException.class, () -> late.get(60, TimeUnit.SECONDS));
            assertTrue(
                    failed.getCause() instanceof MailFailure refusal && refusal.temporary(),
                    failed.getCause().toString());
            go.countDown();
            for (Future<SentMail> other : sent) {
                other.get(60, TimeUnit.SECONDS);
            }
        } finally {
            go.countDown();
            builds.shutdownNow();
        }
        assertEquals(27, arrived().size());
        rig.time.advance(Duration.ofMinutes(1));
        send(mail);
        assertEquals(28, arrived().size());
    }

    @Test
    void failsIfATokenComesTooLate() throws Exception {
        FinishedMail mail = mail("x", ANN);
        Mailbox usual = rig.mailbox(rig.server.smtp(Security.NONE), rig.server.imap(Security.NONE));
        Mailbox slow = new Mailbox(
                MailRig.USER,
                usual.smtp(),
                usual.imap(),
                () -> {
                    rig.time.advance(Duration.ofSeconds(41));
                    return usual.tokens().token();
                },
                0,
                usual.graph());
        try (MailSender late = new MailSender(slow, Timeouts.DEFAULT, rig.time, 1)) {
            MailFailure refusal = assertThrows(MailFailure.class, () -> late.relay(mail, notice -> {}));
            assertTrue(refusal.temporary(), refusal.getMessage());
            assertTrue(refusal.getMessage().contains("nothing was sent"), refusal.getMessage());
        }
        assertEquals(0, arrived().size());
    }

    @ByImapAndSmtp
    @Test
    void failsIfTheServerIsSlowToAcceptTheRecipients() throws Exception {
        rig.server.smtpScript().before("RCPT TO", () -> {
            rig.time.advance(Duration.ofSeconds(41));
            return null;
        });
        // With a leading dot, so that the content is not sent together with the envelope.
        MailFailure refusal = assertThrows(MailFailure.class, () -> send(mail(".x\r\n", ANN)));
        assertTrue(refusal.temporary(), refusal.getMessage());
        assertTrue(refusal.getMessage().contains("nothing was sent"), refusal.getMessage());
        assertEquals(0, arrived().size());
        send(mail(".x\r\n", ANN));
        assertEquals(1, arrived().size());
    }

    @ByImapAndSmtp
    @Test
    void failsIfTheServerIsSlowToTakeTheContent() throws Exception {
        OutgoingMail mail = new Draft()
                .to(ANN)
                .attach(new OutgoingMail.Attachment("a", 1, () -> {
                    rig.time.advance(Duration.ofSeconds(41));
                    return new ByteArrayInputStream(new byte[1]);
                }))
                .mail();
        Mailbox mailbox = rig.mailbox(rig.server.smtp(Security.NONE), rig.server.imap(Security.NONE));
        try (SmtpPool pool = new SmtpPool(mailbox, Timeouts.DEFAULT, rig.time, SmtpPool.places())) {
            Submission submission = new Submission(
                    mailbox.smtp(),
                    pool,
                    new RateLimit(),
                    rig.time,
                    1,
                    MailTransport.RELAY_PATIENCE,
                    new MimeComposer(mail).compose(),
                    notice -> {});
            MailFailure refusal = assertThrows(MailFailure.class, submission::run);
            assertTrue(refusal.temporary(), refusal.getMessage());
            assertTrue(refusal.getMessage().contains("nothing was sent"), refusal.getMessage());
        }
        assertEquals(0, arrived().size());
        send(mail("x", ANN));
        assertEquals(1, arrived().size());
    }

    @ByImapAndSmtp
    @Test
    void doesNotRetryDeferrals() throws Exception {
        rig.server.smtpScript().reply("RCPT TO", "450 4.2.0 Later");
        MailFailure refusal = assertThrows(MailFailure.class, () -> send(mail("x", ANN)));
        assertTrue(refusal.temporary());
        assertEquals(List.of(), rig.time.pauses());
    }

    @Test
    void rejectsMessagesLargerThanTheAccountAllows() throws Exception {
        sender = rig.maxMessageBytes(1000).sender();
        MailFailure refusal = assertThrows(MailFailure.class, () -> send(mail("x".repeat(1000), ANN)));
        assertFalse(refusal.temporary());
        assertEquals(0, rig.server.smtpConnections());
    }

    /** Each of millions of short lines would need memory of its own. */
    @Test
    void rejectsVeryLongHeaders() throws Exception {
        FinishedMail good = mail("text", ANN);
        String header = "From: " + MailRig.USER + "\r\n" + "a:\r\n".repeat(65_000);
        Files.writeString(good.content(), header + "\r\ntext");
        send(good);
        assertEquals(1, arrived().size());
        for (String end : List.of("b:\r\n".repeat(1000) + "\r\ntext", "b:\r\n".repeat(1000))) {
            Files.writeString(good.content(), header + end);
            MailFailure refusal = assertThrows(MailFailure.class, () -> send(good));
            assertFalse(refusal.temporary());
            assertTrue(refusal.getMessage().contains("header"), refusal.getMessage());
        }
        assertEquals(1, arrived().size());
    }
}
