package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.Arrivals;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.testing.mail.OnBothServers;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server refuses, or answers with nothing, is never taken for a folder without mail. */
@OnBothServers
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ServerAnswersTest {

    private final MailRig rig = new MailRig();

    @AfterEach
    void stop() {
        rig.close();
    }

    private void put(String subject) {
        rig.server.deliver(MailRig.USER, "From: ann@example.com\r\nSubject: " + subject + "\r\n\r\nbody\r\n");
    }

    private static String folder(String exists, String validity, String next) {
        return "* " + exists + " EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY " + validity + "] valid\r\n* OK [UIDNEXT "
                + next + "] next\r\nOK [READ-ONLY] done";
    }

    private MailFailure look(FolderPosition after) {
        return assertThrows(MailFailure.class, () -> rig.reader()
                .arrivals(MailQuery.in("INBOX").build(), after));
    }

    private MailFailure read() {
        return assertThrows(MailFailure.class, () -> rig.reader().read(MailQuery.inbox(), null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "OK done",
                "OK [READ-ONLY] done",
                "NO nope",
                "BAD Request is throttled. Suggested Backoff Time: 92415 milliseconds",
                "* 1 EXISTS\r\n* OK [UIDNEXT 2] next\r\nOK done",
                "* 1 EXISTS\r\n* OK [UIDVALIDITY 1] valid\r\nOK done",
                "* OK [UIDVALIDITY 1] valid\r\n* OK [UIDNEXT 2] next\r\nOK done",
                "* NO [UIDVALIDITY 1] x\r\n* NO [UIDNEXT 2] next\r\nOK done",
            })
    void failsIfTheFolderIsNotDescribed(String answer) {
        put("old");
        rig.server.imapScript().reply("EXAMINE", answer);
        look(null);
        look(new FolderPosition("99:5"));
        read();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-1,1,2",
                "4294967296,1,4294967297",
                "x,1,2",
                "1,0,2",
                "1,-1,2",
                "1,4294967296,2",
                "1,99999999999999999999,2",
                "1,1,0",
                "1,1,-2",
                "1,1,4294967296",
                "1,1,99999999999999999999",
                "1,1,x",
                "5,1,5",
            })
    void rejectsImpossibleFolderNumbers(String numbers) {
        String[] parts = numbers.split(",");
        put("old");
        rig.server.imapScript().reply("EXAMINE", folder(parts[0], parts[1], parts[2]));
        look(null);
        read();
    }

    @Test
    void acceptsTheLargestNumbers() throws Exception {
        rig.server.imapScript().reply("EXAMINE", folder("0", "4294967295", "4294967295"));
        FolderPosition position =
                rig.reader().arrivals(MailQuery.in("INBOX").build(), null).position();
        assertEquals("4294967295:4294967294", position.value().replaceFirst("-[0-9a-f]{8}:", ":"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "OK FETCH completed.",
                "NO Server Unavailable. 15",
                "BAD Request is throttled. Suggested Backoff Time: 92415 milliseconds",
                "* 1 FETCH (UID 0)\r\nOK done",
                "* 1 FETCH (UID -1)\r\nOK done",
                "* 1 FETCH (UID 4294967296)\r\nOK done",
                "* 1 FETCH (UID 99999999999999999999)\r\nOK done",
                "* 0 FETCH (UID 1)\r\nOK done",
                "* 4294967297 FETCH (UID 1)\r\nOK done",
                "* 1 FETCH (UID 1000)\r\nOK done",
            })
    void failsWithoutTheUidOfTheLastMessage(String answer) throws Exception {
        put("old");
        FolderPosition before =
                rig.reader().arrivals(MailQuery.in("INBOX").build(), null).position();
        put("new");
        rig.server
                .imapScript()
                .reply("FETCH 2 (UID)", answer.replace("* 1 ", "* 2 "))
                .reply("UID SEARCH", "OK SEARCH completed.");
        look(before);
        look(null);
        look(new FolderPosition("1:3"));
        rig.server.imapScript().clear();
        assertEquals(
                List.of("new"),
                rig.reader().arrivals(MailQuery.in("INBOX").build(), before).mails().stream()
                        .map(ReceivedMail::subject)
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "OK SEARCH completed.",
                "NO Server Unavailable. 15",
                "BAD Command Argument Error. 12",
                "* SEARCH 0\r\nOK done",
                "* SEARCH -1\r\nOK done",
                "* SEARCH 1 4294967297\r\nOK done",
                "* SEARCH 99999999999999999999\r\nOK done",
                "* SEARCH x\r\nOK done",
            })
    void failsIfASearchHasNoResult(String answer) throws Exception {
        FolderPosition before =
                rig.reader().arrivals(MailQuery.in("INBOX").build(), null).position();
        put("new");
        rig.server.imapScript().reply("SEARCH", answer);
        look(before);
        MailQuery query = MailQuery.in("INBOX").subject("new").build();
        assertThrows(MailFailure.class, () -> rig.reader().read(query, null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"* ESEARCH (TAG \"x\") ALL 1\r\nOK done", "* SEARCH\r\n* SEARCH 1\r\nOK done"})
    void understandsOtherSearchResponses(String answer) throws Exception {
        put("new");
        rig.server.imapScript().reply("SEARCH", answer);
        assertEquals(
                1,
                rig.reader()
                        .read(MailQuery.in("INBOX").subject("new").build(), null)
                        .size());
    }

    /** A mail may have no date, or no flags, that the server could name; the others of the same answer have theirs. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "INTERNALDATE \"[^\"]*\"|INTERNALDATE NIL",
                "INTERNALDATE \"[^\"]*\"|INTERNALDATE \"\"",
                "INTERNALDATE \"[^\"]*\"|INTERNALDATE \"               \"",
                "INTERNALDATE \"[^\"]*\"|INTERNALDATE \"yesterday\"",
                "INTERNALDATE \"[^\"]*\" ?|",
                "FLAGS \\([^)]*\\)|FLAGS NIL",
                "FLAGS \\([^)]*\\)|FLAGS ()",
                "FLAGS \\([^)]*\\) ?|",
            })
    void handlesMissingDateAndFlags(String known, String told) throws Exception {
        FolderPosition before =
                rig.reader().arrivals(MailQuery.in("INBOX").build(), null).position();
        put("one");
        put("two");
        rig.server
                .imapTraits()
                .rewrite(line ->
                        line.startsWith("* 1 FETCH") ? line.replaceFirst(known, told == null ? "" : told) : line);
        MailQuery query = MailQuery.in("INBOX").newestFirst(false).build();
        for (List<ReceivedMail> mails : List.of(
                rig.reader().read(query, null),
                rig.reader().arrivals(query, before).mails())) {
            assertEquals(
                    List.of("one", "two"),
                    mails.stream().map(ReceivedMail::subject).toList());
            if (known.startsWith("INTERNALDATE")) {
                assertNull(mails.get(0).received());
            }
            assertNotNull(mails.get(1).received());
            assertEquals(List.of(), mails.get(0).problems());
        }
    }

    /** A mail that is there cannot be nothing, whoever looks. */
    @ParameterizedTest
    @ValueSource(strings = {"OK FETCH completed.", "NO I will not", "BAD Command Error. 10"})
    void reportsAWithheldMessage(String answer) throws Exception {
        FolderPosition before =
                rig.reader().arrivals(MailQuery.in("INBOX").build(), null).position();
        put("one");
        rig.server.imapScript().reply("FETCH 1 (UID FLAGS", answer).reply("FETCH 1 (BODY", answer);
        Arrivals arrivals = rig.reader().arrivals(MailQuery.in("INBOX").build(), before);
        assertEquals(List.of(), arrivals.mails());
        assertEquals(1, arrivals.problems().size());
        assertTrue(
                arrivals.problems().get(0).contains(before.value().split(":")[0] + ":1"),
                arrivals.problems()::toString);
        MailFailure failure = read();
        assertTrue(failure.getMessage().contains(before.value().split(":")[0] + ":1"), failure.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BAD Request is throttled. Suggested Backoff Time: 92415 milliseconds",
                "NO Request is throttled. Suggested Backoff Time: 50000 milliseconds",
                "NO [UNAVAILABLE] later",
                "NO [INUSE] locked",
                "NO [LIMIT] too much",
                "NO Server Unavailable. 15",
                "BAD Session invalidated - AccessTokenExpired",
                "* BYE Session invalidated - AccessTokenExpired",
                "BAD User is authenticated but not connected.",
            })
    void doesNotSkipMessagesAfterTemporaryFailures(String answer) throws Exception {
        FolderPosition before =
                rig.reader().arrivals(MailQuery.in("INBOX").build(), null).position();
        put("one");
        for (String command : List.of("FETCH 1 (UID FLAGS", "FETCH 1 (UID)", "SEARCH", "FETCH 1 (BODY")) {
            if (answer.startsWith("*")) {
                rig.server.imapScript().replyAndDrop(command, answer);
            } else {
                rig.server.imapScript().reply(command, answer);
            }
            MailFailure failure = look(before);
            assertTrue(failure.passing(), command + ": " + failure.getMessage());
            rig.server.imapScript().clear();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Server Unavailable. 15", "NO Server Unavailable. 15", "BAD Request is throttled."})
    void treatsABareLineAsRefusal(String line) throws Exception {
        put("one");
        for (String command : List.of("EXAMINE", "SEARCH", "FETCH")) {
            rig.server.imapScript().bare(command, line);
            MailQuery query = MailQuery.in("INBOX").subject("one").build();
            MailFailure failure =
                    assertThrows(MailFailure.class, () -> rig.reader().read(query, null));
            assertTrue(failure.passing(), failure.getMessage());
            assertTrue(failure.getMessage().contains(line), failure.getMessage());
            rig.server.imapScript().clear();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"OK done", "* OK nothing\r\nOK done", "NO not now", "BAD what?"})
    void handlesAServerWithoutCapabilities(String answer) throws Exception {
        put("one");
        rig.server.imapScript().reply("CAPABILITY", answer);
        assertNotNull(read().getMessage());
        MailFailure failure = assertThrows(
                MailFailure.class, () -> rig.reader(Security.STARTTLS).read(MailQuery.inbox(), null));
        assertNotNull(failure.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"4294967296", "99999999999999999999", "-5"})
    void rejectsALiteralOfImpossibleLength(String length) {
        MailFailure failure = literal(length);
        assertEquals(MailFailure.Layer.CONNECT, failure.layer(), failure.getMessage());
    }

    @Test
    void rejectsATooLargeLiteral() {
        MailFailure failure = literal("4294967295");
        assertEquals(MailFailure.Layer.MESSAGE, failure.layer(), failure.getMessage());
    }

    private MailFailure literal(String length) {
        put("one");
        rig.server
                .imapScript()
                .reply(
                        "FETCH 1 (UID FLAGS",
                        "* 1 FETCH (UID 1 FLAGS () BODY[HEADER] {" + length + "}\r\n* x)\r\nOK done");
        return read();
    }

    @Test
    void detectsRenumberingDuringARead() {
        put("one");
        put("two");
        rig.server.imapScript().reply("FETCH 1:2 (UID FLAGS", "* 1 EXPUNGE\r\n* 1 FETCH (UID 2 FLAGS ())\r\nOK done");
        assertTrue(read().passing());
    }
}
