package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.Arrivals;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.MailChange;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReadResult;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.testing.mail.ExchangeSays;
import io.jenkins.plugins.oauthmail.testing.mail.ExchangeTrait;
import io.jenkins.plugins.oauthmail.testing.mail.OnBothServers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Exchange refuses, keeps to itself, numbers anew or describes wrongly: rows I, U and F of its ways. */
@OnBothServers
class ExchangeReadingTest {

    private final MailRig rig = new MailRig();
    private final List<String> notices = new ArrayList<>();

    @BeforeEach
    void patience() {
        Instant begin = rig.time.now();
        rig.maxReadTime(Duration.ofMinutes(30), () -> Duration.between(begin, rig.time.now())
                .toNanos());
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private void put(String subject) {
        rig.server.deliver(MailRig.USER, "From: ann@example.com\r\nSubject: " + subject + "\r\n\r\nbody\r\n");
    }

    private static MailQuery inbox() {
        return MailQuery.in("INBOX").newestFirst(false).build();
    }

    private ReadResult read(MailQuery query) throws Exception {
        return rig.reader().read(query, null, notices::add);
    }

    private static List<String> subjects(List<ReceivedMail> mails) {
        return mails.stream().map(ReceivedMail::subject).toList();
    }

    private List<MailId> ids() throws Exception {
        return read(inbox()).mails().stream().map(ReceivedMail::id).toList();
    }

    /** The others are read, and this one is named. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void reportsAMessageThatExchangeCannotConvert(boolean hides) throws Exception {
        FolderPosition before = rig.reader().arrivals(inbox(), null).position();
        put("one");
        put("two");
        put("three");
        rig.server.exchange().unconvertible(MailRig.USER, "INBOX", 1, hides);
        ReadResult result = read(inbox());
        assertEquals(List.of("one", "three"), subjects(result.mails()));
        assertEquals(1, result.problems().size());
        assertTrue(result.problems().get(0).contains(":2 in INBOX"), result.problems()::toString);
        Arrivals arrivals = rig.reader().arrivals(inbox(), before);
        assertEquals(List.of("one", "three"), subjects(arrivals.mails()));
        assertEquals(1, arrivals.problems().size());
        assertEquals(
                List.of(), rig.reader().arrivals(inbox(), arrivals.position()).mails());
    }

    /** What others took away is no failure. */
    @Test
    void skipsMessagesThatDisappearDuringTheRead() throws Exception {
        put("one");
        put("two");
        put("three");
        rig.server.exchange().vanished(MailRig.USER, "INBOX", 1);
        ReadResult result = read(inbox());
        assertEquals(List.of("one", "three"), subjects(result.mails()));
        assertEquals(List.of(), result.problems());
    }

    /** With and without tags. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                ExchangeSays.THROTTLED,
                ExchangeSays.THROTTLED_NO,
                ExchangeSays.UNAVAILABLE,
                ExchangeSays.EXPIRED,
                ExchangeSays.EXPIRED_BYE,
                "|NO Server Unavailable. 15",
                "|Server Unavailable. 15",
                "|BAD Request is throttled. Suggested Backoff Time: 92415 milliseconds",
                "* BYE Request is throttled. Suggested Backoff Time: 92415 milliseconds",
                "* BYE Connection closed",
            })
    void retriesTemporaryFailures(String said) throws Exception {
        put("one");
        for (String command : List.of("EXAMINE", "SEARCH", "FETCH 1 (UID", "FETCH 1 (BODY")) {
            if (said.startsWith("*")) {
                rig.server.imapScript().replyAndDrop(command, said, 1);
            } else {
                rig.server.imapScript().reply(command, said, 1);
            }
            int before = rig.time.pauses().size();
            ReadResult result = read(MailQuery.in("INBOX").subject("one").build());
            assertEquals(1, result.mails().size(), command);
            assertTrue(rig.time.pauses().size() > before, command);
            Duration waited = rig.time.pauses().get(before);
            assertTrue(!said.contains("92415") || waited.toMillis() >= 92_415, command + waited);
            assertTrue(!said.contains("299961") || waited.toMillis() >= 299_961, command + waited);
            rig.server.imapScript().clear();
        }
    }

    /** Each third command for as long as it lasts. */
    @Test
    void succeedsIfEveryThirdCommandIsThrottled() throws Exception {
        put("one");
        rig.server.imapScript().every(3, ExchangeSays.THROTTLED);
        MailFailure failure = assertThrows(
                MailFailure.class,
                () -> read(MailQuery.in("INBOX").subject("one").build()));
        assertTrue(failure.passing(), failure.getMessage());
        rig.server.imapScript().clear();
        rig.server.imapScript().every(7, ExchangeSays.THROTTLED);
        for (int i = 0; i < 5; i++) {
            assertEquals(
                    1,
                    read(MailQuery.in("INBOX").subject("one").build()).mails().size());
        }
    }

    /** A login that is worth nothing is not waited for when it never was. */
    @Test
    void retriesIfNotConnected() {
        put("one");
        rig.server.exchange().with(ExchangeTrait.LOGIN_WITHOUT_ACCESS);
        MailFailure failure = assertThrows(MailFailure.class, () -> read(inbox()));
        assertEquals(MailFailure.Layer.PERMISSION, failure.layer());
        assertFalse(failure.passing());
        assertTrue(failure.mayPass());
        assertEquals(List.of(), rig.time.pauses());
    }

    /** An id that a build has kept may mean nothing any more. */
    @Test
    void readsARevisedMessageUnderItsNewId() throws Exception {
        put("one");
        put("two");
        List<MailId> ids = ids();
        rig.server.revise(MailRig.USER, "INBOX", 0);
        assertEquals(List.of("two", "one"), subjects(read(inbox()).mails()));
        ReadResult result = read(MailQuery.in("INBOX").ids(ids).build());
        assertEquals(List.of("two"), subjects(result.mails()));
        assertEquals(List.of(ids.get(0)), result.gone());
        assertEquals(
                List.of(ids.get(0)),
                rig.reader().look(MailQuery.in("INBOX").ids(ids).build()).gone());
        // One that is there and does not fit is not gone.
        assertEquals(
                List.of(ids.get(0)),
                read(MailQuery.in("INBOX").ids(ids).subject("none").build()).gone());
    }

    /** The others are changed. */
    @Test
    void changesMessages() throws Exception {
        for (String subject : List.of("one", "two", "three")) {
            put(subject);
        }
        List<MailId> ids = ids();
        rig.server.makeFolder(MailRig.USER, "Done");
        rig.server.revise(MailRig.USER, "INBOX", 0);
        rig.server.imapScript().reply("UID STORE", ExchangeSays.NO_LONGER_EXIST, 1);
        List<MailId> gone = rig.reader().change("INBOX", ids, new MailChange(true, "Done", false), notices::add);
        assertEquals(List.of(ids.get(0)), gone);
        assertEquals(
                List.of("two", "three"),
                subjects(read(MailQuery.in("Done").newestFirst(false).build()).mails()));
    }

    /** What was moved before the connection was lost is not said to be gone. */
    @ParameterizedTest
    @ValueSource(strings = {"UID MOVE", "UID EXPUNGE"})
    void completesAnInterruptedChange(String command) throws Exception {
        put("one");
        put("two");
        List<MailId> ids = ids();
        rig.server.makeFolder(MailRig.USER, "Done");
        boolean move = command.equals("UID MOVE");
        rig.server.imapScript().once(command, ExchangeSays.EXPIRED_BYE, () -> rig.reader()
                .change("INBOX", ids, new MailChange(false, move ? "Done" : null, !move)));
        List<MailId> gone =
                rig.reader().change("INBOX", ids, new MailChange(false, move ? "Done" : null, !move), notices::add);
        assertEquals(List.of(), gone);
        assertEquals(0, rig.server.mails(MailRig.USER, "INBOX").size());
    }

    @Test
    void readsFoldersWithSlashes() throws Exception {
        rig.server.exchange().with(ExchangeTrait.SLASH_BETWEEN_FOLDERS);
        rig.server.deliver(
                MailRig.USER,
                "Projects.Done",
                "Subject: one\r\n\r\nb\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                Instant.now(),
                new jakarta.mail.Flags());
        assertEquals(
                List.of("one"),
                subjects(read(MailQuery.in("Projects/Done").build()).mails()));
        MailFailure failure = assertThrows(
                MailFailure.class, () -> read(MailQuery.in("Projects/Dome").build()));
        assertTrue(failure.getMessage().contains("Projects/Done"), failure.getMessage());
    }

    /** All of a part in place of its beginning. */
    @Test
    void acceptsWholePartsInsteadOfPartialOnes() throws Exception {
        rig.server.exchange().with(ExchangeTrait.RETURNS_WHOLE_PARTS);
        put("one");
        assertEquals("body", read(inbox()).mails().get(0).text().strip());
    }

    /** At Exchange no command converts more than a hundred. */
    @Test
    void readsManyMessagesAtOnce() throws Exception {
        for (int i = 0; i < 150; i++) {
            put("mail " + i);
        }
        assertEquals(
                150, read(MailQuery.in("INBOX").limit(1000).build()).mails().size());
        long fetches = rig.server.imapHeard().stream()
                .filter(line -> line.contains("BODYSTRUCTURE"))
                .count();
        assertEquals(
                rig.server.kind() == io.jenkins.plugins.oauthmail.testing.mail.ServerKind.EXCHANGE ? 2 : 1, fetches);
    }

    /** Nothing is fetched in a way that marks a mail as seen, or makes Exchange send a stand-in. */
    @Test
    void neverMarksMessagesAsSeen() throws Exception {
        put("one");
        rig.server.exchange().unconvertible(MailRig.USER, "INBOX", 0, false);
        assertThrows(MailFailure.class, () -> read(inbox()));
        assertFalse(
                rig.server.imapHeard().stream().anyMatch(line -> line.contains("BODY[")),
                rig.server.imapHeard()::toString);
    }
}
