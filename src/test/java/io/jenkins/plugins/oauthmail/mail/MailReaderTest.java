package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.MailAddress;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.testing.mail.ByImapAndSmtp;
import io.jenkins.plugins.oauthmail.testing.mail.ExchangeSays;
import io.jenkins.plugins.oauthmail.testing.mail.OnEveryServer;
import io.jenkins.plugins.oauthmail.testing.mail.ServerKind;
import jakarta.mail.Flags;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which mails are read, in which order, at which price. */
@OnEveryServer
class MailReaderTest {

    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");

    private final MailRig rig = new MailRig();

    @AfterEach
    void stop() {
        rig.close();
    }

    private void put(String subject, String from, Instant received, Flags flags) {
        String raw = "From: " + from + "\r\nSubject: " + subject + "\r\n\r\n" + subject + "\r\n";
        rig.server.deliver(MailRig.USER, "INBOX", raw.getBytes(StandardCharsets.UTF_8), received, flags);
    }

    private List<String> subjects(MailQuery query) throws Exception {
        return rig.reader().read(query, null).stream()
                .map(ReceivedMail::subject)
                .collect(Collectors.toList());
    }

    private static MailQuery query(boolean unseen, String from, String subject, Instant since, int limit) {
        return Query.of("INBOX", unseen, from, subject, since, limit);
    }

    @Test
    void returnsNothingFromAnEmptyFolder() throws Exception {
        assertEquals(List.of(), rig.reader().read(MailQuery.inbox(), null));
        assertEquals(List.of(), rig.reader().read(query(true, "x", "y", NOON, 5), null));
    }

    @Test
    void returnsTheNewestFirstUpToTheLimit() throws Exception {
        for (int i = 1; i <= 7; i++) {
            put("mail " + i, "a@example.com", NOON.plusSeconds(i), new Flags());
        }
        assertEquals(List.of("mail 7", "mail 6", "mail 5"), subjects(query(false, null, null, null, 3)));
        assertEquals(7, subjects(MailQuery.inbox()).size());
        assertEquals(List.of("mail 7", "mail 6"), subjects(query(false, null, "mail", null, 2)));
    }

    @Test
    void changesNoFlags() throws Exception {
        put("one", "a@example.com", NOON, new Flags());
        put("two", "a@example.com", NOON, new Flags(Flags.Flag.FLAGGED));
        rig.reader().read(MailQuery.inbox(), (id, name, content) -> null);
        List<Flags> flags = rig.server.flags(MailRig.USER, "INBOX");
        assertFalse(flags.get(0).contains(Flags.Flag.SEEN));
        assertFalse(flags.get(1).contains(Flags.Flag.SEEN));
        assertTrue(flags.get(1).contains(Flags.Flag.FLAGGED));
        String heard = String.join("\n", rig.server.imapHeard());
        assertEquals(rig.speaksImapAndSmtp(), heard.contains("EXAMINE INBOX"), heard);
        assertFalse(heard.matches("(?s).*(SELECT|STORE|EXPUNGE|CLOSE| BODY\\[).*"), heard);
    }

    @Test
    void findsUnseenMessages() throws Exception {
        put("old", "a@example.com", NOON, new Flags(Flags.Flag.SEEN));
        put("new", "a@example.com", NOON, new Flags());
        assertEquals(List.of("new"), subjects(query(true, null, null, null, 9)));
        assertEquals(
                List.of("\\Seen"),
                rig.reader().read(query(false, null, "old", null, 9), null).get(0).flags().stream()
                        .filter(flag -> !flag.equals("\\Recent"))
                        .collect(Collectors.toList()));
    }

