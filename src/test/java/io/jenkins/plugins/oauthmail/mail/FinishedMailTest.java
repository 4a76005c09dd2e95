package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.FinishedMail;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.SentMail;
import io.jenkins.plugins.oauthmail.testing.mail.ByImapAndSmtp;
import io.jenkins.plugins.oauthmail.testing.mail.OnEveryServer;
import io.jenkins.plugins.oauthmail.testing.mail.ServerKind;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
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
        assertEquals(List.of(Duration.ofSeconds(30)), rig.time.pauses());
        assertEquals(31, arrived().size());
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
}
