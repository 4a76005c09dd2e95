package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.SentMail;
import io.jenkins.plugins.oauthmail.testing.mail.OnBothServers;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that do not take the mail, or go away. */
@OnBothServers
class SmtpFailureTest {

    private final MailRig rig = new MailRig();

    @AfterEach
    void stop() {
        rig.close();
    }

    private MailFailure failure(Draft draft) {
        return assertThrows(MailFailure.class, () -> rig.sender().send(draft.mail()));
    }

    private int arrived() {
        return rig.server.mails("dev@example.com", "INBOX").size();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void deliversToOthersWhenOneRecipientIsRefused(boolean pipelining) throws Exception {
        rig.server.smtpTraits().pipelining(pipelining);
        rig.server.smtpScript().reply("RCPT TO:<gone@", "550 5.1.1 no such user");
        rig.server.smtpScript().reply("RCPT TO:<busy@", "450 4.2.1 mailbox busy");
        SentMail sent = rig.sender()
                .send(new Draft()
                        .to("gone@example.com", "dev@example.com")
                        .cc("busy@example.com")
                        .mail());
        assertEquals(List.of("dev@example.com"), sent.accepted());
        assertEquals(
                List.of("gone@example.com (550 5.1.1 no such user)", "busy@example.com (450 4.2.1 mailbox busy)"),
                sent.refused());
        assertEquals(1, arrived());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void failsIfAllRecipientsAreRefused(boolean pipelining) {
        rig.server.smtpTraits().pipelining(pipelining);
        rig.server.smtpScript().reply("RCPT", "550 5.1.1 no such user");
        MailFailure failure = failure(new Draft().to("a@example.com", "b@example.com"));
        assertEquals(Layer.SEND, failure.layer());
        assertTrue(failure.getMessage().contains("a@example.com (550 5.1.1 no such user)"), failure.getMessage());
        assertTrue(failure.getMessage().contains("b@example.com"), failure.getMessage());
        assertFalse(failure.temporary());
        assertEquals(pipelining, rig.server.smtpHeard().contains("DATA"));
        assertFalse(rig.server.smtpHeard().contains("."));
        assertTrue(
                rig.server.smtpHeard().contains("RSET"), rig.server.smtpHeard().toString());
    }

    @Test
    void sendsToManyRecipientsInGroups() throws Exception {
        String[] all = new String[250];
        for (int i = 0; i < all.length; i++) {
            all[i] = "r" + i + "@example.com";
        }
        rig.server.smtpTraits().keeping(false);
        assertEquals(
                250, rig.sender().send(new Draft().to(all).mail()).accepted().size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "MAIL|530 5.7.57 Client not authenticated to send mail.|PERMISSION|Set-CASMailbox|false",
                "MAIL|550 5.7.60 SMTP; Client does not have permissions to send as this sender|PERMISSION|Send As"
                        + "|false",
                "MAIL|451 4.7.500 Server busy|SEND|try again later|true",
                "DATA|554 5.7.1 not today|SEND|objects|false",
                ".|554 5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied|PERMISSION"
                        + "|Send As|false",
                ".|554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException|SEND|daily|false",
                ".|554 5.2.2 mailbox full|SEND|Sent Items|false",
                ".|432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded|SEND|three connections|true",
                ".|552 5.3.4 Message size exceeds fixed limit|MESSAGE|smaller attachments|false",
                ".|421 4.4.2 Connection timed out|SEND|try again later|true",
            })
    void refusalsNameLayerAndFix(String command, String reply, Layer layer, String cure, boolean temporary) {
        rig.server.smtpScript().reply(command, reply);
        MailFailure failure = failure(new Draft());
        assertEquals(layer, failure.layer(), failure.getMessage());
        assertTrue(failure.getMessage().contains(reply), failure.getMessage());
        assertTrue(failure.getMessage().contains(cure), failure.getMessage());
        assertEquals(temporary, failure.temporary());
        assertFalse(failure.fateUnknown());
        assertEquals(0, arrived());
    }

    @Test
    void reportsARefusalBeforeADisconnect() {
        rig.server.smtpScript().replyAndDrop(".", "554 5.2.0 SendAsDenied");
        MailFailure failure = failure(new Draft());
        assertEquals(Layer.PERMISSION, failure.layer(), failure.getMessage());
        assertFalse(failure.fateUnknown());
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAIL", "RCPT", "DATA"})
    void retriesIfTheConnectionIsLostBeforeTheContent(String command) {
        rig.server.smtpScript().drop(command);
        MailFailure failure = failure(new Draft());
        assertEquals(Layer.CONNECT, failure.layer(), failure.getMessage());
        assertTrue(failure.getMessage().contains("nothing was sent"), failure.getMessage());
        assertFalse(failure.fateUnknown());
    }

    @Test
    void reportsUnknownFateAfterTheFinalDot() {
        rig.server.smtpScript().drop(".");
        MailFailure failure = failure(new Draft());
        assertEquals(Layer.SEND, failure.layer());
        assertTrue(failure.fateUnknown());
        assertFalse(failure.temporary());
        assertTrue(failure.getMessage().contains("may or may not"), failure.getMessage());
        assertEquals(1, rig.server.smtpConnections(), "must not be sent again");
    }

    @Test
    void reportsUnknownFateIfTheServerIsSilentAfterTheFinalDot() {
        rig.server.smtpScript().reply(".", "250-and then it falls silent");
        MailFailure failure = failure(rig.timeouts(new Timeouts(10_000, 300, 10_000)), new Draft());
        assertTrue(failure.fateUnknown(), failure.getMessage());
    }

    private static MailFailure failure(MailRig rig, Draft draft) {
        return assertThrows(MailFailure.class, () -> rig.sender().send(draft.mail()));
    }

    @Test
    void doesNotStartMessagesLargerThanTheServerAllows() {
        rig.server.smtpTraits().size(10_000);
        MailFailure failure = failure(new Draft().attach("a.bin", new byte[8_000]));
        assertEquals(Layer.MESSAGE, failure.layer());
        assertTrue(failure.getMessage().contains("accepts only 10 KiB"), failure.getMessage());
        assertFalse(rig.server.smtpHeard().stream().anyMatch(line -> line.startsWith("MAIL")));
    }

    @Test
    void doesNotConnectForMessagesLargerThanTheAccountAllows() {
        rig.maxMessageBytes(1 << 20);
        MailFailure failure = failure(new Draft().attach("a.bin", new byte[800_000]));
        assertEquals(Layer.MESSAGE, failure.layer());
        assertTrue(failure.getMessage().contains("the mail account allows only 1024 KiB"), failure.getMessage());
        assertEquals(0, rig.server.smtpConnections());
    }

    @Test
    void reportsAnInvalidGreeting() {
        rig.server.smtpTraits().greeting("554 5.3.2 no service");
        MailFailure failure = failure(new Draft());
        assertEquals(Layer.CONNECT, failure.layer());
        assertTrue(failure.getMessage().contains("554 5.3.2 no service"), failure.getMessage());
    }

    @Test
    void reportsTooManyConnectionsInTheGreeting() {
        rig.server.smtpTraits().greeting("432 4.3.2 Concurrent connections limit exceeded");
        MailFailure failure = failure(new Draft());
        assertTrue(failure.getMessage().contains("more than three connections"), failure.getMessage());
    }
}
