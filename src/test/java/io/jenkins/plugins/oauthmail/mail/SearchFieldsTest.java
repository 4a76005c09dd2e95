package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.testing.mail.ByImapAndSmtp;
import io.jenkins.plugins.oauthmail.testing.mail.OnEveryServer;
import io.jenkins.plugins.oauthmail.testing.mail.ServerKind;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be looked for, on the server and here. */
@OnEveryServer
class SearchFieldsTest {

    private final MailRig rig = new MailRig();

    @AfterEach
    void stop() {
        rig.close();
    }

    private void put(String subject, String header, String body) {
        rig.server.deliver(MailRig.USER, "Subject: " + subject + "\r\n" + header + "\r\n" + body + "\r\n");
    }

    private List<String> found(MailQuery.Builder query) throws Exception {
        return rig.reader().read(query.build(), null).stream()
                .map(ReceivedMail::subject)
                .toList();
    }

    private static MailQuery.Builder inbox() {
        return MailQuery.in("INBOX");
    }

    private String heard(String part) {
        return rig.server.imapHeard().stream()
                .filter(line -> line.contains(part))
                .findFirst()
                .orElse("");
    }

    /** Has the server take every mail for a match. */
    private void searchInexactly(int mails) {
        StringBuilder all = new StringBuilder("* SEARCH");
        for (int i = 1; i <= mails; i++) {
            all.append(' ').append(i);
        }
        rig.server.imapScript().reply("SEARCH", all + "\r\nOK done");
    }

    /** Some servers search the source of HTML. Exchange has an index of words, and is asked for whole ones. */
    @Test
    void findsTextWithMarkupBetweenWords() throws Exception {
        put("html", "Content-Type: text/html\r\n", "<p>Order-No.:<b>4711</b></p>");
        put("other", "", "Order-No.:4712");
        if (rig.server.kind() == ServerKind.EXCHANGE) {
            found(inbox().text("Order-No.:4711"));
            assertTrue(heard("SEARCH").contains("BODY Order-No.:4711"), heard("SEARCH"));
        } else {
            assertEquals(List.of("html"), found(inbox().text("Order-No.:4711")));
        }
    }

    @Test
    void findsRecipientsInToAndCc() throws Exception {
        put("to", "To: Builds <builds+x@example.com>\r\n", "b");
        put("cc", "To: a@example.com\r\nCc: BUILDS+X@example.com\r\n", "b");
        put("other", "To: a@example.com\r\n", "b");
        assertEquals(List.of("cc", "to"), found(inbox().to(List.of("builds+x@"))));
        boolean imap = rig.speaksImapAndSmtp();
        assertEquals(imap, heard("SEARCH").contains("OR HEADER TO builds+x@"), heard("SEARCH"));
        assertEquals(imap, heard("SEARCH").contains("HEADER CC"), heard("SEARCH"));
    }

    @Test
    void findsAnyOfSeveralSenders() throws Exception {
        put("a", "From: Ann <ann@example.com>\r\n", "b");
        put("b", "From: bob@example.com\r\n", "b");
        put("c", "From: carl@example.com\r\n", "b");
        assertEquals(List.of("b", "a"), found(inbox().from(List.of("Ann <ann@", "bob@example", "nobody"))));
    }

    @Test
    void dropsFalseMatchesOfTheServer() throws Exception {
        put("Deploy", "From: ann@example.com\r\nTo: x@example.com\r\n", "approved");
        put("Deploy", "From: eve@evil.example\r\nTo: x@example.com\r\n", "approved");
        put("Other", "From: ann@example.com\r\nTo: x@example.com\r\n", "approved");
        put("Deploy", "From: ann@example.com\r\nTo: y@example.com\r\n", "approved");
        put("Deploy", "From: ann@example.com\r\nTo: x@example.com\r\n", "rejected");
        searchInexactly(5);
        List<ReceivedMail> mails = rig.reader()
                .read(
                        inbox().from(List.of("ann@example.com"))
                                .to(List.of("X@example"))
                                .subject("deploy")
                                .text("APPROVED")
                                .limit(1)
                                .build(),
                        null);
        assertEquals(1, mails.size());
        assertEquals("ann@example.com", mails.get(0).from().get(0).address());
        assertEquals("x@example.com", mails.get(0).to().get(0).address());
        assertEquals("approved", mails.get(0).text().strip());
    }

