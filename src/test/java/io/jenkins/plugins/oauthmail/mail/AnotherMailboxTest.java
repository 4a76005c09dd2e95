package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.Arrivals;
import io.jenkins.plugins.oauthmail.mail.model.FolderCheckpoint;
import io.jenkins.plugins.oauthmail.mail.model.FolderLook;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.MailChange;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.testing.mail.ByImapAndSmtp;
import io.jenkins.plugins.oauthmail.testing.mail.OnEveryServer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What was kept about the messages of one mailbox is worth nothing for another, although servers number the messages of
 * all mailboxes alike.
 */
@OnEveryServer
class AnotherMailboxTest {
    private static final String OTHER = "other@example.com";

    private final MailRig rig = new MailRig();
    private MailReader before;
    private MailReader after;

    @BeforeEach
    void open() {
        rig.server.accept(OTHER, MailRig.SHORT);
        before = rig.reader();
        after = rig.reader(OTHER);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private void put(String user, String... subjects) {
        for (String subject : subjects) {
            rig.server.deliver(user, "From: ann@example.com\r\nSubject: " + subject + "\r\n\r\nbody\r\n");
        }
    }

    private static Arrivals arrivals(MailReader reader, FolderPosition position) throws Exception {
        return reader.arrivals(MailQuery.inbox(), position);
    }

    private static List<MailId> ids(MailReader reader) throws Exception {
        return reader.read(MailQuery.in("INBOX").newestFirst(false).build(), null).stream()
                .map(ReceivedMail::id)
                .toList();
    }

    private static List<String> subjects(List<ReceivedMail> mails) {
        return mails.stream().map(ReceivedMail::subject).toList();
    }

    /** As an earlier version wrote it. */
    private static String earlier(String value) {
        return value.replaceFirst("^(\\d+)-[0-9a-f]{8}:", "$1:")
                .replaceFirst("^(graph:\\S+ \\d+)-[0-9a-f]{8}-\\d+(-r)? ", "$1 ")
                .replaceFirst("^graph:[0-9a-f]{8}:", "graph:");
    }

    @Test
    void oldMailIsNotNew() throws Exception {
        put(MailRig.USER, "one");
        put(OTHER, "old", "older", "oldest");
        FolderPosition position = arrivals(before, null).position();
        Arrivals first = arrivals(after, position);
        assertEquals(List.of(), first.mails());
        assertTrue(first.renumbered());
        put(OTHER, "new");
        assertEquals(List.of("new"), subjects(arrivals(after, first.position()).mails()));
    }

    @Test
    void newMailIsNotMissed() throws Exception {
        put(MailRig.USER, "one", "two", "three");
        FolderPosition position = arrivals(before, null).position();
        Arrivals first = arrivals(after, position);
        assertTrue(first.renumbered());
        put(OTHER, "new");
        assertEquals(List.of("new"), subjects(arrivals(after, first.position()).mails()));
    }

    @Test
    void alsoNotInSharedReading() throws Exception {
        put(MailRig.USER, "one");
        put(OTHER, "old", "older");
        FolderPosition position = arrivals(before, null).position();
        try (FolderReader folder = after.folder("INBOX")) {
            folder.refresh(1);
            Arrivals first = folder.arrivals(MailQuery.inbox(), position, id -> true);
            assertEquals(List.of(), first.mails());
            assertTrue(first.renumbered());
        }
    }

    @Test
    void aServerOfItsOwnHasOtherMailboxes() throws Exception {
        put(MailRig.USER, "one");
        FolderPosition position = arrivals(before, null).position();
        List<MailId> ids = ids(before);
        try (MailRig elsewhere = new MailRig()) {
            MailReader there = elsewhere.reader();
            elsewhere.server.deliver(MailRig.USER, "Subject: old\r\n\r\nb\r\n");
            elsewhere.server.deliver(MailRig.USER, "Subject: older\r\n\r\nb\r\n");
            Arrivals first = arrivals(there, position);
            assertEquals(List.of(), first.mails());
            assertTrue(first.renumbered());
            assertThrows(MailFailure.class, () -> there.change("INBOX", ids, new MailChange(false, null, true)));
            assertEquals(2, ids(there).size());
        }
    }

    @Test
    void deletesNothingThere() throws Exception {
        put(MailRig.USER, "one");
        put(OTHER, "another");
        List<MailId> ids = ids(before);
        MailFailure failure =
                assertThrows(MailFailure.class, () -> after.change("INBOX", ids, new MailChange(false, null, true)));
        assertTrue(failure.getMessage().contains("another mailbox"), failure.getMessage());
        assertEquals(1, ids(after).size());
        assertEquals(1, ids(before).size());
    }

    @Test
    void readsNothingThere() throws Exception {
        put(MailRig.USER, "one");
        put(OTHER, "another");
        List<MailId> ids = ids(before);
        MailFailure failure = assertThrows(
                MailFailure.class,
                () -> after.read(MailQuery.in("INBOX").ids(ids).build(), null));
        assertTrue(failure.getMessage().contains("another mailbox"), failure.getMessage());
    }

    @Test
    void addressesAreComparedWithoutCase() throws Exception {
        put(MailRig.USER, "one");
        FolderPosition position = arrivals(before, null).position();
        rig.server.accept("BUILD@example.com", MailRig.SHORT);
        assertFalse(arrivals(rig.reader("BUILD@example.com"), position).renumbered());
    }

    @ByImapAndSmtp
    @Test
    void waitsForAllOfItsMail() throws Exception {
        put(MailRig.USER, "one", "two");
        put(OTHER, "deploy", "lunch");
        MailQuery query = MailQuery.in("INBOX").subject("deploy").build();
        FolderCheckpoint checkpoint;
        try (FolderReader folder = before.folder("INBOX")) {
            folder.refresh(1);
            checkpoint = folder.look(query, null, 1).checkpoint();
        }
        try (FolderReader folder = after.folder("INBOX")) {
            folder.refresh(1);
            FolderLook look = folder.look(query, checkpoint, 1);
            assertEquals(List.of("deploy"), subjects(look.read().mails()));
        }
    }

    /** Graph replaces the link of a position that an earlier version kept. */
    private static String withoutLink(FolderPosition position) {
        return position.value().replaceFirst("^(graph:\\S+) \\d+-([0-9a-f]{8})-.*", "$1 $2");
    }

    @Test
    void whatEarlierVersionsKeptStaysGood() throws Exception {
        put(MailRig.USER, "one");
        FolderPosition now = arrivals(before, null).position();
        FolderPosition old = new FolderPosition(earlier(now.value()));
        assertNotEquals(now, old);
        Arrivals nothing = arrivals(before, old);
        assertFalse(nothing.renumbered());
        assertEquals(withoutLink(now), withoutLink(nothing.position()), "still not of this mailbox only");
        put(MailRig.USER, "two");
        assertEquals(List.of("two"), subjects(arrivals(before, old).mails()));
        List<MailId> ids =
                ids(before).stream().map(id -> new MailId(earlier(id.value()))).toList();
        assertNotEquals(ids, ids(before));
        assertEquals(
                List.of("two", "one"),
                subjects(before.read(MailQuery.in("INBOX").ids(ids).build(), null)));
        before.change("INBOX", ids.subList(0, 1), new MailChange(false, null, true));
        assertEquals(
                ids.subList(0, 1),
                before.change("INBOX", ids, new MailChange(true, null, false)),
                "not the ids it was asked for");
        assertEquals(1, ids(before).size());
    }

    /** The folder was made anew, or the mailbox was restored, with the same UIDVALIDITY. */
    @ByImapAndSmtp
    @Test
    void aPositionBehindAllThatMayExistIsUnknown() throws Exception {
        put(MailRig.USER, "one", "two");
        FolderPosition position = arrivals(before, null).position();
        Arrivals first = arrivals(before, new FolderPosition(position.value().replaceFirst(":2$", ":3")));
        assertTrue(first.renumbered());
        assertEquals(position, first.position());
        assertFalse(arrivals(before, position).renumbered());
    }
}
