package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.Arrivals;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server does not search for a text, and there are more messages than can be read in time. */
class SlowTextsTest {
    private static final MailQuery QUERY =
            MailQuery.in("INBOX").newestFirst(false).text("wanted").limit(10).build();

    private final MailRig rig = new MailRig();
    private MailReader reader;

    @BeforeEach
    void open() {
        Instant begin = rig.time.now();
        rig.maxReadTime(Duration.ofMinutes(10), () -> Duration.between(begin, rig.time.now())
                .toNanos());
        reader = rig.reader();
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private void deliver(String text) {
        rig.server.deliver(MailRig.USER, "From: ann@example.com\r\nSubject: s\r\n\r\n" + text + "\r\n");
    }

    private Arrivals arrivals(FolderPosition after) throws Exception {
        try (FolderReader folder = reader.folder("INBOX")) {
            folder.refresh(1);
            return folder.arrivals(QUERY, after, id -> false);
        }
    }

    /** The bodies of few messages are fetched for all who read the folder. */
    @ParameterizedTest
    @ValueSource(ints = {18, 30})
    void continuesBehindTheMessagesThatItHasRead(int others) throws Exception {
        FolderPosition begin = arrivals(null).position();
        for (int i = 0; i < others; i++) {
            deliver("other");
        }
        deliver("wanted");
        String all = IntStream.rangeClosed(1, others + 1).mapToObj(i -> " " + i).collect(Collectors.joining());
        rig.server.imapScript().reply("SEARCH", "* SEARCH" + all + "\r\nOK done");
        rig.server.imapTraits().rewrite(line -> {
            if (line.contains("BODY[1]")) {
                rig.time.advance(Duration.ofSeconds(40));
            }
            return line;
        });
        Arrivals some = arrivals(begin);
        assertEquals(0, some.mails().size());
        assertTrue(some.more());
        Arrivals rest = arrivals(some.position());
        while (rest.more()) {
            rest = arrivals(rest.position());
        }
        assertEquals(1, rest.mails().size());
        assertFalse(rest.more());
    }
}
