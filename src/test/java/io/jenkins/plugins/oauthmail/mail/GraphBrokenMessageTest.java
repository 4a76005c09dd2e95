package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.Arrivals;
import io.jenkins.plugins.oauthmail.mail.model.FolderLook;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.testing.mail.GraphTrait;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Microsoft Graph cannot return one message of a folder, but others. */
class GraphBrokenMessageTest {
    private static final MailQuery QUERY =
            MailQuery.in("INBOX").newestFirst(false).limit(10).build();

    private final MailRig rig = new MailRig();
    private final List<MailId> asked = new ArrayList<>();

    @BeforeEach
    void open() {
        rig.server.graph().with(GraphTrait.usual());
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private void put(String subject) {
        String raw = "From: ann@example.com\r\nTo: x@example.com\r\nSubject: " + subject + "\r\n\r\nThe body.\r\n";
        rig.server.deliver(MailRig.USER, raw);
    }

    private Arrivals arrivals(FolderReader folder, FolderPosition after, boolean skips) throws Exception {
        folder.refresh(1);
        return folder.arrivals(QUERY, after, id -> {
            asked.add(id);
            return skips;
        });
    }

    /** Has the server refuse the only message of the inbox. */
    private void refuse(int status, String code, boolean content) throws Exception {
        String id = rig.graphReader().read(QUERY, null).get(0).id().value().replaceAll(".*:", "");
        rig.server
                .graph()
                .refuse(
                        "GET \\S*messages/" + Pattern.quote(id) + (content ? "/\\$value" : "(?!/).*"),
                        Integer.MAX_VALUE,
                        status,
                        code,
                        "Cannot open the message.");
    }

    private static List<String> subjects(List<ReceivedMail> mails) {
        return mails.stream().map(ReceivedMail::subject).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "400, ErrorCorruptData, false",
        "500, ErrorItemPropertyRequestFailed, false",
        "504, UnknownError, false",
        "400, ErrorCorruptData, true",
        "500, ErrorInternalServerError, true",
        "503, UnknownError, true",
        "504, UnknownError, true"
    })
    void isSkippedAfterTheOthersWereRead(int status, String code, boolean content) throws Exception {
        try (FolderReader folder = rig.graphReader().folder("INBOX")) {
            FolderPosition here = arrivals(folder, null, false).position();
            put("broken");
            refuse(status, code, content);
            put("good");
            List<String> read = new ArrayList<>();
            FolderPosition next = here;
            for (int i = 0; i < 2; i++) {
                try {
                    Arrivals some = arrivals(folder, next, false);
                    read.addAll(subjects(some.mails()));
                    next = some.position();
                } catch (MailFailure failure) {
                    assertTrue(failure.getMessage().contains(String.valueOf(status)), failure.getMessage());
                }
            }
            assertTrue(asked.size() >= 1, "tries are counted");
            Arrivals last = arrivals(folder, next, true);
            read.addAll(subjects(last.mails()));
            assertEquals(List.of("good"), read);
            assertEquals(1, last.problems().size(), last.problems().toString());
            assertEquals(List.of(), arrivals(folder, last.position(), false).mails());
        }
    }

    /** That happens to all messages while the server cannot return any, so none may be skipped. */
    @ParameterizedTest
    @CsvSource({
        "500, ErrorInternalServerError, (?!delta)[^/]*$",
        "503, UnknownError, (?!delta)[^/]*$",
        "504, UnknownError, (?!delta)[^/]*$",
        "500, ErrorInternalServerError, [^/]*/\\$value",
        "503, UnknownError, [^/]*/\\$value",
        "504, UnknownError, [^/]*/\\$value"
    })
    void isNotToBlameIfNoneIsReturned(int status, String code, String path) throws Exception {
        try (FolderReader folder = rig.graphReader().folder("INBOX")) {
            FolderPosition here = arrivals(folder, null, false).position();
            put("one");
            put("two");
            rig.server.graph().refuse("GET \\S*/messages/" + path, 1000, status, code, "Not now.");
            for (int i = 0; i < 5; i++) {
                MailFailure failure = assertThrows(MailFailure.class, () -> arrivals(folder, here, true));
                assertTrue(failure.passing(), failure.getMessage());
            }
            assertEquals(List.of(), asked);
            rig.server.graph().clear();
            assertEquals(
                    List.of("one", "two"),
                    subjects(arrivals(folder, here, false).mails()));
        }
    }

    /** However many look for messages of which one cannot be read. */
    @Test
    void anotherIsFetchedOnceForAllToFindOutWhetherAnyIsReturned() throws Exception {
        put("broken");
        refuse(500, "ErrorInternalServerError", true);
        put("good");
        try (FolderReader folder = rig.graphReader().folder("INBOX")) {
            folder.refresh(5);
            for (int i = 0; i < 5; i++) {
                MailQuery wanted = MailQuery.in("INBOX").text("text " + i).build();
                assertEquals(1, folder.look(wanted, null, 1).read().problems().size());
            }
        }
        long fetched = rig.server.graph().heard().stream()
                .filter(request -> request.contains("$value"))
                .count();
        assertTrue(fetched <= 5 + 2, fetched + " times");
    }

    @Test
    void doesNotKeepABuildFromFindingAnother() throws Exception {
        MailQuery wanted = MailQuery.in("INBOX").subject("good").limit(1).build();
        try (FolderReader folder = rig.graphReader().folder("INBOX")) {
            folder.refresh(1);
            FolderLook first = folder.look(wanted, null, 1);
            put("broken");
            refuse(400, "ErrorCorruptData", false);
            folder.refresh(1);
            FolderLook second = folder.look(wanted, first.checkpoint(), 1);
            assertEquals(List.of(), second.read().mails());
            put("good");
            folder.refresh(1);
            assertEquals(
                    List.of("good"),
                    subjects(folder.look(wanted, second.checkpoint(), 1).read().mails()));
        }
    }
}