    @Test
    void findsSendersByNameAndAddress() throws Exception {
        put("by name", "Ann Other <x@example.com>", NOON, new Flags());
        put("by address", "Somebody <ann@example.org>", NOON, new Flags());
        put("neither", "bob@example.com", NOON, new Flags());
        assertEquals(List.of("by address", "by name"), subjects(query(false, "ANN", null, null, 9)));
        assertEquals(
                rig.speaksImapAndSmtp(),
                rig.server.imapHeard().stream()
                        .anyMatch(line -> line.contains("SEARCH OR FROM ANN OR HEADER FROM ANN NOT HEADER FROM @")),
                rig.server.imapHeard().toString());
    }

    @Test
    void findsSubjectsWithAnyCharacters() throws Exception {
        put("Build ok", "a@example.com", NOON, new Flags());
        put("=?UTF-8?Q?Freigabe_f=C3=BCr_7?=", "a@example.com", NOON, new Flags());
        assertEquals(List.of("Build ok"), subjects(query(false, null, "BUILD", null, 9)));
        assertEquals(List.of("Freigabe für 7"), subjects(query(false, null, "für", null, 9)));
        // Exchange has US-ASCII only.
        assertEquals(
                rig.server.kind() == ServerKind.PLAIN,
                rig.server.imapHeard().stream().anyMatch(line -> line.contains("SEARCH CHARSET UTF-8 SUBJECT {")),
                rig.server.imapHeard().toString());
    }

    @Test
    void searchTextCannotInjectCommands() throws Exception {
        put("harmless", "a@example.com", NOON, new Flags());
        assertEquals(List.of(), subjects(query(false, "x\" ALL \\", "\"}{3}", null, 9)));
        assertThrows(IllegalArgumentException.class, () -> query(false, "x\r\nA1 DELETE INBOX", null, null, 9));
    }

    @Test
    void sinceIsExactAlthoughServersCompareDays() throws Exception {
        put("yesterday", "a@example.com", NOON.minusSeconds(86_400), new Flags());
        put("a minute before", "a@example.com", NOON.minusSeconds(60), new Flags());
        put("noon", "a@example.com", NOON, new Flags());
        put("after", "a@example.com", NOON.plusSeconds(60), new Flags());
        assertEquals(List.of("after", "noon"), subjects(query(false, null, null, NOON, 9)));
        List<String> heard = rig.server.imapHeard();
        boolean imap = rig.speaksImapAndSmtp();
        assertEquals(imap, heard.stream().anyMatch(line -> line.contains("SINCE 9-Mar-2026")), heard.toString());
        assertEquals(
                imap ? 2 : 0,
                heard.stream().filter(line -> line.contains("FETCH")).count(),
                heard.toString());
    }

    @Test
    void sinceIsExactForMessagesMovedInLater() throws Exception {
        put("noon", "a@example.com", NOON, new Flags());
        put("after", "a@example.com", NOON.plusSeconds(60), new Flags());
        put("moved here later", "a@example.com", NOON.minusSeconds(60), new Flags());
        assertEquals(List.of("after", "noon"), subjects(query(false, null, null, NOON, 2)));
    }

    @ByImapAndSmtp
    @Test
    void readsManyMessagesInFewRoundTrips() throws Exception {
        for (int i = 1; i <= 30; i++) {
            put("mail " + i, "a@example.com", NOON, i % 2 == 0 ? new Flags() : new Flags(Flags.Flag.SEEN));
        }
        assertEquals(15, subjects(query(true, null, "mail", null, 1000)).size());
        List<String> commands =
                rig.server.imapHeard().stream().map(line -> line.split(" ")[1]).collect(Collectors.toList());
        assertEquals(
                List.of("CAPABILITY", "AUTHENTICATE", "EXAMINE", "SEARCH", "FETCH", "FETCH"), commands.subList(0, 6));
        assertFalse(commands.subList(6, commands.size()).contains("FETCH"), commands.toString());
    }

    @Test
    void doesNotSearchWithoutConditions() throws Exception {
        put("one", "a@example.com", NOON, new Flags());
        subjects(MailQuery.inbox());
        assertFalse(rig.server.imapHeard().stream().anyMatch(line -> line.contains("SEARCH")));
    }

