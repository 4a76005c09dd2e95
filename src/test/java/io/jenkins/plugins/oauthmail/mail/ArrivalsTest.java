package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.Arrivals;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.testing.mail.ByGraph;
import io.jenkins.plugins.oauthmail.testing.mail.ByImapAndSmtp;
import io.jenkins.plugins.oauthmail.testing.mail.OnEveryServer;
import jakarta.mail.Flags;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Mails since the last look: each is seen once, none is missed, and none holds up the others. */
@OnEveryServer
class ArrivalsTest {

    final MailRig rig = new MailRig();

    @AfterEach
    void stop() {
        rig.close();
    }

    private void put(String subject) {
        put(subject, "body");
    }

    private void put(String subject, String body) {
        rig.server.deliver(MailRig.USER, "From: ann@example.com\r\nSubject: " + subject + "\r\n\r\n" + body + "\r\n");
    }

    private static MailQuery.Builder inbox() {
        return MailQuery.in("INBOX");
    }

    private Arrivals look(MailQuery.Builder query, FolderPosition after) throws Exception {
        return look(query, after, id -> true);
    }

    Arrivals look(MailQuery.Builder query, FolderPosition after, Predicate<MailId> skips) throws Exception {
        return rig.reader().arrivals(query.build(), after, skips);
    }

    private static List<String> subjects(Arrivals arrivals) {
        return arrivals.mails().stream().map(ReceivedMail::subject).toList();
    }

    private long searches() {
        return rig.server.imapHeard().stream()
                .filter(line -> line.contains("SEARCH"))
                .count();
    }

    @Test
    void firstCheckReportsNoExistingMessages() throws Exception {
        put("old");
        Arrivals first = look(inbox(), null);
        assertEquals(List.of(), first.mails());
        assertFalse(first.renumbered());
        assertEquals(0, searches());
        Arrivals second = look(inbox(), first.position());
        assertEquals(List.of(), second.mails());
        assertEquals(first.position(), second.position());
        assertEquals(0, searches(), "asked for mails though none had come");
    }

    @Test
    void emptyFolderHasAPosition() throws Exception {
        FolderPosition empty = look(inbox(), null).position();
        put("first");
        assertEquals(List.of("first"), subjects(look(inbox(), empty)));
    }

    @Test
    void reportsEachMessageOnceOldestFirst() throws Exception {
        FolderPosition begin = look(inbox(), null).position();
        put("one");
        put("two");
        put("three");
        Arrivals some = look(inbox().limit(2), begin);
        assertEquals(List.of("one", "two"), subjects(some));
        assertTrue(some.more());
        Arrivals rest = look(inbox().limit(2), some.position());
        assertEquals(List.of("three"), subjects(rest));
        assertFalse(rest.more());
        put("four");
        assertEquals(List.of("four"), subjects(look(inbox(), rest.position())));
        assertTrue(rig.server.flags(MailRig.USER, "INBOX").stream()
                .noneMatch(flags -> flags.contains(jakarta.mail.Flags.Flag.SEEN)));
    }

    @Test
    void doesNotCheckNonMatchingMessagesAgain() throws Exception {
        FolderPosition begin = look(inbox(), null).position();
        put("deploy now");
        put("lunch");
        put("dinner");
        Arrivals fitting = look(inbox().subject("deploy"), begin);
        assertEquals(List.of("deploy now"), subjects(fitting));
        assertFalse(fitting.more());
        long before = searches();
        assertEquals(
                List.of(), look(inbox().subject("deploy"), fitting.position()).mails());
        assertEquals(before, searches());
    }

    @Test
    void reportsNoArrivalsAfterRenumbering() throws Exception {
        put("old");
        FolderPosition here = look(inbox(), null).position();
        Arrivals arrivals = look(inbox(), new FolderPosition("1:0"));
        assertEquals(List.of(), arrivals.mails());
        if (rig.speaksImapAndSmtp()) {
            assertEquals(here, arrivals.position());
        }
        assertTrue(arrivals.renumbered());
    }

    private void put(String subject, Instant received) {
        String raw = "From: ann@example.com\r\nSubject: " + subject + "\r\n\r\nbody\r\n";
        rig.server.deliver(MailRig.USER, "INBOX", raw.getBytes(StandardCharsets.UTF_8), received, new Flags());
    }

    /** For a mailbox that is read by another protocol than before, so that no position of that is known. */
    @Test
    void beginsAtATime() throws Exception {
        Instant time = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(3600);
        put("old", time.minusSeconds(86_400));
        put("an hour before", time.minusSeconds(3600));
        put("one", time);
        put("two", time.plusSeconds(60));
        Arrivals some = look(inbox().limit(1), FolderPosition.since(time));
        assertEquals(List.of("one"), subjects(some));
        assertFalse(some.renumbered());
        assertTrue(some.more());
        Arrivals rest = look(inbox(), some.position());
        assertEquals(List.of("two"), subjects(rest));
        put("three");
        assertEquals(List.of("three"), subjects(look(inbox(), rest.position())));
    }

    /** What was fetched earlier in the same round does not know it. */
    @ByGraph
    @Test
    void keepsTheOrderOfWhatComesMeanwhile() throws Exception {
        Instant time = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        FolderPosition begin = look(inbox(), null).position();
        try (FolderReader folder = rig.reader().folder("INBOX")) {
            put("one", time.plusMillis(100));
            put("two", time.plusMillis(200));
            folder.refresh(500);
            Arrivals some = folder.arrivals(inbox().limit(1).build(), begin, id -> false);
            assertEquals(List.of("one"), subjects(some));
            put("three", time.plusMillis(300));
            assertEquals(
                    List.of("two", "three"), subjects(folder.arrivals(inbox().build(), some.position(), id -> false)));
        }
    }