    @Test
    void searchesTextInTheBody() throws Exception {
        put("html", "Content-Type: text/html\r\n", "<p>please <b>appro</b>ve &amp; go</p>");
        put("attached", "Content-Type: text/plain\r\nContent-Disposition: attachment\r\n", "approve & go");
        put("plain", "", "well: Approve\r\n& go");
        searchInexactly(3);
        assertEquals(List.of("plain", "html"), found(inbox().text("approve & go")));
        assertEquals(rig.speaksImapAndSmtp(), heard("SEARCH").contains("BODY approve BODY go"), heard("SEARCH"));
    }

    /** Whatever the server finds, or does not look for: as far as the text is read. */
    @Test
    void searchesTheBeginningOfALongText() throws Exception {
        String rest = "0123456789abcde\r\n".repeat(80_000);
        put("before", "", "release it\r\n" + rest);
        put("behind", "", rest + "release it\r\n");
        put("damaged", "Content-Transfer-Encoding: x-none-such\r\n", "hi");
        put("half damaged", "Content-Transfer-Encoding: base64\r\n", "cmVsZWFzZSBpdCBub3cgYQ=");
        searchInexactly(4);
        assertEquals(List.of("half damaged", "before"), found(inbox().text("release it")));
        searchInexactly(4);
        assertEquals(List.of(), found(inbox().text("truncated")), "what is said about the rest");
    }

