package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.Arrivals;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.testing.mail.GraphTrait;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server takes longer than the ten minutes that a read may take. */
class SlowServerTest {
    private static final MailQuery QUERY =
            MailQuery.in("INBOX").newestFirst(false).subject("wanted").limit(10).build();

    private final MailRig rig = new MailRig();
    private MailReader reader;

    @BeforeEach
    void open() {
        rig.server.graph().with(GraphTrait.usual());
        Instant begin = rig.time.now();
        rig.maxReadTime(Duration.ofMinutes(10), () -> Duration.between(begin, rig.time.now())
                .toNanos());
        reader = rig.graphReader();
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private void put(int count, String subject) {
        String raw = "From: ann@example.com\r\nTo: x@example.com\r\nSubject: " + subject + "\r\n\r\nThe body.\r\n";
        for (int i = 0; i < count; i++) {
            rig.server.deliver(MailRig.USER, raw);
        }
    }

    private Arrivals arrivals(FolderPosition after) throws Exception {
        try (FolderReader folder = reader.folder("INBOX")) {
            folder.refresh(1);
            return folder.arrivals(QUERY, after, id -> false);
        }
    }

    @Test
    void doesNotCountWhatTheServerAskedToWait() throws Exception {
        FolderPosition here = arrivals(null).position();
        put(130, "other");
        put(1, "wanted");
        rig.server.graph().throttleEvery(3, 10);
        Instant begin = rig.time.now();
        assertEquals(1, arrivals(here).mails().size());
        assertTrue(Duration.between(begin, rig.time.now()).toMinutes() >= 10);
    }

    /** Else they would be fetched again and again. */
    @Test
    void returnsWhatItHasReadWhenTheTimeIsOver() throws Exception {
        FolderPosition here = arrivals(null).position();
        put(10, "wanted");
        for (int i = 0; i < 10; i++) {
            rig.server.graph().meanwhile("\\$value", () -> rig.time.advance(Duration.ofSeconds(70)));
        }
        Arrivals first = arrivals(here);
        assertFalse(first.mails().isEmpty());
        assertTrue(first.more());
        Arrivals second = arrivals(first.position());
        assertEquals(10, first.mails().size() + second.mails().size());
    }

    /** With IMAP, too, where a session keeps fewer messages than have come. */
    @ParameterizedTest
    @ValueSource(ints = {10, 30})
    void returnsWhatItHasReadWithImapWhenTheTimeIsOver(int count) throws Exception {
        reader = rig.reader();
        FolderPosition here = arrivals(null).position();
        put(count, "wanted");
        rig.server.imapTraits().rewrite(line -> {
            if (line.contains("BODY[]<0>")) {
                rig.time.advance(Duration.ofSeconds(170));
            }
            return MailRig.unreadable(line);
        });
        int read = 0;
        for (int looks = 0; read < count && looks < count; looks++) {
            Arrivals some = arrivals(here);
            read += some.mails().size();
            here = some.position();
        }
        assertEquals(count, read);
    }

    /** Many messages have come while the controller was down; each is listed by itself. */
    @Test
    void readsWhatItHasListedWhenHalfOfTheTimeIsOver() throws Exception {
        FolderPosition here = arrivals(null).position();
        put(30, "wanted");
        for (int i = 0; i < 200; i++) {
            rig.server
                    .graph()
                    .meanwhile("/messages/(?!delta)[^/]*isRead", () -> rig.time.advance(Duration.ofSeconds(25)));
        }
        int read = 0;
        for (int i = 0; i < 8; i++) {
            Arrivals some = arrivals(here);
            read += some.mails().size();
            here = some.position();
        }
        assertEquals(30, read);
    }

    /** Else nothing that came later would ever be read. */
    @Test
    void skipsAMessageThatTakesLongerThanARead() throws Exception {
        FolderPosition here = arrivals(null).position();
        put(1, "wanted");
        rig.server.graph().meanwhile("\\$value", () -> rig.time.advance(Duration.ofMinutes(11)));
        try (FolderReader folder = reader.folder("INBOX")) {
            folder.refresh(1);
            Arrivals skipped = folder.arrivals(QUERY, here, id -> true);
            assertEquals(1, skipped.problems().size());
            put(1, "wanted too");
            folder.refresh(1);
            assertEquals(
                    "wanted too",
                    folder.arrivals(QUERY, skipped.position(), id -> false)
                            .mails()
                            .get(0)
                            .subject());
        }
    }

    /** A build that waits has read the folder before, or will be told. */
    @Test
    void mayHaveMoreTimeTheNextTime() throws Exception {
        FolderPosition here = arrivals(null).position();
        put(1, "wanted");
        rig.server.graph().meanwhile("\\$value", () -> rig.time.advance(Duration.ofMinutes(11)));
        MailFailure failure = assertThrows(MailFailure.class, () -> arrivals(here));
        assertTrue(failure.mayPass(), failure.getMessage());
        assertEquals(1, arrivals(here).mails().size());
    }
}
