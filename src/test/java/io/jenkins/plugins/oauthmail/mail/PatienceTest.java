package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.connect.ImapRefusal;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReadResult;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.testing.mail.OnBothServers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A reading waits for what passes, as long as its time lasts. */
@OnBothServers
class PatienceTest {

    private final MailRig rig = new MailRig();
    private final List<String> notices = new ArrayList<>();

    @BeforeEach
    void oneMail() {
        Instant begin = rig.time.now();
        rig.maxReadTime(Duration.ofMinutes(10), () -> Duration.between(begin, rig.time.now())
                .toNanos());
        rig.server.deliver(MailRig.USER, "Subject: one\r\n\r\nbody\r\n");
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private List<ReceivedMail> read() throws Exception {
        return rig.reader()
                .read(MailQuery.in("INBOX").subject("one").build(), null, notices::add)
                .mails();
    }

    @ParameterizedTest
    @ValueSource(strings = {"CAPABILITY", "AUTHENTICATE", "EXAMINE", "SEARCH", "FETCH 1 (UID", "FETCH 1 (BODY"})
    void retriesTemporaryRefusals(String command) throws Exception {
        rig.server.imapScript().reply(command, "NO [UNAVAILABLE] Server Unavailable. 15", 2);
        assertEquals(1, read().size());
        assertEquals(List.of(Duration.ofSeconds(5), Duration.ofSeconds(15)), rig.time.pauses());
        assertEquals(2, notices.size());
        assertTrue(notices.get(0).contains("Server Unavailable. 15"), notices::toString);
        assertTrue(notices.get(0).endsWith("Trying again in 5 seconds."), notices::toString);
    }

    @Test
    void waitsAsLongAsTheServerSuggests() throws Exception {
        rig.server
                .imapScript()
                .reply("SEARCH", "BAD Request is throttled. Suggested Backoff Time: 92415 milliseconds", 1);
        assertEquals(1, read().size());
        assertEquals(1, rig.time.pauses().size());
        assertTrue(rig.time.pauses().get(0).toMillis() >= 92_415, rig.time.pauses()::toString);
    }

    @Test
    void givesUpEventually() {
        rig.server.imapScript().reply("SEARCH", "NO Server Unavailable. 15");
        MailFailure failure = assertThrows(MailFailure.class, this::read);
        assertTrue(failure.getMessage().contains("Server Unavailable. 15"), failure.getMessage());
        Duration waited = rig.time.pauses().stream().reduce(Duration.ZERO, Duration::plus);
        assertTrue(waited.compareTo(Duration.ofMinutes(10)) < 0, waited::toString);
        assertTrue(waited.compareTo(Duration.ofMinutes(7)) > 0, waited::toString);
    }

    @Test
    void reportsRepeatedRefusalsLessAndLessOften() {
        rig.server.imapScript().reply("SEARCH", "BAD Request is throttled. Suggested Backoff Time: 15000 milliseconds");
        assertThrows(MailFailure.class, this::read);
        int pauses = rig.time.pauses().size();
        assertTrue(pauses > 31, rig.time.pauses()::toString);
        assertEquals(6, notices.size(), notices::toString);
        assertTrue(notices.get(0).contains("throttled"), notices::toString);
        assertTrue(notices.get(5).contains("This has happened 32 times. Trying again in 1"), notices::toString);
    }

    @Test
    void explainsTheWaitWhenGivingUp() {
        rig.server
                .imapScript()
                .reply("EXAMINE", "BAD Request is throttled. Suggested Backoff Time: 240000 milliseconds", 2);
        rig.server.imapScript().before("FETCH", () -> {
            rig.time.pause(Duration.ofMinutes(3));
            return null;
        });
        MailFailure failure = assertThrows(MailFailure.class, this::read);
        assertTrue(
                failure.getMessage().contains("within 10 minutes, most of which the server kept it waiting"),
                failure.getMessage());
        assertTrue(failure.getMessage().contains("Request is throttled"), failure.getMessage());
        assertTrue(!failure.getMessage().contains("narrow the search"), failure.getMessage());
    }

    @Test
    void suggestsANarrowerSearchAfterAShortWait() {
        rig.server
                .imapScript()
                .reply("EXAMINE", "BAD Request is throttled. Suggested Backoff Time: 1000 milliseconds", 1);
        rig.server.imapScript().before("FETCH", () -> {
            rig.time.pause(Duration.ofMinutes(11));
            return null;
        });
        MailFailure failure = assertThrows(MailFailure.class, this::read);
        assertTrue(failure.getMessage().contains("narrow the search"), failure.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"NO [NONEXISTENT] no", "BAD Command Argument Error. 12", "NO [NOPERM] no", "OK done"})
    void permanentRefusalsFailImmediately(String answer) {
        rig.server.imapScript().reply("SEARCH", answer);
        assertThrows(MailFailure.class, this::read);
        assertEquals(List.of(), rig.time.pauses());
    }

    @Test
    void notConnectedIsTemporaryOnlyAfterASuccess() throws Exception {
        String said = "BAD User is authenticated but not connected.";
        rig.server.imapScript().reply("EXAMINE", said, 1);
        MailFailure failure = assertThrows(MailFailure.class, this::read);
        assertTrue(!failure.passing() && failure.mayPass(), failure.getMessage());
        rig.server.imapScript().reply("SEARCH", said, 1);
        assertEquals(1, read().size());
    }

    @Test
    void readsOtherMessagesWhenOneIsUnreadable() throws Exception {
        rig.server.deliver(MailRig.USER, "Subject: another one\r\n\r\nbody\r\n");
        rig.server
                .imapScript()
                .reply("FETCH 2 (UID", "OK FETCH completed.")
                .reply("FETCH 2 (BODY", "OK FETCH completed.")
                .reply("FETCH 1:2 (UID", "* 1 FETCH (FLAGS ())\r\nOK FETCH completed.");
        ReadResult result =
                rig.reader().read(MailQuery.in("INBOX").subject("one").build(), null, notices::add);
        assertEquals(
                List.of("one"),
                result.mails().stream().map(ReceivedMail::subject).toList());
        assertEquals(1, result.problems().size());
        assertTrue(result.problems().get(0).contains(":2 in INBOX"), result.problems()::toString);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BAD Request is throttled. Suggested Backoff Time: 92415 milliseconds|TEMPORARY|92415",
                "NO Suggested Backoff Time: 300000 milliseconds|TEMPORARY|300000",
                "NO Suggested Backoff Time: 99999999999999 milliseconds|TEMPORARY|900000",
                "NO throttled, Suggested Backoff Time: 0 milliseconds|TEMPORARY|",
                "NO throttled, Suggested Backoff Time: 99999999999999999999999 milliseconds|TEMPORARY|900000",
                "NO please try again in 30 seconds|TEMPORARY|30000",
                "NO Try again after 2 minutes|TEMPORARY|120000",
                "NO [UNAVAILABLE] x|TEMPORARY|",
                "NO [INUSE] x|TEMPORARY|",
                "NO [LIMIT] x|TEMPORARY|",
                "NO [THROTTLED] x|TEMPORARY|",
                "NO Server Unavailable. 15|TEMPORARY|",
                "NO [ALERT] Too many simultaneous connections. (Failure)|TEMPORARY|",
                "BAD Session invalidated - AccessTokenExpired|TEMPORARY|",
                "BAD User is authenticated but not connected.|UNKNOWN|",
                "BAD Command Argument Error. 12|UNKNOWN|",
                "NO whatever|UNKNOWN|",
                "NO [NONEXISTENT] Mailbox doesn't exist|PERMANENT|",
                "NO [NOPERM] no|PERMANENT|",
            })
    void classifiesRefusals(String said, MailFailure.Permanence permanence, Long millis) {
        ImapRefusal refusal = ImapRefusal.of(said);
        assertEquals(permanence, refusal.permanence());
        assertEquals(Optional.ofNullable(millis).map(Duration::ofMillis), Optional.ofNullable(refusal.retryAfter()));
    }
}
