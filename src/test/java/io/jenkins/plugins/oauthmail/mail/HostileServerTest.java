package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.imap.ImapWire;
import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReadResult;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that lie or talk nonsense: they get a sentence, not the controller's memory. */
class HostileServerTest {

    private final MailRig rig = new MailRig();

    @AfterEach
    void stop() {
        rig.close();
    }

    private MailFailure failure(MailQuery query) {
        return failure(query, "localhost:");
    }

    private MailFailure failure(MailQuery query, String named) {
        MailFailure failure = assertThrows(MailFailure.class, () -> rig.reader().read(query, null));
        assertTrue(failure.getMessage().contains(named), failure.getMessage());
        return failure;
    }

    /** Responses that nobody asked for, in lines that do not need more of the test's memory than their length. */
    private static String chatter(int megabytes) {
        return ("* OK " + "x".repeat((64 << 10) - 7) + "\r\n").repeat(megabytes * 16);
    }

    @ParameterizedTest
    @ValueSource(ints = {10_000_001, Integer.MAX_VALUE})
    void rejectsAnImpossibleNumberOfMessages(int claimed) {
        rig.server
                .imapScript()
                .reply("EXAMINE", "* " + claimed + " EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\nOK [READ-ONLY] done");
        for (MailQuery query : new MailQuery[] {MailQuery.inbox(), Query.of("INBOX", true, null, null, null, 5)}) {
            MailFailure failure = failure(query);
            assertEquals(Layer.FOLDER, failure.layer());
            assertTrue(failure.getMessage().contains("contains " + claimed + " messages"), failure.getMessage());
        }
    }

    /** One stranger's mail must not keep the others from being read. */
    @Test
    void fetchesOnlyTheBeginningOfAHugeHeader() throws Exception {
        rig.server.deliver(
                MailRig.USER,
                "Subject: huge\r\nReferences:" + " <aaaaaaaaaa@example.com>\r\n".repeat(100_000)
                        + "From: a@b\r\n\r\nt");
        rig.server.deliver(MailRig.USER, "Subject: next\r\n\r\nt");
        List<ReceivedMail> mails = rig.reader().read(MailQuery.inbox(), null);
        assertEquals(
                List.of("next", "huge"),
                mails.stream().map(ReceivedMail::subject).toList());
        assertEquals(200, mails.get(1).references().size());
        assertTrue(
                rig.server.imapHeard().stream().anyMatch(line -> line.contains(")]<0.262144>")),
                rig.server.imapHeard().toString());
    }

    @Test
    void fetchesOnlyTheLastMessagesOfALargeFolder() throws Exception {
        rig.server
                .imapScript()
                .reply(
                        "EXAMINE",
                        "* 10000000 EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n* OK [UIDNEXT 10000001] next\r\n"
                                + "OK [READ-ONLY] done")
                .reply("FETCH", "OK nothing there");
        failure(Query.of("INBOX", false, null, null, null, 3), "#10000000 in INBOX");
        assertTrue(
                rig.server.imapHeard().stream().anyMatch(line -> line.contains("FETCH 9999998:10000000 (UID ")),
                rig.server.imapHeard().toString());
    }

    @ParameterizedTest
    @ValueSource(ints = {100_000_000, 2_147_483_000, 2_147_483_640, Integer.MAX_VALUE})
    void rejectsAHugeLiteral(int claimed) {
        rig.server.deliver(MailRig.USER, "Subject: s\r\n\r\nt");
        rig.server
                .imapScript()
                .replyAndDrop("FETCH", "* 1 FETCH (UID 1 BODY[HEADER.FIELDS (DATE)] {" + claimed + "}\r\n* abc");
        MailFailure failure = failure(MailQuery.inbox());
        assertEquals(Layer.CONNECT, failure.layer());
        String shown = failure.getMessage().replaceAll("(?s).*one command with (\\d+) bytes.*", "$1");
        assertEquals(claimed, Long.parseLong(shown), 200, failure.getMessage());
    }

