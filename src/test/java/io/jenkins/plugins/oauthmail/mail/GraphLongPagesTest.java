package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.MailChange;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.testing.mail.GraphTrait;
import jakarta.mail.Flags;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages and messages whose description is longer than what is read of one answer. */
class GraphLongPagesTest {
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");
    private static final String PAGE = "GET .*/messages \\{.*internetMessageHeaders";
    private static final String BRIEF_PAGE = "GET .*/messages \\{(?!.*internetMessageHeaders).*parentFolderId";
    private static final String MESSAGE = "GET .*/messages/[^/]+ \\{.*internetMessageHeaders";
    private static final MailQuery ALL =
            MailQuery.in("INBOX").limit(200).bodies(false).build();

    private final MailRig rig = new MailRig();
    private MailReader reader;

    @BeforeEach
    void open() {
        rig.server.graph().with(GraphTrait.usual());
        rig.server.makeFolder(MailRig.USER, "Done");
        reader = rig.graphReader();
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private void put(String subject, Instant received) {
        String raw = "From: ann@example.com\r\nSubject: " + subject + "\r\n\r\nThe body.\r\n";
        rig.server.deliver(MailRig.USER, "INBOX", raw.getBytes(StandardCharsets.UTF_8), received, new Flags());
    }

    private void tooLong(String request, int times) {
        String body = " ".repeat(17 << 20);
        for (int i = 0; i < times; i++) {
            rig.server.graph().answer(request, 200, "application/json", body);
        }
    }

    private static List<String> subjects(List<ReceivedMail> mails) {
        return mails.stream().map(ReceivedMail::subject).toList();
    }

    private static List<String> numbered(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "mail " + i).toList();
    }

    private void move(MailId id) {
        try (MailReader other = rig.graphReader()) {
            other.change("INBOX", List.of(id), new MailChange(false, "Done", false));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private long heard(String request) {
        return rig.server.graph().heard().stream()
                .filter(one -> one.matches(request + ".*"))
                .count();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void readsEachMessageOnceWhateverArrivesOrLeavesMeanwhile(boolean newestFirst) throws Exception {
        MailQuery query = ALL.toBuilder().newestFirst(newestFirst).build();
        for (int i = 0; i < 120; i++) {
            put("mail " + i, NOON.plusSeconds(i));
        }
        MailId first =
                reader.read(query.toBuilder().limit(1).build(), null).get(0).id();
        tooLong(PAGE, 3);
        rig.server.graph().meanwhile(BRIEF_PAGE, () -> {
            put("another", NOON.plusSeconds(newestFirst ? 500 : -500));
            move(first);
        });
        List<String> expected = new ArrayList<>(newestFirst ? numbered(0, 119) : numbered(1, 120));
        if (newestFirst) {
            Collections.reverse(expected);
        }
        assertEquals(expected, subjects(reader.read(query, null)));
        assertEquals(3, heard(BRIEF_PAGE));
    }

    /** Where only the server's own link continues. */
    @Test
    void readsEachMessageOfASecond() throws Exception {
        for (int i = 0; i < 120; i++) {
            put("mail " + i, NOON);
        }
        tooLong(PAGE, 1);
        List<String> read = subjects(reader.read(ALL, null));
        assertEquals(
                numbered(0, 120).stream().sorted().toList(),
                read.stream().sorted().toList());
    }

    @Test
    void readsEachMessageOfASecondWhoseLaterPageIsTooLong() throws Exception {
        for (int i = 0; i < 120; i++) {
            put("mail " + i, NOON);
        }
        tooLong(PAGE.replace("\\{", "\\{(?=.*skip=50)"), 1);
        List<String> read = subjects(reader.read(ALL, null));
        assertEquals(
                numbered(0, 120).stream().sorted().toList(),
                read.stream().sorted().toList());
        assertTrue(heard(BRIEF_PAGE) > 0);
    }

    @Test
    void fetchesNothingThatIsNotNeeded() throws Exception {
        for (int i = 0; i < 120; i++) {
            put("mail " + i, NOON.plusSeconds(i));
        }
        tooLong(PAGE, 1);
        MailQuery query = ALL.toBuilder().subject("mail").limit(2).build();
        assertEquals(List.of("mail 119", "mail 118"), subjects(reader.read(query, null)));
        assertEquals(2, heard(MESSAGE));
    }

    /** A header that is too long even alone is read with the message. */
    @Test
    void readsAMessageWhoseDescriptionAloneIsTooLong() throws Exception {
        FolderPosition begin = reader.arrivals(ALL, null).position();
        put("one", NOON.plusSeconds(1));
        put("two", NOON.plusSeconds(2));
        MailId id = reader.read(ALL, null).get(0).id();
        tooLong(MESSAGE, 1);
        assertEquals(
                List.of("two"),
                subjects(reader.read(ALL.toBuilder().ids(List.of(id)).build(), null)));
        tooLong(MESSAGE, 1);
        assertEquals(List.of("one", "two"), subjects(reader.arrivals(ALL, begin).mails()));
        try (FolderReader folder = reader.folder("INBOX")) {
            folder.refresh(1);
            tooLong(PAGE, 1);
            tooLong(MESSAGE, 2);
            MailQuery none = ALL.toBuilder().subject("wanted").build();
            assertEquals(List.of(), folder.look(none, null, 1).read().problems());
            MailQuery query = ALL.toBuilder().subject("two").build();
            assertEquals(
                    List.of("two"), subjects(folder.look(query, null, 1).read().mails()));
        }
    }

    @Test
    void failsIfEvenTheBriefListIsTooLong() throws Exception {
        put("one", NOON);
        tooLong(PAGE, 1);
        tooLong(BRIEF_PAGE, 1);
        MailFailure failure = assertThrows(MailFailure.class, () -> reader.read(ALL, null));
        assertTrue(failure.getMessage().contains("more than 16 MB"), failure.getMessage());
    }
}
