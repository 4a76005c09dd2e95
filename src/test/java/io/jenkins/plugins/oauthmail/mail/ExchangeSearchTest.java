package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.testing.mail.ExchangeTrait;
import io.jenkins.plugins.oauthmail.testing.mail.OnBothServers;
import io.jenkins.plugins.oauthmail.testing.mail.ServerKind;
import jakarta.mail.Flags;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a server makes of a search, every mail that is wanted is found. */
@OnBothServers
class ExchangeSearchTest {

    private final MailRig rig = new MailRig();

    @AfterEach
    void stop() {
        rig.close();
    }

    private void put(String folder, String raw) {
        rig.server.deliver(MailRig.USER, folder, raw.getBytes(StandardCharsets.UTF_8), Instant.now(), new Flags());
    }

    private void put(String raw) {
        put("INBOX", raw);
    }

    private static MailQuery.Builder inbox() {
        return MailQuery.in("INBOX");
    }

    private List<String> found(MailQuery.Builder query) throws Exception {
        return rig.reader().read(query.build(), null).stream()
                .map(ReceivedMail::subject)
                .toList();
    }

    private boolean heard(String part) {
        return rig.server.imapHeard().stream().anyMatch(line -> line.contains(part));
    }

    /** However the letters are composed. */
    @ParameterizedTest
    @ValueSource(strings = {"für", "fu\u0308r", "FÜR", "frei für alle", "ü", "日本"})
    void findsNonAsciiSubjects(String wanted) throws Exception {
        put("Subject: =?UTF-8?Q?Frei_f=C3=BCr_alle_=E6=97=A5=E6=9C=AC?=\r\n\r\nb\r\n");
        put("Subject: =?UTF-8?Q?Frei_fu=CC=88r_alle_=E6=97=A5=E6=9C=AC?=\r\n\r\nb\r\n");
        put("Subject: Frei\r\n\r\nb\r\n");
        rig.server.exchange().with(ExchangeTrait.SEARCHES_ASCII_ONLY);
        assertEquals(2, found(inbox().subject(wanted)).size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"für alle", "GRÜN für"})
    void findsNonAsciiBodies(String wanted) throws Exception {
        String header = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n";
        put("Subject: one\r\n" + header + "\r\nGrün für\r\nalle\r\n");
        put("Subject: two\r\n" + header + "\r\nanything\r\n");
        rig.server.exchange().with(ExchangeTrait.SEARCHES_ASCII_ONLY, ExchangeTrait.LIMITS_BODY_SEARCHES);
        assertEquals(List.of("one"), found(inbox().text(wanted)));
    }