    @Test
    void rejectsHugeNumbersOfResponses() {
        rig.server.deliver(MailRig.USER, "Subject: s\r\n\r\nt");
        rig.server.imapScript().reply("FETCH", chatter(70) + "OK done");
        MailFailure failure = failure(MailQuery.inbox());
        assertEquals(Layer.CONNECT, failure.layer());
        assertTrue(failure.getMessage().contains("narrow the search"), failure.getMessage());
    }

    /** Each of the answers is allowed, but they are kept until the last one has come. */
    @Test
    void answersToManyCommandsThatWouldFillTheMemoryTogether() {
        rig.server.deliver(MailRig.USER, "Subject: s\r\n\r\nt");
        String odd = IntStream.range(0, 1500)
                .mapToObj(i -> String.valueOf(2 * i + 1))
                .collect(Collectors.joining(" "));
        String chatter = chatter(36);
        rig.server
                .imapScript()
                .reply(
                        "EXAMINE",
                        "* 3000 EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n* OK [UIDNEXT 3001] next\r\n"
                                + "OK [READ-ONLY] done")
                .reply("SEARCH", "* SEARCH " + odd + "\r\nOK done")
                .reply("FETCH", chatter + "OK done");
        MailFailure failure = failure(Query.of("INBOX", false, null, null, Instant.now(), 3));
        assertEquals(Layer.CONNECT, failure.layer());
        assertTrue(failure.getMessage().contains("narrow the search"), failure.getMessage());
        assertTrue(
                rig.server.imapHeard().stream()
                                .filter(line -> line.contains("(INTERNALDATE)"))
                                .count()
                        > 1,
                rig.server.imapHeard().toString());
    }

    /** Portions that are asked for ahead wait in memory for their turn. */
    @Test
    void aPortionThatIsLargerThanWasAskedFor() {
        String content = "x".repeat(12 << 20);
        rig.server.deliver(
                MailRig.USER,
                "Subject: s\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nt\r\n"
                        + "--b\r\nContent-Type: application/octet-stream; name=a\r\n"
                        + "Content-Disposition: attachment; filename=a\r\n\r\n" + content + "\r\n--b--\r\n");
        int first = 1 << 20;
        int more = 3 << 20;
        rig.server
                .imapScript()
                .reply(
                        "FETCH 1 (BODY.PEEK[2]<0.",
                        "* 1 FETCH (BODY[2]<1048576> {" + more + "}\r\n|" + content.substring(0, more) + ")\r\n"
                                + "* 1 FETCH (BODY[2]<0> {" + first + "}\r\n|" + content.substring(0, first)
                                + ")\r\nOK done");
        MailFailure failure =
                assertThrows(MailFailure.class, () -> rig.reader().read(MailQuery.inbox(), (id, name, open) -> {
                    open.transferTo(OutputStream.nullOutputStream());
                    return name;
                }));
        assertTrue(failure.getMessage().contains(" 3145728 bytes"), failure.getMessage());
    }

    /** A server that returns little at a time is not sent a command for each byte of an attachment at once. */
    @Test
    void limitsThePortionsThatAreRequestedAhead() throws Exception {
        rig.server.deliver(
                MailRig.USER,
                "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b\r\n"
                        + "Content-Disposition: attachment; filename=a\r\n\r\n" + "x".repeat(20_000) + "\r\n--b--\r\n");
        rig.server.imapScript().reply("FETCH 1 (BODY.PEEK[2]<0.", "* 1 FETCH (BODY[2]<0> {1}\r\n|x)\r\nOK done");
        rig.reader().read(MailQuery.inbox(), (id, name, open) -> {
            assertEquals(2, open.readNBytes(2).length);
            return name;
        });
        long requested = rig.server.imapHeard().stream()
                .filter(line -> line.contains("BODY.PEEK[2]<"))
                .count();
        assertTrue(requested > 1 && requested <= 100, "" + requested);
    }