    @Test
    void decodesAndParsesHeaders() throws Exception {
        rig.server.deliver(
                MailRig.USER,
                "INBOX",
                ("Message-ID: <m1@example.com>\r\nIn-Reply-To: <a@x> (your mail)\r\nReferences: <a@x>\r\n <b@y>\r\n"
                                + "From: =?UTF-8?B?SsO8cmc=?= <j@example.com>\r\n"
                                + "To: \"A, B\" <ab@example.com>, Team: c@example.com, d@example.com;\r\n"
                                + "Cc: undisclosed-recipients:;\r\nReply-To: r@example.com\r\n"
                                + "Subject: =?UTF-8?Q?one=0D=0ABcc:_two?=\r\n three\r\n"
                                + "Date: Tue, 10 Mar 2026 10:00:00 +0100\r\n\r\nhi\r\n")
                        .getBytes(StandardCharsets.US_ASCII),
                NOON,
                new Flags());
        ReceivedMail mail = rig.reader().read(MailQuery.inbox(), null).get(0);
        assertTrue(mail.id().value().matches("\\d+-\\p{XDigit}{8}:\\d+|graph:\\S+"), mail.id()::toString);
        assertEquals("<m1@example.com>", mail.messageId());
        assertEquals("<a@x>", mail.inReplyTo());
        assertEquals(List.of("<a@x>", "<b@y>"), mail.references());
        assertEquals(List.of(new MailAddress("Jürg", "j@example.com")), mail.from());
        assertEquals(
                List.of(
                        new MailAddress("A, B", "ab@example.com"),
                        new MailAddress(null, "c@example.com"),
                        new MailAddress(null, "d@example.com")),
                mail.to());
        assertEquals(List.of(), mail.cc());
        assertEquals(List.of(new MailAddress(null, "r@example.com")), mail.replyTo());
        assertEquals("one Bcc: two three", mail.subject());
        assertEquals(Instant.parse("2026-03-10T09:00:00Z"), mail.sent());
        assertEquals(NOON, mail.received());
        assertEquals("hi", mail.text().trim());
        assertNull(mail.html());
    }

    @Test
    void readsAnEmptyMessage() throws Exception {
        rig.server.deliver(MailRig.USER, "From: @@ <<broken\r\nDate: someday\r\nSubject:\r\n\r\n");
        ReceivedMail mail = rig.reader().read(MailQuery.inbox(), null).get(0);
        assertEquals("", mail.subject());
        assertNull(mail.sent());
        assertNull(mail.messageId());
        assertEquals(1, mail.from().size());
        assertEquals(List.of(), mail.to());
    }

    @Test
    void idIsStable() throws Exception {
        put("one", "a@example.com", NOON, new Flags());
        MailId id = rig.reader().read(MailQuery.inbox(), null).get(0).id();
        put("two", "a@example.com", NOON, new Flags());
        List<ReceivedMail> mails = rig.reader().read(MailQuery.inbox(), null);
        assertEquals(id, mails.get(1).id());
        assertFalse(id.equals(mails.get(0).id()));
    }

    @Test
    void readsOtherFoldersByFullName() throws Exception {
        rig.server.deliver(
                MailRig.USER, "Alerts", "Subject: s\r\n\r\nt".getBytes(StandardCharsets.US_ASCII), NOON, new Flags());
        assertEquals(
                "s",
                rig.reader()
                        .read(Query.of("Alerts", false, null, null, null, 1), null)
                        .get(0)
                        .subject());
    }

