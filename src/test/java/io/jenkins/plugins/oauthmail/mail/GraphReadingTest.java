package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.Arrivals;
import io.jenkins.plugins.oauthmail.mail.model.FolderLook;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.MailChange;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReadResult;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.testing.mail.GraphTrait;
import jakarta.mail.Flags;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading with Microsoft Graph: what is not the same as with IMAP. */
class GraphReadingTest {
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");

    private final MailRig rig = new MailRig();
    private final List<String> notices = new ArrayList<>();
    private MailReader reader;

    @BeforeEach
    void open() {
        rig.server.graph().with(GraphTrait.usual());
        reader = rig.graphReader();
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private void put(String folder, String subject, String header, Instant received) {
        String raw = "From: ann@example.com\r\nTo: x@example.com\r\n" + header + "Subject: " + subject
                + "\r\n\r\nThe body.\r\n";
        rig.server.deliver(MailRig.USER, folder, raw.getBytes(StandardCharsets.UTF_8), received, new Flags());
    }

    private void put(String subject) {
        put("INBOX", subject, "", Instant.now());
    }

    private List<String> heard() {
        return rig.server.graph().heard().stream()
                .map(request -> request.replace("users/" + MailRig.USER, "box"))
                .toList();
    }

    private long heard(String part) {
        return heard().stream().filter(request -> request.contains(part)).count();
    }

    private static List<String> subjects(List<ReceivedMail> mails) {
        return mails.stream().map(ReceivedMail::subject).toList();
    }

    private Arrivals arrivals(FolderPosition after) throws Exception {
        return reader.arrivals(MailQuery.inbox(), after);
    }

    @Test
    void knowsNoFolderWithoutAName() {
        MailFailure failure = assertThrows(
                MailFailure.class, () -> reader.read(MailQuery.in("//").build(), null));
        assertEquals(Layer.FOLDER, failure.layer());
    }

    @Test
    void readsTheEnvelopesOfAPageInOneRequest() throws Exception {
        for (int i = 0; i < 20; i++) {
            put("mail " + i);
        }
        MailQuery query = MailQuery.in("INBOX").bodies(false).build();
        assertEquals(20, reader.read(query, null).size());
        assertEquals(2, heard().size(), heard().toString());
        assertEquals(0, rig.server.imapConnections());
    }

    @Test
    void followsPagesUntilEnoughMatch() throws Exception {
        put("INBOX", "wanted", "", NOON);
        for (int i = 0; i < 120; i++) {
            put("INBOX", "other", "", NOON.plusSeconds(i));
        }
        MailQuery query = MailQuery.in("INBOX").subject("wanted").build();
        assertEquals(List.of("wanted"), subjects(reader.read(query, null)));
        assertEquals(3, heard("/messages {"), heard().toString());
        assertEquals(1, heard("$value"), "only what may match is fetched");
    }

    /** The server counts messages from the beginning of the list, which others change meanwhile. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void readsEachMessageOnceIfOthersArriveMeanwhile(boolean newestFirst) throws Exception {
        for (int i = 0; i < 120; i++) {
            put("INBOX", "mail " + i, "", NOON.plusSeconds(i));
        }
        rig.server.graph().meanwhile("/messages \\{", () -> put("INBOX", "another", "", NOON.plusSeconds(200)));
        List<String> read = subjects(reader.read(
                MailQuery.in("INBOX")
                        .limit(200)
                        .newestFirst(newestFirst)
                        .bodies(false)
                        .build(),
                null));
        assertEquals(List.of(), twice(read));
        assertEquals(
                120, read.stream().filter(subject -> subject.startsWith("mail")).count());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void readsEachMessageIfOthersAreDeletedMeanwhile(boolean newestFirst) throws Exception {
        for (int i = 0; i < 120; i++) {
            put("INBOX", "mail " + i, "", NOON.plusSeconds(i));
        }
        MailId first = reader.read(
                        MailQuery.in("INBOX")
                                .limit(1)
                                .newestFirst(newestFirst)
                                .bodies(false)
                                .build(),
                        null)
                .get(0)
                .id();
        rig.server.graph().meanwhile("/messages \\{", () -> delete(first));
        List<String> read = subjects(reader.read(
                MailQuery.in("INBOX")
                        .limit(200)
                        .newestFirst(newestFirst)
                        .bodies(false)
                        .build(),
                null));
        assertEquals(List.of(), twice(read));
        assertEquals(120, read.size());
    }

    private void delete(MailId id) {
        try (MailReader other = rig.graphReader()) {
            other.change("INBOX", List.of(id), new MailChange(false, null, true));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> twice(List<String> read) {
        return read.stream().filter(one -> Collections.frequency(read, one) > 1).toList();
    }

    @Test
    void filtersByTimeAndSeenAtTheServer() throws Exception {
        put("INBOX", "old", "", NOON.minusSeconds(1));
        put("INBOX", "new", "", NOON);
        MailQuery query = MailQuery.in("INBOX")
                .since(NOON.plusMillis(0))
                .unseen(true)
                .bodies(false)
                .build();
        assertEquals(List.of("new"), subjects(reader.read(query, null)));
        assertEquals(
                1, heard("$filter=receivedDateTime ge 2026-03-10T12:00:00Z and isRead eq false"), heard().toString());
    }

    /** Messages in Sent Items were not received by mail, so no header of them is stored. */
    @Test
    void readsMessagesWithoutStoredHeaders() throws Exception {
        put("Sent Items", "question", "In-Reply-To: <q@x>\r\nMessage-ID: <m@x>\r\n", NOON);
        put("Sent Items", "other", "In-Reply-To: <r@x>\r\n", NOON);
        MailQuery query = MailQuery.in("Sent Items")
                .repliesTo(List.of("<q@x>"))
                .bodies(false)
                .build();
        List<ReceivedMail> mails = reader.read(query, null);
        assertEquals(List.of("question"), subjects(mails));
        assertEquals("<m@x>", mails.get(0).messageId());
        assertEquals(
                List.of("other"),
                subjects(reader.read(MailQuery.in("sentitems").subject("OTHER").build(), null)));
    }

    @Test
    void findsFoldersByTheNamesThatPeopleSee() throws Exception {
        put("Projects.It's done", "deep", "", NOON);
        put("INBOX.Alerts", "in the inbox", "", NOON);
        assertEquals(
                List.of("deep"),
                subjects(reader.read(MailQuery.in("Projects/It's done").build(), null)));
        assertEquals(
                List.of("in the inbox"),
                subjects(reader.read(MailQuery.in("Inbox/Alerts").build(), null)));
        MailFailure failure = assertThrows(
                MailFailure.class, () -> reader.read(MailQuery.in("Project").build(), null));
        assertEquals(Layer.FOLDER, failure.layer());
        assertTrue(failure.getMessage().contains("has no folder \"Project\""), failure.getMessage());
        assertTrue(failure.getMessage().contains("\"Projects\""), failure.getMessage());
    }

    @Test
    void idsOutlastAMoveButNotTheFolder() throws Exception {
        put("one");
        MailId id = reader.read(MailQuery.inbox(), null).get(0).id();
        rig.server.makeFolder(MailRig.USER, "Done");
        assertEquals(List.of(), reader.change("INBOX", List.of(id), new MailChange(false, "Done", false)));
        assertEquals(
                List.of(id),
                reader.read(MailQuery.in("Done").build(), null).stream()
                        .map(ReceivedMail::id)
                        .toList());
        ReadResult result = reader.read(MailQuery.in("INBOX").ids(List.of(id)).build(), null, notices::add);
        assertEquals(List.of(id), result.gone());
        assertEquals(List.of(id), reader.change("INBOX", List.of(id), new MailChange(false, null, true)));
        assertEquals(1, rig.server.mails(MailRig.USER, "Done").size());
    }

    /** A folder keeps its id when it is renamed, and when it is deleted, which moves it to another place. */
    @Test
    void usesTheFolderThatHasTheNameNow() throws Exception {
        rig.server.makeFolder(MailRig.USER, "First");
        rig.server.graph().rename("First", "Tickets");
        put("First", "old", "", NOON);
        MailQuery query = MailQuery.in("Tickets").build();
        assertEquals(List.of("old"), subjects(reader.read(query, null)));
        FolderPosition position = reader.arrivals(query, null).position();

        rig.server.graph().rename("First", "Old tickets");
        rig.server.makeFolder(MailRig.USER, "Tickets");
        put("Tickets", "new", "", NOON);
        rig.time.advance(Duration.ofMinutes(2));
        assertEquals(List.of("new"), subjects(reader.read(query, null)));
        assertTrue(reader.arrivals(query, position).renumbered());
        put("one");
        List<MailId> ids = List.of(reader.read(MailQuery.inbox(), null).get(0).id());
        assertEquals(List.of(), reader.change("INBOX", ids, new MailChange(false, "Tickets", false)));
        assertEquals(2, rig.server.mails(MailRig.USER, "Tickets").size());
    }

    @Test
    void deletesToDeletedItems() throws Exception {
        put("one");
        MailId id = reader.read(MailQuery.inbox(), null).get(0).id();
        assertEquals(List.of(), reader.change("INBOX", List.of(id), new MailChange(true, null, true)));
        assertEquals(0, rig.server.mails(MailRig.USER, "INBOX").size());
        assertEquals(1, rig.server.mails(MailRig.USER, "Deleted Items").size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST .*move", "DELETE", "PATCH", "GET .*parentFolderId"})
    void changesContinueAfterAnythingWasLost(String request) throws Exception {
        put("one");
        put("two");
        List<MailId> ids = reader.read(MailQuery.inbox(), null).stream()
                .map(ReceivedMail::id)
                .toList();
        rig.server.makeFolder(MailRig.USER, "Done");
        rig.server.graph().lose(request, true);
        boolean moves = !request.equals("DELETE");
        MailChange change = new MailChange(true, moves ? "Done" : null, !moves);
        assertEquals(List.of(), reader.change("INBOX", ids, change, notices::add));
        assertEquals(0, rig.server.mails(MailRig.USER, "INBOX").size());
        assertEquals(
                2,
                rig.server.mails(MailRig.USER, moves ? "Done" : "Deleted Items").size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"mailFolders/inbox", "/messages ", "\\$value"})
    void waitsVisiblyWhenThrottled(String request) throws Exception {
        put("one");
        rig.server.graph().throttle(request, 1, 20);
        ReadResult result = reader.read(MailQuery.inbox(), null, notices::add);
        assertEquals(List.of("one"), subjects(result.mails()));
        assertEquals(1, rig.time.pauses().size());
        assertTrue(
                rig.time.pauses().get(0).compareTo(Duration.ofSeconds(20)) >= 0,
                rig.time.pauses().toString());
        assertTrue(notices.get(0).contains("429 ApplicationThrottled"), notices.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "401, InvalidAuthenticationToken, LOGIN, authorize the account again",
        "403, ErrorAccessDenied, PERMISSION, Mail.ReadWrite",
        "404, MailboxNotEnabledForRESTAPI, PERMISSION, license",
        "404, ResourceNotFound, PERMISSION, address",
        "400, InefficientFilter, FOLDER, correct what the server objects to",
        "503, ServiceUnavailable, FOLDER, try again later"
    })
    void namesTheLayerTheFixAndTheRequest(int status, String code, Layer layer, String fix) {
        rig.server.graph().refuse("GET", 9, status, code, "Words for developers.");
        MailFailure failure = assertThrows(MailFailure.class, () -> reader.read(MailQuery.inbox(), null));
        assertEquals(layer, failure.layer(), failure.getMessage());
        assertTrue(failure.getMessage().contains(fix), failure.getMessage());
        assertTrue(failure.getMessage().contains(status + " " + code), failure.getMessage());
        assertTrue(failure.getMessage().contains("request ID"), failure.getMessage());
        assertFalse(failure.getMessage().contains(MailRig.SHORT));
    }

    /** The server may do it nevertheless. */
    @Test
    void saysWhatMayHaveBeenDeletedWhenTheTimeIsOver() throws Exception {
        put("one");
        put("two");
        List<MailId> ids = reader.read(MailQuery.inbox(), null).stream()
                .map(ReceivedMail::id)
                .toList();
        Semaphore ended = new Semaphore(0);
        AtomicLong nanos = new AtomicLong();
        MailReader limited = rig.maxReadTime(Duration.ofMinutes(10), nanos::get).graphReader();
        rig.server.graph().meanwhile("DELETE", () -> {
            nanos.addAndGet(Duration.ofMinutes(11).toNanos());
            ended.acquireUninterruptibly();
        });
        Set<MailId> changed = new HashSet<>();
        try {
            MailFailure failure = assertThrows(
                    MailFailure.class,
                    () -> limited.change("INBOX", ids, new MailChange(false, null, true), null, changed::add));
            assertTrue(failure.getMessage().contains("within the time"), failure.getMessage());
        } finally {
            ended.release();
        }
        assertEquals(Set.of(ids.get(0)), changed);
    }

    @Test
    void oneMessageThatCannotBeConvertedDoesNotPreventReadingOthers() throws Exception {
        put("one");
        put("two");
        rig.server.graph().refuse("\\$value", 1, 500, "ErrorMimeContentConversionFailed", "Conversion failed.");
        ReadResult result = reader.read(MailQuery.inbox(), null, notices::add);
        assertEquals(List.of("one"), subjects(result.mails()));
        assertEquals(1, result.problems().size());
        assertTrue(
                result.problems().get(0).contains("ErrorMimeContentConversionFailed"),
                result.problems().get(0));
    }

    @Test
    void doesNotFollowLinksToOtherServers() {
        put("one");
        rig.server
                .graph()
                .answer(
                        "/messages ",
                        200,
                        "application/json",
                        "{\"value\":[],\"@odata.nextLink\":\"https://evil.example/x\"}");
        MailFailure failure = assertThrows(MailFailure.class, () -> reader.read(MailQuery.inbox(), null));
        assertTrue(failure.getMessage().contains("a URL on another server"), failure.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>Sign in to the network</html>", "[]", "{\"value\":"})
    void whatIsNotFromMicrosoftIsNotAnEmptyFolder(String body) {
        put("one");
        rig.server.graph().answer("/messages ", 200, "text/html", body);
        assertThrows(MailFailure.class, () -> reader.read(MailQuery.inbox(), null));
    }

    @Test
    void firstPositionIsBehindAllMail() throws Exception {
        put("old");
        put("INBOX", "long ago", "", NOON);
        FolderPosition begin = arrivals(null).position();
        assertEquals(List.of(), arrivals(begin).mails());
        assertEquals(begin, arrivals(begin).position(), "nothing to save");
        put("new");
        Arrivals arrivals = arrivals(begin);
        assertEquals(List.of("new"), subjects(arrivals.mails()));
        assertFalse(arrivals.renumbered());
        assertEquals(List.of(), arrivals(arrivals.position()).mails());
    }

    @Test
    void throttlingKeepsThePosition() throws Exception {
        FolderPosition begin = arrivals(null).position();
        put("one");
        for (String request : List.of("delta", "GET .*messages/AAk", "\\$value")) {
            rig.server.graph().throttle(request, 1, 9);
            MailFailure failure = assertThrows(MailFailure.class, () -> arrivals(begin));
            assertTrue(failure.temporary(), failure.getMessage());
            assertEquals(Duration.ofSeconds(9), failure.retryAfter().orElseThrow());
        }
        assertEquals(List.of("one"), subjects(arrivals(begin).mails()));
    }

    /** Whoever begins anew after each refusal would never read more than two requests in a row can tell. */
    @Test
    void watchingMakesProgressWhileEveryThirdRequestIsThrottled() throws Exception {
        try (FolderReader folder = reader.folder("INBOX")) {
            folder.refresh(1);
            FolderPosition begin =
                    folder.arrivals(MailQuery.inbox(), null, id -> true).position();
            for (int i = 0; i < 5; i++) {
                put("message " + i);
            }
            rig.server.graph().throttleEvery(3, 9);
            folder.refresh(1);
            assertEquals(
                    5,
                    folder.arrivals(MailQuery.inbox(), begin, id -> true)
                            .mails()
                            .size());
            assertTrue(rig.server.graph().throttled() >= 3);
            assertEquals(
                    Duration.ofSeconds(9L * rig.server.graph().throttled()),
                    rig.time.pauses().stream().reduce(Duration.ZERO, Duration::plus));
        }
    }

    private long requests() {
        return rig.server.graph().heard().size();
    }

    /** Of a folder of any size. */
    @Test
    void laterLooksOnlyConsiderWhatIsNew() throws Exception {
        for (int i = 0; i < 120; i++) {
            put("old " + i);
        }
        MailQuery query = MailQuery.inbox().toBuilder().subject("wanted").build();
        try (FolderReader folder = reader.folder("INBOX")) {
            folder.refresh(1);
            FolderLook look = folder.look(query, null, 2);
            assertTrue(look.complete());
            for (int i = 0; i < 3; i++) {
                put("for somebody else");
                long before = requests();
                folder.refresh(1);
                look = folder.look(query, look.checkpoint(), 2);
                assertFalse(look.complete());
                assertEquals(2, requests() - before, "what is new, and one message");
            }
            put("wanted 1");
            folder.refresh(1);
            look = folder.look(query, look.checkpoint(), 2);
            assertFalse(look.complete(), "two are needed");
            put("wanted 2");
            folder.refresh(1);
            look = folder.look(query, look.checkpoint(), 2);
            assertTrue(look.complete());
            assertEquals(List.of("wanted 2", "wanted 1"), subjects(look.read().mails()));
        }
    }

    private void refuseContent(String subject, int times, String code) throws Exception {
        MailQuery query = MailQuery.in("INBOX").subject(subject).bodies(false).build();
        String id = reader.read(query, null).get(0).id().value().replaceAll(".*:", "");
        rig.server.graph().refuse(Pattern.quote(id) + "/\\$value", times, 500, code, "Conversion failed.");
    }

    /** Microsoft Graph converts no encrypted message if the application reads the mailbox, now and later. */
    @Test
    void looksOnlyAtNewMessagesBesideOneThatCannotBeRead() throws Exception {
        put("INBOX", "wanted and broken", "", NOON);
        for (int i = 0; i < 120; i++) {
            put("INBOX", "other", "", NOON.plusSeconds(i));
        }
        String why = "ErrorMimeContentConversionFailed";
        refuseContent("wanted and broken", 3, why);
        long before = heard("$top=5");
        MailQuery query = MailQuery.in("INBOX").subject("wanted").build();
        try (FolderReader folder = reader.folder("INBOX")) {
            folder.refresh(1);
            FolderLook look = folder.look(query, null, 1);
            assertEquals(1, look.read().problems().size());
            assertEquals(before + 3, heard("$top=5"), heard().toString());
            for (int i = 0; i < 2; i++) {
                put("other");
                folder.refresh(1);
                look = folder.look(query, look.checkpoint(), 1);
                assertTrue(
                        look.read().problems().get(0).contains(why), look.read().toString());
            }
            assertEquals(before + 3, heard("$top=5"), "the folder is listed once");
            folder.refresh(1);
            look = folder.look(query, look.checkpoint(), 1);
            assertEquals(List.of("wanted and broken"), subjects(look.read().mails()));
        }
    }

    /** What is moved into a folder need not be listed as new. */
    @Test
    void looksConsiderTheWholeFolderNowAndThen() throws Exception {
        MailQuery query = MailQuery.inbox().toBuilder().subject("wanted").build();
        try (FolderReader folder = reader.folder("INBOX")) {
            FolderLook look = folder.look(query, null, 1);
            rig.time.advance(Duration.ofMinutes(61));
            folder.refresh(1);
            assertTrue(folder.look(query, look.checkpoint(), 1).complete());
        }
    }

    @Test
    void looksThatCannotBeComparedConsiderTheWholeFolder() throws Exception {
        put("wanted");
        MailQuery query = MailQuery.inbox().toBuilder().subject("wanted").build();
        try (FolderReader folder = reader.folder("INBOX")) {
            FolderLook other = folder.look(query.toBuilder().subject("another").build(), null, 1);
            folder.refresh(1);
            assertEquals(
                    1, folder.look(query, other.checkpoint(), 1).read().mails().size());
            FolderLook unseen = folder.look(query.toBuilder().unseen(true).build(), null, 2);
            assertNull(unseen.checkpoint(), "what is seen may change");
            rig.server.graph().forgetChanges();
            folder.refresh(1);
            assertEquals(
                    1,
                    folder.look(query, folder.look(query, null, 2).checkpoint(), 1)
                            .read()
                            .mails()
                            .size());
        }
    }

    @Test
    void longThrottlingIsReported() throws Exception {
        try (FolderReader folder = reader.folder("INBOX")) {
            folder.refresh(1);
            rig.server.graph().throttle("GET", 1, 31);
            MailFailure failure =
                    assertThrows(MailFailure.class, () -> folder.arrivals(MailQuery.inbox(), null, id -> true));
            assertEquals(Duration.ofSeconds(31), failure.retryAfter().orElseThrow());
            rig.server.graph().throttle("GET", 7, 2);
            assertThrows(MailFailure.class, () -> folder.arrivals(MailQuery.inbox(), null, id -> true));
        }
    }

    @Test
    void unreadableMessageDoesNotBlockOthers() throws Exception {
        FolderPosition begin = arrivals(null).position();
        put("one");
        put("two");
        put("three");
        refuseContent("one", 2, "ErrorMimeContentConversionFailed");
        MailFailure failure =
                assertThrows(MailFailure.class, () -> reader.arrivals(MailQuery.inbox(), begin, id -> false));
        assertEquals(Layer.MESSAGE, failure.layer());
        Arrivals arrivals = arrivals(begin);
        assertEquals(List.of("two", "three"), subjects(arrivals.mails()));
        assertEquals(1, arrivals.problems().size());
        assertEquals(List.of(), arrivals(arrivals.position()).mails());
    }

    @Test
    void continuesWithinALongRound() throws Exception {
        FolderPosition position = arrivals(null).position();
        for (int i = 0; i < 75; i++) {
            put("mail " + i);
        }
        List<String> subjects = new ArrayList<>();
        boolean more = true;
        while (more) {
            Arrivals arrivals = reader.arrivals(MailQuery.in("INBOX").limit(20).build(), position);
            subjects.addAll(subjects(arrivals.mails()));
            assertNotEquals(position, arrivals.position());
            position = arrivals.position();
            more = arrivals.more();
        }
        assertEquals(75, subjects.size());
        assertEquals(75, subjects.stream().distinct().count());
        assertEquals("mail 0", subjects.get(0));
        assertEquals("mail 74", subjects.get(74));
    }

    /** Microsoft does not say how long it remembers, and forgets sooner if much happens in a mailbox. */
    @Test
    void losesNothingWhenTheServerHasForgottenThePosition() throws Exception {
        put("before");
        FolderPosition begin = arrivals(null).position();
        rig.time.advance(Duration.ofHours(1));
        put("INBOX", "one", "", rig.time.now());
        FolderPosition behind = arrivals(begin).position();
        rig.time.advance(Duration.ofHours(1));
        put("INBOX", "two", "", rig.time.now());
        rig.server.graph().forgetChanges();
        Arrivals arrivals = arrivals(behind);
        assertFalse(arrivals.renumbered());
        assertEquals(List.of("two"), subjects(arrivals.mails()).stream().skip(1).toList());
        assertEquals("one", arrivals.mails().get(0).subject(), "it may have come a moment after the link was made");
        put("INBOX", "three", "", rig.time.now());
        assertEquals(List.of("three"), subjects(arrivals(arrivals.position()).mails()));
    }

    /** By a person, or a rule of a mail program, some time after it came to the mailbox. */
    @Test
    void findsOlderMailThatIsMovedIntoTheFolder() throws Exception {
        Instant came = rig.time.now();
        put("INBOX", "before", "", came.plusSeconds(60));
        rig.time.advance(Duration.ofHours(2));
        FolderPosition begin = arrivals(null).position();
        put("INBOX", "moved", "", came);
        assertEquals(List.of("moved"), subjects(arrivals(begin).mails()));
    }

    @Test
    void findsOlderMailThatIsMovedAfterTheServerHasForgottenThePosition() throws Exception {
        Instant came = rig.time.now();
        FolderPosition begin = arrivals(null).position();
        rig.time.advance(Duration.ofHours(2));
        put("INBOX", "one", "", rig.time.now());
        rig.time.advance(Duration.ofMinutes(20));
        FolderPosition behind = arrivals(begin).position();
        rig.time.advance(Duration.ofHours(2));
        put("INBOX", "two", "", rig.time.now());
        rig.server.graph().forgetChanges();
        Arrivals again = arrivals(behind);
        assertEquals(List.of("two"), subjects(again.mails()));
        put("INBOX", "moved", "", came);
        put("INBOX", "three", "", rig.time.now());
        Arrivals next = arrivals(again.position());
        assertEquals(List.of("moved", "three"), subjects(next.mails()));
        assertEquals(List.of(), subjects(arrivals(next.position()).mails()));
    }

    private void putMany(int count) {
        for (int i = 0; i < count; i++) {
            put("INBOX", "mail " + i, "", rig.time.now());
        }
    }

    /** It takes more looks than one to list again what may have come. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8})
    void losesNothingThatComesWhileALongListIsReadAgain(int when) throws Exception {
        FolderPosition here = arrivals(null).position();
        rig.time.advance(Duration.ofHours(1));
        putMany(450);
        rig.server.graph().forgetChanges();
        assertEquals(451, readInLooks(here, when));
    }

    /** As after the account was read by another protocol. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8})
    void losesNothingThatComesWhileALongListSinceATimeIsRead(int when) throws Exception {
        Instant time = rig.time.now();
        rig.time.advance(Duration.ofHours(1));
        putMany(450);
        assertEquals(451, readInLooks(FolderPosition.since(time), when));
    }

    /** Returns how many different messages are read; one more comes before one of the looks. */
    private int readInLooks(FolderPosition begin, int when) throws Exception {
        MailQuery query = MailQuery.in("INBOX").limit(100).build();
        FolderPosition here = begin;
        Set<String> subjects = new HashSet<>();
        for (int looks = 0; looks < 12; looks++) {
            if (looks == when) {
                put("INBOX", "meanwhile", "", rig.time.now());
            }
            Arrivals some = reader.arrivals(query, here);
            subjects.addAll(subjects(some.mails()));
            here = some.position();
            rig.time.advance(Duration.ofMinutes(1));
        }
        return subjects.size();
    }

    @Test
    void findsOlderMailThatIsMovedAfterALongListWasReadAgain() throws Exception {
        Instant came = rig.time.now();
        rig.time.advance(Duration.ofHours(2));
        FolderPosition here = arrivals(null).position();
        rig.time.advance(Duration.ofHours(1));
        putMany(250);
        rig.server.graph().forgetChanges();
        MailQuery query = MailQuery.in("INBOX").limit(100).build();
        Arrivals some;
        do {
            some = reader.arrivals(query, here);
            here = some.position();
        } while (some.more());
        put("INBOX", "moved", "", came);
        assertEquals(List.of("moved"), subjects(reader.arrivals(query, here).mails()));
    }

    /** Whatever is wrong with it, the position must not move behind what was not listed. */
    @Test
    void staysWhereItWasIfTheServerForgetsEvenALinkThatIsNew() throws Exception {
        FolderPosition begin = arrivals(null).position();
        put("INBOX", "one", "", rig.time.now());
        rig.server.graph().forgetChanges();
        rig.server.graph().refuse("GET .*delta \\{changeType", 1, 410, "SyncStateNotFound", "Gone.");
        MailFailure failure = assertThrows(MailFailure.class, () -> arrivals(begin));
        assertTrue(failure.temporary(), failure.getMessage());
        assertEquals(List.of("one"), subjects(arrivals(begin).mails()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"BadRequest", "ErrorInvalidSyncStateData", "SyncStateNotFound"})
    void losesNothingWhenTheServerNoLongerUnderstandsThePosition(String code) throws Exception {
        FolderPosition begin = arrivals(null).position();
        put("INBOX", "one", "", rig.time.now());
        rig.server.graph().refuse("deltatoken", 100, 400, code, "Badly formed token.");
        Arrivals arrivals = arrivals(begin);
        assertEquals(List.of("one"), subjects(arrivals.mails()));
        assertFalse(arrivals.more());
    }

    /** A link that was made here is not replaced by the same one. */
    @Test
    void reportsThatTheServerObjectsToANewLink() throws Exception {
        FolderPosition begin = arrivals(null).position();
        put("INBOX", "one", "", rig.time.now());
        rig.server.graph().refuse("deltatoken", 1, 400, "BadRequest", "Badly formed token.");
        rig.server.graph().refuse("delta \\{changeType", 1, 400, "ErrorInvalidUrlQueryFilter", "Not so.");
        MailFailure failure = assertThrows(MailFailure.class, () -> arrivals(begin));
        assertTrue(failure.getMessage().contains("Not so."), failure.getMessage());
        assertEquals(List.of("one"), subjects(arrivals(begin).mails()));
    }

    @Test
    void losesNothingWhenTheServerHasForgottenThePositionAndOurClockIsFast() throws Exception {
        put("before");
        FolderPosition begin = arrivals(null).position();
        rig.time.advance(Duration.ofHours(1));
        put("INBOX", "one", "", rig.time.now().minusSeconds(300));
        FolderPosition behind = arrivals(begin).position();
        rig.time.advance(Duration.ofMinutes(1));
        put("INBOX", "two", "", rig.time.now().minusSeconds(300));
        rig.server.graph().forgetChanges();
        assertEquals(List.of("one", "two"), subjects(arrivals(behind).mails()));
    }

    @Test
    void readsNothingOldWhenTheServerHasForgottenThePosition() throws Exception {
        put("INBOX", "before", "", rig.time.now().minusSeconds(1));
        FolderPosition begin = arrivals(null).position();
        rig.server.graph().forgetChanges();
        Arrivals arrivals = arrivals(begin);
        assertEquals(List.of(), arrivals.mails());
        assertFalse(arrivals.more());
    }

    @ParameterizedTest
    @ValueSource(strings = {"7:12", "graph:", "graph:x 1 http://evil.example/", "graph:AQMkSU5CT1g= 99 file:///x", ""})
    void doesNotUsePositionsOfOthers(String position) throws Exception {
        put("one");
        try {
            Arrivals arrivals = arrivals(new FolderPosition(position));
            assertTrue(arrivals.renumbered());
            assertEquals(List.of(), arrivals.mails());
        } catch (MailFailure failure) {
            assertTrue(failure.getMessage().contains("another server"), failure.getMessage());
        }
    }

    @Test
    void saysThatThereIsNoDeltaInChina() {
        rig.server.graph().with(GraphTrait.HAS_NO_DELTA);
        MailFailure failure = assertThrows(MailFailure.class, () -> arrivals(null));
        assertTrue(failure.getMessage().contains("as Microsoft Graph in China does not"), failure.getMessage());
    }

    @Test
    void manyWhoAskShareListsAndMessages() throws Exception {
        for (int i = 0; i < 10; i++) {
            put("mail " + i);
        }
        try (FolderReader folder = reader.folder("INBOX")) {
            folder.refresh(9);
            for (int i = 0; i < 9; i++) {
                assertEquals(
                        1,
                        folder.look(MailQuery.in("INBOX").subject("mail " + i).build())
                                .mails()
                                .size());
                folder.look(
                        MailQuery.in("INBOX").subject("mail " + i).text("body").build());
            }
            folder.refresh(9);
            folder.look(MailQuery.in("INBOX").subject("mail 1").build());
        }
        assertEquals(2, heard("/messages {"), heard().toString());
        assertEquals(9, heard("$value"));
        assertEquals(12, heard().size());
    }

    /** Whoever looks for the last time lists the folder without asking for a link to what comes later. */
    @Test
    void findsWhatCameBetweenTheListOfAnotherAndTheOwnLink() throws Exception {
        put("old");
        MailQuery query = MailQuery.inbox().toBuilder().subject("wanted").build();
        try (FolderReader folder = reader.folder("INBOX")) {
            folder.refresh(2);
            folder.look(query.toBuilder().subject("another").build(), null, 0);
            put("wanted");
            FolderLook first = folder.look(query, null, 1);
            folder.refresh(1);
            FolderLook second = folder.look(query, first.checkpoint(), 1);
            assertEquals(
                    1,
                    Math.max(first.read().mails().size(), second.read().mails().size()));
        }
    }

    /** As when somebody has imported a message whose date is wrong. */
    @Test
    void findsWhatComesAfterAMessageFromTheFuture() throws Exception {
        put("INBOX", "wrong", "", Instant.now().plus(Duration.ofDays(400)));
        FolderPosition begin = arrivals(null).position();
        assertEquals(List.of(), arrivals(begin).mails());
        put("INBOX", "new", "", Instant.now().plusSeconds(2));
        assertEquals(List.of("new"), subjects(arrivals(begin).mails()));
    }

    /** As when somebody moves a message into the folder; the server lists what is not older than the newest at first. */
    @Test
    void findsEarlierMessagesThanOneWhoBeganLater() throws Exception {
        put("INBOX", "old", "", NOON);
        FolderPosition begin = arrivals(null).position();
        put("INBOX", "one", "", NOON.plusSeconds(50));
        rig.time.advance(Duration.ofMinutes(1));
        FolderPosition later =
                rig.graphReader().arrivals(MailQuery.inbox(), null).position();
        FolderPosition position;
        put("INBOX", "two", "", NOON.plusSeconds(60));
        try (FolderReader folder = rig.graphReader().folder("INBOX")) {
            folder.refresh(2);
            assertEquals(
                    1,
                    folder.arrivals(MailQuery.inbox(), later, id -> true)
                            .mails()
                            .size());
            Arrivals arrivals = folder.arrivals(MailQuery.inbox(), begin, id -> true);
            assertEquals(List.of("one", "two"), subjects(arrivals.mails()));
            position = arrivals.position();
        }
        put("INBOX", "moved there", "", NOON.plusSeconds(20));
        assertEquals(List.of("moved there"), subjects(arrivals(position).mails()));
    }
}