    @Test
    void findsRepliesByEitherId() throws Exception {
        put("reply", "From: a@x\r\nIn-Reply-To: <one@x>\r\n", "b");
        put("kept id", "From: a@x\r\nIn-Reply-To: <two@outlook>\r\n", "b");
        put("thread", "From: a@x\r\nIn-Reply-To: <z@x>\r\nReferences: <one@x> <z@x>\r\n", "b");
        put("other", "From: a@x\r\nIn-Reply-To: <none@x>\r\n", "b");
        put("begins alike", "From: a@x\r\nIn-Reply-To: <one@xy>\r\n", "b");
        assertEquals(
                List.of("thread", "kept id", "reply"), found(inbox().repliesTo(List.of("<one@x>", "two@outlook"))));
        assertEquals(
                rig.speaksImapAndSmtp() ? 1 : 0,
                rig.server.imapHeard().stream()
                        .filter(line -> line.contains("SEARCH"))
                        .count());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Auto-Submitted: auto-replied",
                "Auto-Submitted: auto-generated; owner-email=\"x@y\"",
                "X-Auto-Response-Suppress: All",
                "Return-Path: <>",
                "Precedence: auto_reply",
                "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
                "X-Autoreply: yes",
                "X-Failed-Recipients: a@b",
                "From: Mail Delivery System <MAILER-DAEMON@example.com>",
                "From: postmaster@contoso.com"
            })
    void automaticMessagesAreNoReplies(String header) throws Exception {
        String from = header.startsWith("From") ? "" : "From: a@x\r\n";
        put("automatic", from + "In-Reply-To: <one@x>\r\n" + header + "\r\n", "b");
        put("person", "From: a@x\r\nAuto-Submitted: no\r\nReturn-Path: <a@x>\r\nIn-Reply-To: <one@x>\r\n", "b");
        assertEquals(List.of("person"), found(inbox().repliesTo(List.of("<one@x>"))));
        List<ReceivedMail> all = rig.reader().read(MailQuery.inbox(), null);
        assertEquals(
                List.of(false, true), all.stream().map(ReceivedMail::automatic).toList());
    }

    @Test
    void looksForAttachmentsAsFarBackAsNeeded() throws Exception {
        String attached = "Content-Type: application/pdf; name=r.pdf\r\n";
        put("first", attached, "b");
        for (int i = 0; i < 150; i++) {
            put("without", "", "b");
        }
        put("last", attached, "b");
        assertEquals(List.of("last", "first"), found(inbox().hasAttachment(true).limit(2)));
        long fetches = rig.server.imapHeard().stream()
                .filter(line -> line.contains("BODYSTRUCTURE"))
                .count();
        assertEquals(rig.speaksImapAndSmtp() ? 2 : 0, fetches);
    }

    @Test
    void returnsTheOldestFirst() throws Exception {
        for (int i = 1; i <= 5; i++) {
            put("mail " + i, "", "b");
        }
        assertEquals(
                List.of("mail 1", "mail 2"), found(inbox().newestFirst(false).limit(2)));
        assertEquals(
                List.of("mail 1", "mail 2"),
                found(inbox().subject("mail").newestFirst(false).limit(2)));
    }

    @Test
    void findsMessagesById() throws Exception {
        for (int i = 1; i <= 4; i++) {
            put("mail " + i, "", "b");
        }
        List<MailId> ids = rig.reader().read(MailQuery.inbox(), null).stream()
                .map(ReceivedMail::id)
                .toList();
        assertEquals(List.of("mail 4", "mail 2"), found(inbox().ids(List.of(ids.get(2), ids.get(0)))));
        assertEquals(
                List.of(),
                found(inbox().ids(List.of(new MailId(ids.get(0).value().replaceAll(":.*", ":4294967295"))))));
    }

    @ByImapAndSmtp
    @Test
    void rejectsIdsOfAnotherFolderOrTime() {
        put("mail", "", "b");
        MailFailure failure = assertThrows(MailFailure.class, () -> found(inbox().ids(List.of(new MailId("1:1")))));
        assertEquals(Layer.FOLDER, failure.layer());
        assertTrue(failure.getMessage().contains("search for the message again"), failure.getMessage());
    }

    @Test
    void findsAuthenticatedSendersOnly() throws Exception {
        String from = "From: ann@contoso.com\r\n";
        put("internal", from + "X-MS-Exchange-Organization-AuthAs: Internal\r\n", "b");
        put("claimed", from + "Authentication-Results: dmarc=pass header.from=contoso.com\r\n", "b");
        rig.rule(AuthenticationRule.EXCHANGE);
        assertEquals(List.of("internal"), found(inbox().authenticated(true)));
        List<ReceivedMail> all = rig.reader().read(MailQuery.inbox(), null);
        assertEquals("none", all.get(0).authentication().result());
        assertEquals("pass", all.get(1).authentication().result());
    }

    @Test
    void returnsRequestedHeaders() throws Exception {
        put("s", "X-Build: 7\r\nX-Build: =?UTF-8?Q?acht_=C3=BC?=\r\nList-Id: <l.example.com>\r\n", "b");
        ReceivedMail some = rig.reader()
                .read(inbox().headers(List.of("x-build", "X-None")).build(), null)
                .get(0);
        assertEquals(java.util.Map.of("x-build", List.of("7", "acht ü")), some.headers());
        ReceivedMail all =
                rig.reader().read(inbox().headers(List.of("*")).build(), null).get(0);
        assertEquals(List.of("<l.example.com>"), all.headers().get("List-Id"));
        assertEquals(List.of("s"), all.headers().get("Subject"));
        assertTrue(rig.reader().read(MailQuery.inbox(), null).get(0).headers().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x y", "a:b", "", "X\r\nA1 DELETE INBOX"})
    void headerNamesCannotInjectCommands(String name) {
        assertThrows(IllegalArgumentException.class, () -> inbox().headers(List.of(name))
                .build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1:", ":1", "1:2:3", "1:*", "1:2,3", "x:y"})
    void idsCannotInjectCommands(String id) {
        MailFailure failure = assertThrows(MailFailure.class, () -> found(inbox().ids(List.of(new MailId(id)))));
        assertTrue(failure.getMessage().contains("an id that an earlier read returned"), failure.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "1:2 3", "1:2\r\nA1 DELETE INBOX", "ü"})
    void requiresIdsOfVisibleCharacters(String id) {
        assertThrows(IllegalArgumentException.class, () -> new MailId(id));
    }

    @Test
    void rejectsLongLists() {
        assertThrows(
                IllegalArgumentException.class, () -> inbox().ids(java.util.Collections.nCopies(501, new MailId("1:2")))
                        .build());
        List<String> many = java.util.Collections.nCopies(21, "x");
        assertThrows(IllegalArgumentException.class, () -> inbox().from(many).build());
        assertThrows(IllegalArgumentException.class, () -> inbox().repliesTo(java.util.Collections.nCopies(41, "x"))
                .build());
        assertThrows(IllegalArgumentException.class, () -> inbox().repliesTo(List.of("<a b>"))
                .build());
    }

    /** Servers take command lines of 8 KiB only. */
    @ByImapAndSmtp
    @Test
    void searchesForManyRepliesInSeveralCommands() throws Exception {
        List<String> ids = new java.util.ArrayList<>();
        for (int i = 0; i < 40; i++) {
            ids.add("<" + "x".repeat(80) + i + "@example.com>");
        }
        put("first", "In-Reply-To: " + ids.get(0) + "\r\n", "b");
        put("both", "In-Reply-To: " + ids.get(19) + "\r\nReferences: " + ids.get(20) + "\r\n", "b");
        put("last", "References: " + ids.get(39) + "\r\n", "b");
        for (int i = 0; i < 500; i++) {
            // In fewer messages, their header fields are looked at.
            put("none", "References: <y@example.com>\r\n", "b");
        }
        assertEquals(List.of("last", "both", "first"), found(inbox().repliesTo(ids)));
        List<String> searches = rig.server.imapHeard().stream()
                .filter(line -> line.contains("SEARCH"))
                .toList();
        assertEquals(17, searches.size());
        assertTrue(searches.stream().allMatch(line -> line.length() < 8192), () -> "" + searches);
        assertTrue(searches.stream().allMatch(line -> line.split("OR ").length <= 5), () -> "" + searches);
    }

    /** Whoever owns a domain passes DMARC for it, with any name in front of the address. */
    @Test
    void findsAuthenticatedSendersByAddressOnly() throws Exception {
        String internal = "X-MS-Exchange-Organization-AuthAs: Internal\r\n";
        put("eve", internal + "From: \"ann@example.com\" <eve@evil.example>\r\n", "b");
        put("suffix", internal + "From: ann@example.com.evil.example\r\n", "b");
        put("prefix", internal + "From: joann@example.com\r\n", "b");
        put("quoted", internal + "From: \"ann@example.com\"@evil.example\r\n", "b");
        put("ann", internal + "From: Ann B <Ann@Example.com>\r\n", "b");
        MailReader reader = rig.rule(AuthenticationRule.EXCHANGE).reader();
        for (String from : List.of("ann@example.com", "Ann <ann@example.com>")) {
            MailQuery query = inbox().from(List.of(from)).authenticated(true).build();
            searchInexactly(5);
            assertEquals(
                    List.of("ann"),
                    reader.read(query, null).stream().map(ReceivedMail::subject).toList(),
                    from);
        }
        MailQuery domain =
                inbox().from(List.of("@example.com")).authenticated(true).build();
        searchInexactly(5);
        assertEquals(
                List.of("ann", "prefix"),
                reader.read(domain, null).stream().map(ReceivedMail::subject).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"X)", "(X", "X]<0.5>", "\"X\"", "X{1}", "X%", "X\\"})
    void rejectsHeaderNamesThatAreImapSyntax(String name) {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> inbox().headers(List.of(name))
                        .build());
        assertTrue(refusal.getMessage().startsWith("headers must contain names"), refusal.getMessage());
    }
}