    /** Nobody may delete the message, as if its text had been read. */
    @ParameterizedTest
    @ValueSource(strings = {"", "--b\r\nContent-Type: text/plain\r\n\r\n"})
    void noticesThatATextEndsTooEarly(String part) throws Exception {
        String type = part.isEmpty() ? "" : "Content-Type: multipart/mixed; boundary=b\r\n";
        String end = part.isEmpty() ? "" : "--b--\r\n";
        rig.server.deliver(MailRig.USER, "Subject: long\r\n" + type + "\r\n" + part + "line\r\n".repeat(2000) + end);
        String piece = part + "line\r\n";
        rig.server
                .imapScript()
                .reply(
                        "FETCH 1 (BODY.PEEK[TEXT]<0.",
                        "* 1 FETCH (BODY[TEXT]<0> {" + piece.length() + "}\r\n|" + piece.replace("\n", "\n|")
                                + ")\r\nOK done")
                .reply("FETCH 1 (BODY.PEEK[1]<0.", "* 1 FETCH (BODY[1]<0> {6}\r\n|line\r\n|)\r\nOK done")
                .reply("FETCH 1 (BODY.PEEK[1]<6.", "* 1 FETCH (BODY[1]<6> {0}\r\n|)\r\nOK done");
        ReceivedMail mail = rig.reader().read(MailQuery.inbox(), null).get(0);
        assertEquals(1, mail.problems().size(), mail.text());
        rig.server.imapScript().clear();
        assertEquals(
                List.of(), rig.reader().read(MailQuery.inbox(), null).get(0).problems());
    }

    /** NIL is not the end of an attachment of which there should be more. */
    @Test
    void noticesThatTheLastPieceOfAnAttachmentIsWithheld() throws Exception {
        rig.server.deliver(
                MailRig.USER,
                "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b\r\n"
                        + "Content-Disposition: attachment; filename=a\r\n\r\n" + "x".repeat((1 << 20) + 50_000)
                        + "\r\n--b--\r\n");
        rig.server.imapScript().reply("FETCH 1 (BODY.PEEK[2]<1048576.", "* 1 FETCH (BODY[2]<1048576> NIL)\r\nOK done");
        ReceivedMail mail = rig.reader()
                .read(MailQuery.inbox(), (id, name, open) -> {
                    open.readAllBytes();
                    return name;
                })
                .get(0);
        assertEquals(1, mail.problems().size());
    }

    /** Such as several messages of very many parts each. */
    @Test
    void readsMessagesWithLargeDescriptionsOneByOne() throws Exception {
        for (String subject : List.of("one", "huge", "three")) {
            rig.server.deliver(MailRig.USER, "Subject: " + subject + "\r\n\r\nt");
        }
        String chatter = chatter(70) + "OK done";
        rig.server
                .imapScript()
                .reply("FETCH 1:3 (UID FLAGS", chatter)
                .reply("FETCH 2 (UID FLAGS INTERNALDATE BODYSTRUCTURE", chatter);
        ReadResult result = rig.reader().read(MailQuery.inbox(), null, notice -> {});
        assertEquals(
                List.of("three", "one"),
                result.mails().stream().map(ReceivedMail::subject).toList());
        assertEquals(1, result.problems().size(), result.problems()::toString);
        assertTrue(result.problems().get(0).contains(":2 in INBOX"), result.problems()::toString);
        assertEquals(3, rig.server.imapConnections());
    }

    /** What is parsed takes up to nine times as much memory, so messages of many parts could fill it together. */
    @Test
    void readsMessagesWithManyPartsOneByOne() throws Exception {
        StringBuilder structures = new StringBuilder();
        for (int number = 1; number <= 3; number++) {
            rig.server.deliver(MailRig.USER, "Subject: " + number + "\r\n\r\nt");
            structures
                    .append("* " + number + " FETCH (UID " + number + " BODYSTRUCTURE (")
                    .append("(\"text\" \"plain\" NIL NIL NIL \"7bit\" 0 0)".repeat(150_000))
                    .append(" \"mixed\"))\r\n");
        }
        rig.server.imapScript().reply("FETCH 1:3 (UID FLAGS", structures + "OK done");
        ReadResult result = rig.reader().read(MailQuery.inbox(), null, notice -> {});
        assertEquals(
                List.of("3", "2", "1"),
                result.mails().stream().map(ReceivedMail::subject).toList());
        assertEquals(2, rig.server.imapConnections());
    }