    /** Eleven senders, six recipients and six ids. */
    @Test
    void splitsManyAlternatives() throws Exception {
        List<String> from = new ArrayList<>();
        List<String> to = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            from.add("p" + i + "@example.com");
        }
        for (int i = 0; i < 6; i++) {
            to.add("name " + i);
            ids.add("<" + i + "@example.com>");
        }
        put(
                "Subject: no\r\nFrom: p10@example.com\r\nTo: name 5 <t@example.com>\r\nIn-Reply-To: <7@example.com>\r\n\r\nb\r\n");
        put(
                "Subject: no\r\nFrom: p11@example.com\r\nTo: name 5 <t@example.com>\r\nIn-Reply-To: <5@example.com>\r\n\r\nb\r\n");
        put(
                "Subject: first\r\nFrom: p0@example.com\r\nTo: name 0 <t@example.com>\r\nReferences: <0@example.com>\r\n\r\nb\r\n");
        put(
                "Subject: last\r\nFrom: p10@example.com\r\nCc: name 5 <t@example.com>\r\nIn-Reply-To: <5@example.com>\r\n\r\nb\r\n");
        rig.server.exchange().with(ExchangeTrait.LIMITS_NESTED_OR);
        assertEquals(List.of("last", "first"), found(inbox().from(from).to(to).repliesTo(ids)));
        assertEquals(List.of("last", "first", "no"), found(inbox().from(from)));
    }

    /** For replies to many messages, no more is asked than what the header fields of all would cost. */
    @ParameterizedTest
    @CsvSource({"40, 30, 0", "40, 180, 0", "6, 30, 0", "6, 130, 3", "5, 130, 3", "4, 130, 2"})
    void repliesToMany(int ids, int others, int searchesOfExchange) throws Exception {
        List<String> wanted = new ArrayList<>();
        for (int i = 0; i < ids; i++) {
            wanted.add("<" + i + "@example.com>");
        }
        put("Subject: first\r\nFrom: a@x\r\nIn-Reply-To: <0@example.com>\r\n\r\nb\r\n");
        put(
                "Subject: automatic\r\nFrom: a@x\r\nIn-Reply-To: <1@example.com>\r\nAuto-Submitted: auto-replied\r\n\r\nb\r\n");
        for (int i = 0; i < others; i++) {
            put("Subject: no\r\nFrom: a@x\r\nReferences: <" + i + "@example.org>\r\n\r\nb\r\n");
        }
        put("Subject: long\r\nFrom: a@x\r\nReferences:" + " <0123456789@example.org>\r\n".repeat(900)
                + " <2@example.com>\r\n\r\nb\r\n");
        put("Subject: none stored\r\nFrom: a@x\r\nReferences: <x@example.com>\r\n <3@example.com>\r\n\r\nb\r\n");
        rig.server.exchange().withoutHeader(MailRig.USER, "INBOX", others + 3);
        assertEquals(List.of("none stored", "long", "first"), found(inbox().repliesTo(wanted)));
        long searches = rig.server.imapHeard().stream()
                .filter(line -> line.contains(" SEARCH "))
                .count();
        long expected = rig.server.kind() == ServerKind.EXCHANGE || ids < 5 ? searchesOfExchange : 0;
        assertEquals(expected, searches, rig.server.imapHeard()::toString);
        assertEquals(List.of("first"), found(inbox().repliesTo(wanted).subject("first")));
    }

    /** Names in encoded words, broken over lines, or of mails without a stored header. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Jürgen",
                "Schmidt",
                "jürgen schmidt",
                "js@example.com",
                "Schmidt <js@",
                "@example.com",
                "J\u0075\u0308rgen"
            })
    void findsPeople(String wanted) throws Exception {
        put("Subject: encoded\r\nFrom: =?UTF-8?B?SsO8cmdlbiBTY2htaWR0?= <js@example.com>\r\n\r\nb\r\n");
        put("Subject: folded\r\nFrom: =?UTF-8?Q?J=C3=BCrgen?=\r\n Schmidt\r\n <js@example.com>\r\n\r\nb\r\n");
        put("Subject: none stored\r\nFrom: =?UTF-8?Q?J=C3=BCrgen_Schmidt?= <js@example.com>\r\n\r\nb\r\n");
        put("Subject: else\r\nFrom: x@example.org\r\n\r\nb\r\n");
        rig.server
                .exchange()
                .with(
                        ExchangeTrait.SEARCHES_ASCII_ONLY,
                        ExchangeTrait.SEARCHES_DISPLAY_NAMES_ONLY,
                        ExchangeTrait.SEARCHES_STORED_HEADERS);
        rig.server.exchange().withoutHeader(MailRig.USER, "INBOX", 2);
        assertEquals(List.of("none stored", "folded", "encoded"), found(inbox().from(List.of(wanted))));
    }

    @Test
    void findsRecipientsOfSentMessages() throws Exception {
        String from = "From: build@example.com\r\n";
        put("Sent Items", "Subject: to\r\n" + from + "To: Ann <ann@example.com>\r\n\r\nb\r\n");
        put("Sent Items", "Subject: cc\r\n" + from + "To: x@y\r\nCc: ann@example.com\r\n\r\nb\r\n");
        put("Sent Items", "Subject: other\r\n" + from + "To: bob@example.com\r\n\r\nb\r\n");
        put(
                "Sent Items",
                "Subject: answer\r\n" + from + "To: bob@example.com\r\nIn-Reply-To: <q@example.com>\r\n\r\nb\r\n");
        rig.server.exchange().with(ExchangeTrait.SEARCHES_DISPLAY_NAMES_ONLY, ExchangeTrait.SEARCHES_STORED_HEADERS);
        MailQuery.Builder sent = MailQuery.in("Sent Items");
        assertEquals(List.of("cc", "to"), found(sent.to(List.of("ann@example.com"))));
        assertEquals(List.of("answer"), found(MailQuery.in("Sent Items").repliesTo(List.of("<q@example.com>"))));
    }

    /** HEADER finds too much, as it looks at all of the header. */
    @Test
    void dropsFalseMatches() throws Exception {
        put("Subject: from\r\nFrom: ann@example.com\r\nTo: bob@example.com\r\n\r\nb\r\n");
        for (int i = 0; i < 130; i++) {
            put("Subject: to\r\nFrom: bob@example.com\r\nTo: ann@example.com\r\n\r\nb\r\n");
        }
        rig.server.exchange().with(ExchangeTrait.SEARCHES_STORED_HEADERS);
        assertEquals(
                List.of("from"), found(inbox().from(List.of("ann@example.com")).limit(1)));
    }

    /** However many bodies hold a text, the newest are found, and an old one among them. */
    @ParameterizedTest
    @CsvSource({"true, false", "true, true", "false, false", "false, true"})
    void searchesManyBodiesInRanges(boolean greets, boolean cutsAll) throws Exception {
        if (!greets) {
            // An administrator can change the greeting, and old versions have other capabilities.
            rig.server
                    .exchange()
                    .without(ExchangeTrait.GREETS_WITHOUT_CAPABILITIES, ExchangeTrait.CAPABILITIES_AFTER_LOGIN);
        } else {
            rig.server.exchange().with(ExchangeTrait.GREETS_WITHOUT_CAPABILITIES);
        }
        rig.server.exchange().cutAll(cutsAll);
        put("Subject: oldest\r\nX-Oldest: yes\r\n\r\nneedle in hay\r\n");
        for (int i = 0; i < 140; i++) {
            put("Subject: " + i + "\r\n\r\nneedle " + i + "\r\n");
        }
        rig.server.exchange().with(ExchangeTrait.LIMITS_BODY_SEARCHES);
        assertEquals(List.of("139", "138"), found(inbox().text("needle").limit(2)));
        assertEquals(141, found(inbox().text("NEEDLE").limit(1000)).size());
        assertEquals(List.of("oldest"), found(inbox().text("needle in hay")));
    }

    /** A server that leaves nothing out is asked a few times more, however much it finds. */
    @Test
    void allBodies() throws Exception {
        for (int i = 0; i < 300; i++) {
            put("Subject: " + i + "\r\n\r\nneedle " + i + "\r\n");
        }
        rig.server.exchange().without(ExchangeTrait.LIMITS_BODY_SEARCHES);
        assertEquals(300, found(inbox().text("needle").limit(1000)).size());
        long searches = rig.server.imapHeard().stream()
                .filter(line -> line.contains("BODY needle") || line.contains("BODY \"needle\""))
                .count();
        assertTrue(searches <= 4, rig.server.imapHeard()::toString);
    }

    /** Asked as they are. */
    @Test
    void keepsColonsAndSlashes() throws Exception {
        put("Subject: Re: demo/deploy: #7\r\n\r\nb\r\n");
        put("Subject: demo deploy 7\r\n\r\nb\r\n");
        assertEquals(List.of("Re: demo/deploy: #7"), found(inbox().subject("demo/deploy: #7")));
        assertTrue(
                heard("SUBJECT demo/deploy:") || heard("SUBJECT \"demo/deploy:\""), rig.server.imapHeard()::toString);
    }

    /** White space is written in many ways. */
    @Test
    void treatsAllSpacesAlike() throws Exception {
        put("Subject: Build\r\n  42\r\n\r\nall  is\r\nwell\r\n");
        put("Subject: =?UTF-8?Q?Build=C2=A042?=\r\n\r\nall is well\r\n");
        assertEquals(2, found(inbox().subject("build 42")).size());
        assertEquals(2, found(inbox().text("all is well")).size());
    }

    /** The answer has another form on some. */
    @Test
    void understandsEsearch() throws Exception {
        put("Subject: one\r\n\r\nb\r\n");
        put("Subject: two\r\n\r\nb\r\n");
        rig.server.exchange().with(ExchangeTrait.ANSWERS_WITH_ESEARCH);
        assertEquals(List.of("two"), found(inbox().subject("two")));
        assertEquals(List.of(), found(inbox().subject("three")));
        assertFalse(heard(" ENABLE") || heard("RETURN (") || heard("LSUB"), rig.server.imapHeard()::toString);
    }

    /** Nothing is needed, as neither keywords nor sizes are asked for. */
    @Test
    void requestsNothingThatExchangeDoesNotSupport() throws Exception {
        put("Subject: one\r\nFrom: a@x\r\n\r\nneedle\r\n");
        found(inbox().subject("one")
                .text("needle")
                .from(List.of("a@x"))
                .unseen(true)
                .since(Instant.EPOCH));
        assertFalse(
                heard("KEYWORD") || heard("LARGER") || heard("SMALLER") || heard("TEXT "),
                rig.server.imapHeard()::toString);
    }
}