    /** Whoever restores a mailbox may copy the newest messages first, and one may have a date to come. */
    @Test
    void beginsAtATimeWhateverTheOrderOfTheMessages() throws Exception {
        Instant time = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(3600);
        put("to come", time.plusSeconds(86_400 * 30));
        put("new", time.plusSeconds(60));
        for (int i = 1; i <= 40; i++) {
            put("old " + i, time.minusSeconds(86_400L * i));
        }
        put("same second", time);
        List<String> subjects = new ArrayList<>();
        Arrivals some = look(inbox().limit(2), FolderPosition.since(time.plusMillis(300)));
        subjects.addAll(subjects(some));
        put("moved here", time.minusSeconds(86_400));
        while (some.more()) {
            some = look(inbox().limit(2), some.position());
            subjects.addAll(subjects(some));
        }
        Set<String> expected = new HashSet<>(List.of("to come", "new", "same second"));
        if (rig.speaksImapAndSmtp()) {
            expected.add("moved here");
        }
        assertEquals(expected, new HashSet<>(subjects));
        assertEquals(expected.size(), subjects.size());
    }

    @Test
    void beginsAtATimeSinceWhichNothingHasCome() throws Exception {
        Instant time = Instant.now().minusSeconds(3600);
        Arrivals empty = look(inbox(), FolderPosition.since(time));
        assertEquals(List.of(), empty.mails());
        put("old", time.minusSeconds(60));
        Arrivals none = look(inbox(), FolderPosition.since(time));
        assertEquals(List.of(), none.mails());
        put("new");
        assertEquals(List.of("new"), subjects(look(inbox(), none.position())));
        assertEquals(List.of("new"), subjects(look(inbox(), FolderPosition.since(time))));
    }

    @ByImapAndSmtp
    @Test
    void unreadableMessageDoesNotBlockOthers() throws Exception {
        FolderPosition begin = look(inbox(), null).position();
        rig.breakStructure();
        rig.maxReadBytes(1 << 10);
        put("small");
        put("large", "x".repeat(2 << 10));
        put("small, too");
        Arrivals arrivals = look(inbox(), begin);
        assertEquals(List.of("small", "small, too"), subjects(arrivals));
        assertEquals(1, arrivals.problems().size());
        assertTrue(arrivals.problems().get(0).contains(":2 in INBOX"), arrivals.problems()::toString);
        assertFalse(arrivals.more());
    }

    /** Otherwise what was skipped would be tried again with each try of the next one. */
    @ByImapAndSmtp
    @Test
    void isBehindASkippedMessageIfTheNextOneStopsIt() throws Exception {
        FolderPosition begin = look(inbox(), null).position();
        rig.breakStructure();
        rig.maxReadBytes(1 << 10);
        put("skipped", "x".repeat(2 << 10));
        put("stops", "x".repeat(2 << 10));
        Set<MailId> skipped = new HashSet<>();
        Arrivals arrivals = look(inbox(), begin, id -> skipped.isEmpty() && skipped.add(id) || skipped.contains(id));
        assertEquals(List.of(), arrivals.mails());
        assertEquals(1, arrivals.problems().size());
        assertTrue(arrivals.more());
        List<MailId> next = new ArrayList<>();
        assertThrows(
                MailFailure.class,
                () -> look(inbox(), arrivals.position(), id -> {
                    next.add(id);
                    return false;
                }));
        assertFalse(skipped.contains(next.get(0)), next::toString);
    }

    /** The first position comes from it; without it all mail that is there could count as new. */
    @ByImapAndSmtp
    @Test
    void failsIfTheServerDoesNotReportUidNext() throws Exception {
        put("one");
        FolderPosition one = look(inbox(), null).position();
        rig.server.imapTraits().rewrite(line -> line.contains("UIDNEXT") ? "* OK nothing to say" : line);
        put("two");
        assertThrows(MailFailure.class, () -> look(inbox(), null));
        assertThrows(MailFailure.class, () -> look(inbox(), one));
    }

    @ByImapAndSmtp
    @Test
    void readsTemporarilyUnreadableMessagesLater() throws Exception {
        FolderPosition begin = look(inbox(), null).position();
        put("one");
        put("two");
        put("three");
        rig.server
                .imapScript()
                .reply("FETCH 1:3 (UID", "* 1 FETCH (FLAGS ())\r\nOK done")
                .reply("FETCH 2 (", "OK FETCH completed.");
        Arrivals first = look(inbox(), begin, id -> false);
        assertEquals(List.of("one"), subjects(first));
        assertTrue(first.more());
        rig.server.imapScript().reply("FETCH 2:3 (UID", "* 3 FETCH (FLAGS ())\r\nOK done");
        assertThrows(MailFailure.class, () -> look(inbox(), first.position(), id -> false));
        Arrivals without = rig.reader()
                .arrivals(inbox().build(), first.position(), id -> id.value().endsWith(":2"));
        assertEquals(List.of("three"), subjects(without));
        assertEquals(1, without.problems().size());
        rig.server.imapScript().clear();
        assertEquals(List.of("two", "three"), subjects(look(inbox(), first.position(), id -> false)));
    }
}