    @ByImapAndSmtp
    @ParameterizedTest
    @ValueSource(strings = {"Alert", "my alerts", "Inbox/Alerts", "Alrets", "INBOX.Alerts"})
    void suggestsSimilarFoldersForAMissingOne(String wanted) {
        rig.server.makeFolder(MailRig.USER, "Alerts");
        rig.server.makeFolder(MailRig.USER, "Archive");
        MailFailure failure = assertThrows(
                MailFailure.class, () -> rig.reader().read(Query.of(wanted, false, null, null, null, 1), null));
        assertEquals(Layer.FOLDER, failure.layer());
        assertTrue(failure.getMessage().contains("has no folder \"" + wanted + "\""), failure.getMessage());
        assertTrue(failure.getMessage().contains("\"Alerts\""), failure.getMessage());
        assertFalse(failure.getMessage().contains("Archive"), failure.getMessage());
    }

    @ByImapAndSmtp
    @Test
    void listsFoldersIfNoneIsSimilar() {
        rig.server.makeFolder(MailRig.USER, "Alerts");
        MailFailure failure = assertThrows(
                MailFailure.class, () -> rig.reader().read(Query.of("Rechnungen", false, null, null, null, 1), null));
        assertTrue(
                failure.getMessage().contains("its folders are \"INBOX\", \"Alerts\"")
                        || failure.getMessage().contains("its folders are \"Alerts\", \"INBOX\""),
                failure.getMessage());
    }

    @ByImapAndSmtp
    @Test
    void reportsAFolderThatCannotBeOpened() {
        rig.server.imapScript().reply("EXAMINE", "NO [NOPERM] Permission denied");
        MailFailure failure = assertThrows(MailFailure.class, () -> rig.reader().read(MailQuery.inbox(), null));
        assertEquals(Layer.FOLDER, failure.layer());
        assertTrue(failure.getMessage().contains("[NOPERM] Permission denied"), failure.getMessage());
    }

    @ByImapAndSmtp
    @Test
    void reportsALostConnection() {
        put("one", "a@example.com", NOON, new Flags());
        rig.server.imapScript().drop("FETCH");
        MailFailure failure = assertThrows(MailFailure.class, () -> rig.reader().read(MailQuery.inbox(), null));
        assertEquals(Layer.CONNECT, failure.layer(), failure.getMessage());
        assertTrue(failure.getMessage().contains("lost while reading"), failure.getMessage());
    }

    @ByImapAndSmtp
    @ParameterizedTest
    @ValueSource(
            strings = {ExchangeSays.US_ASCII_ONLY, ExchangeSays.ARGUMENT_ERROR_11, "NO I do not know that charset"})
    void searchesAsciiWordsOnAnAsciiOnlyServer(String answer) throws Exception {
        put("=?UTF-8?Q?Gr=C3=BC=C3=9Fe_aus_Berlin?=", "a@example.com", NOON, new Flags());
        put("=?UTF-8?Q?Gru=CC=88=C3=9Fe_aus_Berlin?=", "a@example.com", NOON, new Flags());
        put("Greetings aus Berlin", "a@example.com", NOON, new Flags());
        put("Else", "a@example.com", NOON, new Flags());
        rig.server.imapScript().reply("SEARCH CHARSET", answer);
        assertEquals(2, subjects(query(false, null, "grüße aus", null, 9)).size());
        assertTrue(
                rig.server.imapHeard().stream().anyMatch(line -> line.endsWith("SEARCH SUBJECT aus")),
                rig.server.imapHeard().toString());
        assertEquals(2, subjects(query(false, null, "grüße", null, 9)).size());
    }

    @ByImapAndSmtp
    @Test
    void reportsARejectedSearch() {
        put("one", "a@example.com", NOON, new Flags());
        rig.server.imapScript().reply("SEARCH", ExchangeSays.ARGUMENT_ERROR_12);
        MailFailure failure =
                assertThrows(MailFailure.class, () -> rig.reader().read(query(false, null, "one", null, 9), null));
        assertEquals(Layer.FOLDER, failure.layer());
        assertTrue(failure.getMessage().contains("Argument Error"), failure.getMessage());
    }
}