    /** One that is there already may be missing in its place. */
    @Test
    void rejectsImpossibleSearchResults() {
        rig.server.deliver(MailRig.USER, "Subject: s\r\n\r\nt");
        rig.server.imapScript().reply("SEARCH", "* SEARCH 77\r\nOK done");
        failure(MailQuery.in("INBOX").subject("s").build(), "77");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "* 1 FETCH (UID 1 BODYSTRUCTURE (\"text",
                "* 1 FETCH (UID 1 BODYSTRUCTURE (\"text\" \"plain\" (\"charset\" \"",
                "* 1 FETCH (UID 1 INTERNALDATE \"",
                "* 1 FETCH (UID 1 FLAGS (\\",
                "* 1 FETCH (UID 1 BODY[",
                "* 1 FETCH",
                "* ",
                "*",
            })
    void truncatedResponseOnlyAffectsItsMessage(String response) throws Exception {
        rig.server.deliver(MailRig.USER, "Subject: s\r\n\r\nt");
        rig.server.imapScript().reply("FETCH 1 (UID FLAGS INTERNALDATE BODYSTRUCTURE", response + "\r\nOK done");
        assertEquals("s", rig.reader().read(MailQuery.inbox(), null).get(0).subject());
    }

    @ParameterizedTest
    @ValueSource(strings = {"* LIST", "* LIST ()", "* LIST (", "* LIST (x) \"", "* LIST (x) NIL", "* LIST () \"/\" \""})
    void handlesATruncatedList(String response) {
        rig.server.imapScript().reply("EXAMINE", "NO nope").reply("LIST", response + "\r\nOK done");
        assertEquals(Layer.FOLDER, failure(MailQuery.inbox()).layer());
    }

    @ParameterizedTest
    @ValueSource(strings = {"* OK [", "* OK [UIDVALIDITY", "* FLAGS (", "* OK [PERMANENTFLAGS (", "* OK [UIDNEXT x"})
    void handlesAnIncompleteFolderDescription(String response) throws Exception {
        rig.server.imapScript().reply("EXAMINE", response + "\r\nOK done");
        try {
            assertEquals(0, rig.reader().read(MailQuery.inbox(), null).size());
        } catch (MailFailure e) {
            assertEquals(Layer.FOLDER, e.layer());
        }
    }

    /** Large headers of strangers must not keep all the mails from being read that are looked at together. */
    @Test
    void limitsHeadersSoThatManyFitIntoOneResponse() throws Exception {
        int mails = 300;
        for (int i = 0; i < mails; i++) {
            rig.server.deliver(MailRig.USER, "Subject: s\r\n\r\nt");
        }
        rig.reader().read(MailQuery.in("INBOX").limit(mails).build(), null);
        String fetch = rig.server.imapHeard().stream()
                .filter(line -> line.contains("BODYSTRUCTURE"))
                .findFirst()
                .orElseThrow();
        long each = Long.parseLong(fetch.replaceFirst(".*<0\\.(\\d+)>.*", "$1"));
        assertTrue(each * mails < ImapWire.MAX_BYTES, fetch);
    }

    /** Another From may stand behind what was read, and the server may have judged that one. */
    @Test
    void doesNotAuthenticateASenderIfTheHeaderIsTruncated() throws Exception {
        String begin = "X-MS-Exchange-Organization-AuthAs: Internal\r\nFrom: ann@example.com\r\n";
        String filling = "References:" + " <aaaaaaaaaa@example.com>\r\n".repeat(20_000);
        rig.server.deliver(MailRig.USER, begin + "Subject: s\r\n\r\n" + "t\r\n".repeat(100_000));
        rig.server.deliver(MailRig.USER, begin + filling + "From: eve@example.com\r\n\r\nt");
        rig.rule(AuthenticationRule.EXCHANGE);
        for (int i = 0; i < 2; i++) {
            List<ReceivedMail> mails = rig.reader().read(MailQuery.inbox(), null);
            assertEquals(
                    List.of("fail", "pass"),
                    mails.stream().map(mail -> mail.authentication().result()).toList());
            rig.breakStructure();
        }
    }
}
