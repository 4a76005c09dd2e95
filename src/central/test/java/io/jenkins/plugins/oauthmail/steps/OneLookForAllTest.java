package io.jenkins.plugins.oauthmail.steps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.inmemory.InMemoryStepContext;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.testing.ManyWaits;
import io.jenkins.plugins.oauthmail.testing.mail.OnEveryServer;
import io.jenkins.plugins.oauthmail.testing.mail.ServerKind;
import jakarta.mail.Flags;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However many wait, the mail server is asked for one. */
@OnEveryServer
@Timeout(value = 100, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OneLookForAllTest {
    private static final int MANY = 500;
    private static final int SOME = 60;
    private static final int MAX_COMMANDS = 12;
    private static final String SINCE = Instant.now().minusSeconds(7200).toString();

    private JenkinsRig rig;
    private ManyWaits waits;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
        waits = new ManyWaits(rig, "demo/pipeline");
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
    }

    @AfterEach
    void close() throws Exception {
        waits.close();
        rig.close();
    }

    private void deliver(byte[] mail, Flags flags) {
        rig.mail().deliver(JenkinsRig.ADDRESS, "INBOX", mail, Instant.now(), flags);
    }

    private void deliver(String subject) {
        deliver(ManyWaits.mail(subject), new Flags());
    }

    /** What may be waited for, apart from the subject. */
    private static Map<String, Object> condition(String kind, int number) {
        String subject = "build " + number + " is";
        return switch (kind) {
            case "subject" -> Map.of("subject", subject);
            case "unseen" -> Map.of("subject", subject, "unseen", true);
            case "text" -> Map.of("text", "of build " + number + " is");
            case "from" -> Map.of("subject", subject, "from", "ann@contoso.test", "since", SINCE);
            case "two" -> Map.of("subject", subject, "count", 2);
            default -> throw new IllegalArgumentException(kind);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"subject", "unseen", "text", "from"})
    void fetchesAMessageForOneOfFiveHundredOnce(String kind) throws Exception {
        deliver("an old one");
        List<InMemoryStepContext> builds = new ArrayList<>();
        int count = kind.equals("subject") ? MANY : SOME;
        for (int i = 0; i < count; i++) {
            builds.add(waits.start(condition(kind, i)));
        }
        waits.settle();
        deliver("build 37 is done");
        List<?> mails = (List<?>) builds.get(37).result();
        assertEquals("build 37 is done", ((Map<?, ?>) mails.get(0)).get("subject"));
        assertEquals(
                "The body of build 37 is done.",
                ((Map<?, ?>) mails.get(0)).get("text").toString().strip());
        assertCheap(1);
    }

    private void assertCheap(int done) throws Exception {
        waits.awaitAll();
        assertEquals(done, waits.done());
        assertTrue(waits.connections() <= 1, () -> waits.connections() + " connections");
        assertTrue(waits.commands().size() <= MAX_COMMANDS, () -> String.join("\n", waits.commands()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"subject", "unseen", "text", "from", "two"})
    void messageForNobodyCostsTheSame(String kind) throws Exception {
        deliver("an old one");
        for (int i = 0; i < SOME; i++) {
            waits.start(condition(kind, i));
        }
        waits.settle();
        deliver("for nobody");
        assertCheap(0);
    }

    @Test
    void fetchesAMessageForAllOnce() throws Exception {
        deliver("an old one");
        for (int i = 0; i < SOME; i++) {
            waits.start(Map.of("subject", "all", "headers", "X-Number" + i % 3));
        }
        waits.settle();
        deliver("for all");
        waits.awaitAll();
        assertEquals(SOME, waits.done());
        assertTrue(waits.connections() <= 1, () -> waits.connections() + " connections");
        assertTrue(waits.commands().size() <= MAX_COMMANDS + 3, () -> String.join("\n", waits.commands()));
    }

    @Test
    void onlyTheStepThatWaitsForTwoSearchesAgain() throws Exception {
        deliver("an old one");
        List<InMemoryStepContext> builds = new ArrayList<>();
        for (int i = 0; i < SOME; i++) {
            builds.add(waits.start(condition("two", i)));
        }
        waits.settle();
        deliver("build 7 is about to begin");
        waits.awaitAll();
        waits.settle();
        deliver("build 7 is done");
        assertEquals(2, ((List<?>) builds.get(7).result()).size());
        assertCheap(1);
    }

    @Test
    void startsFiveHundredOverOneConnection() throws Exception {
        for (int i = 0; i < 1000; i++) {
            deliver(ManyWaits.mail("mail " + i + " is here"), i % 2 == 0 ? new Flags() : new Flags(Flags.Flag.SEEN));
        }
        int before = rig.mail().imapConnections();
        List<InMemoryStepContext> found = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            waits.start(condition(i % 2 == 0 ? "subject" : "unseen", i));
        }
        found.add(waits.start(Map.of("subject", "mail 4 is")));
        found.add(waits.start(Map.of("subject", "mail 994 is", "unseen", true)));
        found.add(waits.start(Map.of("subject", "mail 997 is")));
        for (InMemoryStepContext one : found) {
            assertEquals(1, ((List<?>) one.result()).size());
        }
        waits.settle();
        int connections = rig.mail().imapConnections() - before;
        assertTrue(connections <= 3, () -> connections + " connections");
        assertEquals(3, waits.done());
    }

    /** A mail that is marked as not seen again is new to those who wait for such mail. */
    @Test
    void findsAMessageMarkedAsUnseenAgain() throws Exception {
        deliver(ManyWaits.mail("build 3 is done"), new Flags(Flags.Flag.SEEN));
        List<InMemoryStepContext> builds = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            builds.add(waits.start(condition("unseen", i)));
        }
        waits.settle();
        rig.mail().unsee(JenkinsRig.ADDRESS, "INBOX", 0);
        deliver("for nobody");
        assertEquals(1, ((List<?>) builds.get(3).result()).size());
        waits.awaitAll();
        assertEquals(1, waits.done());
    }

    @Test
    void retriesIfTheConnectionIsLostDuringACheck() throws Exception {
        deliver("an old one");
        List<InMemoryStepContext> builds = new ArrayList<>();
        for (int i = 0; i < SOME; i++) {
            builds.add(waits.start(condition("subject", i)));
        }
        waits.settle();
        if (rig.mail().kind() == ServerKind.GRAPH) {
            rig.mail().graph().refuse("\\$value", 1, 502, "BadGateway", "The connection was lost.");
        } else {
            rig.mail().imapScript().drop("FETCH", 1);
        }
        deliver("build 37 is done");
        assertEquals(1, ((List<?>) builds.get(37).result()).size());
        waits.awaitAll();
        assertEquals(1, waits.done());
        assertTrue(waits.connections() <= 2, () -> waits.connections() + " connections");
    }
}
