package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.MailChange;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.testing.mail.ByImapAndSmtp;
import io.jenkins.plugins.oauthmail.testing.mail.OnEveryServer;
import jakarta.mail.Flags;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to mails on the server when somebody wants it. */
@OnEveryServer
class MailChangeTest {

    private final MailRig rig = new MailRig();
    private List<MailId> ids;

    @BeforeEach
    void threeMails() throws Exception {
        for (String subject : List.of("one", "two", "three")) {
            rig.server.deliver(MailRig.USER, "Subject: " + subject + "\r\n\r\nb\r\n");
        }
        rig.server.makeFolder(MailRig.USER, "Done");
        ids = rig.reader().read(MailQuery.in("INBOX").newestFirst(false).build(), null).stream()
                .map(ReceivedMail::id)
                .toList();
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private void change(boolean seen, String moveTo, boolean delete, MailId... which) throws Exception {
        rig.reader().change("INBOX", List.of(which), new MailChange(seen, moveTo, delete));
    }

    private List<String> subjects(String folder) throws Exception {
        return rig.reader().read(MailQuery.in(folder).newestFirst(false).build(), null).stream()
                .map(ReceivedMail::subject)
                .toList();
    }

    private void withoutCapability(String name) {
        rig.server.imapTraits().rewrite(line -> line.startsWith("* CAPABILITY") ? line.replace(" " + name, "") : line);
    }

    private boolean heard(String part) {
        return rig.server.imapHeard().stream().anyMatch(line -> line.contains(part));
    }

    @Test
    void marksAsSeen() throws Exception {
        change(true, null, false, ids.get(0), ids.get(2));
        List<Flags> flags = rig.server.flags(MailRig.USER, "INBOX");
        assertEquals(
                List.of(true, false, true),
                flags.stream().map(each -> each.contains(Flags.Flag.SEEN)).toList());
    }

    @Test
    void movesMessages() throws Exception {
        change(true, "Done", false, ids.get(1));
        assertEquals(List.of("one", "three"), subjects("INBOX"));
        assertEquals(List.of("two"), subjects("Done"));
        assertTrue(rig.server.flags(MailRig.USER, "Done").get(0).contains(Flags.Flag.SEEN));
        assertEquals(rig.speaksImapAndSmtp(), heard("UID MOVE"));
    }

    @Test
    void movesMessagesWithoutTheMoveExtension() throws Exception {
        rig.server.deliver(
                MailRig.USER,
                "INBOX",
                "Subject: marked by somebody\r\n\r\nb".getBytes(StandardCharsets.US_ASCII),
                Instant.now(),
                new Flags(Flags.Flag.DELETED));
        withoutCapability("MOVE");
        change(false, "Done", false, ids.get(1));
        assertFalse(heard("UID MOVE"));
        assertEquals(List.of("two"), subjects("Done"));
        assertEquals(List.of("one", "three", "marked by somebody"), subjects("INBOX"));
    }

    @Test
    void deletesMessages() throws Exception {
        change(false, null, true, ids.get(0), ids.get(1));
        assertEquals(List.of("three"), subjects("INBOX"));
        assertEquals(List.of(), subjects("Done"));
    }

    @ByImapAndSmtp
    @Test
    void expungesNothingWithoutUidPlus() throws Exception {
        withoutCapability("UIDPLUS");
        change(false, null, true, ids.get(0));
        assertFalse(heard("EXPUNGE"));
        assertTrue(rig.server.flags(MailRig.USER, "INBOX").get(0).contains(Flags.Flag.DELETED));
    }

    @ByImapAndSmtp
    @Test
    void reportsAMissingFolderAndLosesNothing() throws Exception {
        MailFailure failure = assertThrows(MailFailure.class, () -> change(false, "Dona", false, ids.get(0)));
        assertEquals(Layer.FOLDER, failure.layer());
        assertTrue(failure.getMessage().contains("did you mean \"Done\"?"), failure.getMessage());
        assertEquals(3, subjects("INBOX").size());
        withoutCapability("MOVE");
        assertThrows(MailFailure.class, () -> change(false, "Dona", false, ids.get(0)));
        assertEquals(3, subjects("INBOX").size());
    }

    @Test
    void ignoresIdsOfAnotherUidValidity() throws Exception {
        assertThrows(MailFailure.class, () -> change(false, null, true, new MailId("1:1")));
        assertEquals(3, subjects("INBOX").size());
    }

    @Test
    void skipsMissingMessages() throws Exception {
        change(false, null, true, ids.get(0));
        change(true, null, false, ids.get(0), ids.get(1));
        assertTrue(rig.server.flags(MailRig.USER, "INBOX").get(0).contains(Flags.Flag.SEEN));
    }

    @Test
    void doesNotConnectIfThereIsNothingToDo() throws Exception {
        int before = rig.server.imapConnections();
        change(false, null, false, ids.get(0));
        rig.reader().change("INBOX", List.of(), new MailChange(true, null, false));
        assertEquals(before, rig.server.imapConnections());
    }

    @Test
    void moveAndDeleteExcludeEachOther() {
        assertThrows(IllegalArgumentException.class, () -> new MailChange(false, "Done", true));
    }

    private List<MailId> change(MailChange change, MailId... which) throws Exception {
        return rig.reader().change("INBOX", List.of(which), change, sentence -> {});
    }

    @Test
    void reportsMissingMessages() throws Exception {
        change(false, null, true, ids.get(0));
        assertEquals(List.of(ids.get(0)), change(new MailChange(true, null, false), ids.get(0), ids.get(1)));
    }

    @ByImapAndSmtp
    @Test
    void changesNothingAfterRenumbering() {
        rig.server
                .imapScript()
                .reply(
                        "SELECT",
                        "* 3 EXISTS\r\n* OK [UIDVALIDITY 1] valid\r\n* OK [UIDNEXT 9] next\r\nOK [READ-WRITE] done");
        assertThrows(MailFailure.class, () -> change(false, null, true, ids.get(0)));
        assertFalse(heard("STORE"));
    }

    @ByImapAndSmtp
    @ParameterizedTest
    @ValueSource(strings = {"UID STORE", "UID EXPUNGE", "UID SEARCH", "SELECT"})
    void retriesTemporaryFailures(String command) throws Exception {
        rig.server.imapScript().reply(command, "NO Server Unavailable. 15", 1);
        assertEquals(List.of(), change(new MailChange(false, null, true), ids.get(0)));
        assertEquals(List.of("two", "three"), subjects("INBOX"));
        assertEquals(1, rig.time.pauses().size());
    }

    @ByImapAndSmtp
    @ParameterizedTest
    @ValueSource(strings = {"UID MOVE", "UID EXPUNGE"})
    void doesNotTrustOkAlone(String command) throws Exception {
        rig.server.imapScript().reply(command, "OK done");
        boolean move = command.equals("UID MOVE");
        MailFailure failure = assertThrows(
                MailFailure.class,
                () -> change(new MailChange(false, move ? "Done" : null, !move), ids.get(0), ids.get(2)));
        assertTrue(failure.getMessage().contains(":1,3"), failure.getMessage());
        assertEquals(3, rig.server.mails(MailRig.USER, "INBOX").size());
    }

    @ByImapAndSmtp
    @ParameterizedTest
    @ValueSource(
            strings = {
                "NO MOVE failed or partially completed.",
                "NO Some of the requested messages no longer exist.",
                "NO [EXPUNGEISSUED] gone",
            })
    void completesPartialMoves(String answer) throws Exception {
        // Another client takes the first away while the server moves the others.
        rig.server.imapScript().once("UID MOVE", answer, () -> change(false, null, true, ids.get(0)));
        change(new MailChange(false, "Done", false), ids.get(0), ids.get(1));
        assertEquals(List.of("two"), subjects("Done"));
        assertEquals(List.of("three"), subjects("INBOX"));
    }

    @ByImapAndSmtp
    @Test
    void reportsMessagesThatWereNotMoved() throws Exception {
        rig.server.imapScript().reply("UID MOVE", "NO MOVE failed or partially completed.");
        MailFailure failure =
                assertThrows(MailFailure.class, () -> change(new MailChange(false, "Done", false), ids.get(0)));
        assertTrue(failure.getMessage().contains("partially completed"), failure.getMessage());
        assertEquals(3, subjects("INBOX").size());
    }

    @ByImapAndSmtp
    @ParameterizedTest
    @ValueSource(strings = {"OK done", "OK [COPYUID 7  ] done", "OK [COPYUID 7 99 1] done", "OK [COPYUID 7 0 1] done"})
    void doesNotDeleteWithoutConfirmedCopy(String answer) throws Exception {
        withoutCapability("MOVE");
        rig.server.imapScript().reply("UID COPY", answer);
        assertThrows(MailFailure.class, () -> change(new MailChange(false, "Done", false), ids.get(0)));
        assertEquals(3, subjects("INBOX").size());
        assertFalse(heard("STORE"));
    }

    @Test
    void doesNotCopyTwice() throws Exception {
        withoutCapability("MOVE");
        rig.server.imapScript().reply("UID STORE", "NO Server Unavailable. 15", 1);
        change(new MailChange(false, "Done", false), ids.get(0));
        assertEquals(List.of("one"), subjects("Done"));
        assertEquals(List.of("two", "three"), subjects("INBOX"));
    }

    @ByImapAndSmtp
    @Test
    void reportsCopiesOfUnknownOutcome() throws Exception {
        withoutCapability("MOVE");
        rig.server.imapScript().drop("UID COPY");
        MailFailure failure =
                assertThrows(MailFailure.class, () -> change(new MailChange(false, "Done", false), ids.get(0)));
        assertFalse(failure.passing());
        assertTrue(failure.getMessage().contains("may now be in both folders"), failure.getMessage());
        assertEquals(3, subjects("INBOX").size());
    }
}
