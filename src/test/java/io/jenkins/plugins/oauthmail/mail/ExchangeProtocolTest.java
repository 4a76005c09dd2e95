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
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.testing.mail.ExchangeSays;
import io.jenkins.plugins.oauthmail.testing.mail.ExchangeTrait;
import io.jenkins.plugins.oauthmail.testing.mail.OnBothServers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What Exchange does within the standard, but other servers do not. */
@OnBothServers
class ExchangeProtocolTest {
    private static final MailQuery ALL = MailQuery.in("INBOX").build();

    private final MailRig rig = new MailRig();

    @AfterEach
    void stop() {
        rig.close();
    }

    private void put(String subject) {
        rig.server.deliver(MailRig.USER, "From: ann@example.com\r\nSubject: " + subject + "\r\n\r\nbody\r\n");
    }

    private List<ReceivedMail> read() throws Exception {
        return rig.reader().read(ALL, null);
    }

    @Test
    void readsAndMovesAtTheNewerFrontEnd() throws Exception {
        rig.server
                .exchange()
                .with(
                        ExchangeTrait.NEWER_FRONT_END,
                        ExchangeTrait.CAPABILITIES_BEFORE_LOGIN,
                        ExchangeTrait.CAPABILITIES_AFTER_LOGIN);
        rig.server.makeFolder(MailRig.USER, "Done");
        put("one");
        List<ReceivedMail> mails = read();
        assertEquals("one", mails.get(0).subject());
        rig.reader().change("INBOX", List.of(mails.get(0).id()), new MailChange(false, "Done", false));
        assertEquals(1, rig.server.mails(MailRig.USER, "Done").size());
        assertEquals(0, rig.server.mails(MailRig.USER, "INBOX").size());
        assertTrue(
                rig.server.imapHeard().stream().anyMatch(line -> line.contains("UID MOVE")),
                "MOVE is announced only after the login: " + rig.server.imapHeard());
    }

    @Test
    void asksForTheCapabilitiesThatTheGreetingDoesNotHave() throws Exception {
        rig.server.exchange().with(ExchangeTrait.GREETS_WITHOUT_CAPABILITIES);
        read();
        List<String> heard = rig.server.imapHeard();
        assertTrue(heard.get(0).endsWith("CAPABILITY"), heard.get(0));
        assertTrue(heard.get(1).contains("AUTHENTICATE XOAUTH2"), heard.get(1));
    }

    /** Their UIDs do not form ranges, and most of the messages are gone. */
    @Test
    void splitsCommandsThatWouldBeTooLong() throws Exception {
        rig.server.exchange().with(ExchangeTrait.LIMITS_COMMAND_LINES);
        rig.server.makeFolder(MailRig.USER, "Done");
        put("one");
        put("two");
        List<MailId> ids = new ArrayList<>(read().stream().map(ReceivedMail::id).toList());
        String validity = ids.get(0).value().split(":")[0];
        for (int i = 0; i < 3_000; i++) {
            ids.add(new MailId(validity + ":" + (1_000_000_000 + 2 * i)));
        }
        rig.reader().change("INBOX", ids, new MailChange(true, "Done", false));
        assertEquals(2, rig.server.mails(MailRig.USER, "Done").size());
        assertEquals(0, rig.server.mails(MailRig.USER, "INBOX").size());
        int longest =
                rig.server.imapHeard().stream().mapToInt(String::length).max().orElse(0);
        assertTrue(longest <= 10_238, "longest command " + longest);
    }

    /** What could not be read is either reported or read later, and nothing is passed over. */
    @Test
    void losesNothingWhenTooManyFaultyCommandsEndTheConnection() throws Exception {
        FolderPosition position = rig.reader().arrivals(ALL, null).position();
        Set<String> expected = new HashSet<>();
        for (int i = 0; i < 15; i++) {
            expected.add("m" + i);
            put("m" + i);
        }
        rig.server.imapScript().reply("FETCH", ExchangeSays.ARGUMENT_ERROR_12, 9);
        rig.server.imapScript().replyAndDrop("FETCH", "* BYE Connection closed", 1);
        Set<String> seen = new HashSet<>();
        int problems = 0;
        int tries = 0;
        while (seen.size() + problems < expected.size() && tries++ < 30) {
            try {
                Arrivals arrivals = rig.reader().arrivals(ALL, position);
                arrivals.mails().forEach(mail -> seen.add(mail.subject()));
                problems += arrivals.problems().size();
                position = arrivals.position();
            } catch (MailFailure failure) {
                assertTrue(failure.mayPass(), failure.getMessage());
            }
        }
        assertEquals(expected, seen);
        assertEquals(0, problems);
    }

    @Test
    void findsAMessageBeforeItWasAnnounced() throws Exception {
        put("one");
        put("two");
        rig.server.imapScript().once("SEARCH", "* SEARCH 1 2 3\r\nOK SEARCH completed.", () -> put("other"));
        List<ReceivedMail> mails =
                rig.reader().read(MailQuery.in("INBOX").subject("o").build(), null);
        assertTrue(
                mails.stream().map(ReceivedMail::subject).toList().containsAll(List.of("one", "two")),
                mails.toString());
    }

    @Test
    void failsIfAFoundMessageIsNeverAnnounced() throws Exception {
        put("one");
        rig.server.imapScript().reply("SEARCH", "* SEARCH 1 2\r\nOK SEARCH completed.");
        MailFailure failure = assertThrows(MailFailure.class, () -> rig.reader()
                .read(MailQuery.in("INBOX").subject("o").build(), null));
        assertTrue(failure.getMessage().contains("message number \"2\""), failure.getMessage());
    }

    /** The number of messages is reported again after each one that is gone. */
    @Test
    void changesAreCompleteWithCountsBetweenThem() throws Exception {
        rig.server.exchange().with(ExchangeTrait.EXISTS_AFTER_EXPUNGE);
        IntStream.range(0, 6).forEach(i -> put("m" + i));
        List<MailId> ids = read().stream().limit(3).map(ReceivedMail::id).toList();
        rig.reader().change("INBOX", ids, new MailChange(false, null, true));
        List<ReceivedMail> left = read();
        assertEquals(3, left.size());
        assertFalse(left.stream().anyMatch(mail -> ids.contains(mail.id())));
    }
}
