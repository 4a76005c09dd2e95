package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.compose.PlainTextAlternative;
import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.received.AutomaticMail;
import io.jenkins.plugins.oauthmail.mail.received.BodyText;
import io.jenkins.plugins.oauthmail.mail.received.QueryMatcher;
import io.jenkins.plugins.oauthmail.mail.received.ReceivedHeaders;
import io.jenkins.plugins.oauthmail.mail.received.SenderAuthentication;
import io.jenkins.plugins.oauthmail.mail.replytext.HtmlToText;
import io.jenkins.plugins.oauthmail.mail.replytext.ReplyText;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts as large as they are read, made of what once cost a time that grew with the square of their length. */
class CostOfTextTest {
    private static final Duration SOON = Duration.ofMinutes(1);

    /** Characters that change their length with their case, or whose case depends on their neighbours. */
    private static String large(String unit) {
        return unit.repeat(BodyText.LIMIT / unit.getBytes(StandardCharsets.UTF_8).length);
    }

    private static ReceivedHeaders headers(String name, String unit) throws Exception {
        String value = unit.repeat(200_000 / unit.getBytes(StandardCharsets.UTF_8).length);
        return new ReceivedHeaders(
                new ByteArrayInputStream((name + ": " + value + "\r\n\r\n").getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\u0130", "\u00df", "\u03a3", "\u0149", "\u1f52", "\ufb03", "\ud801\udc00", "\u0130 ", "a\u03a3 "
            })
    void conditionsOnBodies(String unit) {
        QueryMatcher match =
                new QueryMatcher(MailQuery.in("INBOX").text("wanted").build(), AuthenticationRule.NONE);
        String text = large(unit);
        assertTimeoutPreemptively(SOON, () -> {
            assertFalse(match.bodies(text, text, ReadDeadline.ENDLESS));
            assertTrue(match.bodies(text + " WANTED", null, ReadDeadline.ENDLESS));
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0130",
                "\u03a3",
                "<\u0130>",
                "<p>\u0130",
                "<!--",
                "<script>",
                "<a ",
                "</",
                "<",
                "&#",
                "&lt;",
                "<!",
                "<?",
                "<blockquote>x",
                "<style></style>",
                "\u0130<br>",
                "> ",
                "&#x41;",
                "<div border-top:solid #E1E1E1>"
            })
    void textOfHtml(String unit) {
        assertTimeoutPreemptively(SOON, () -> HtmlToText.of(large(unit), ReadDeadline.ENDLESS));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0130",
                "\u0130\n",
                "-- \n",
                "-- \n\n",
                "____________________\n",
                "____________________\n\n",
                "\n",
                "> \n",
                "From: x\n",
                "From: x\nTo: y\n",
                "on 1 wrote:\n",
                "on 1 wrote wrote wrote wrote wrote wrote wrote x:\n",
                "on 1 x:\n",
                "-- \n\n\non 1 wrote:\n\n\n",
                "a 1@ <a@b <a@b <a@b x:\n",
                "1234 <<<<<<<<<<<<:\n",
                "\r",
                "\r\n",
                "_ ",
                "- ",
                "*",
                ":",
                ":\n",
                "1,:\n",
                "\u2028",
                "\u0085"
            })
    void answers(String unit) {
        assertTimeoutPreemptively(SOON, () -> ReplyText.of(large(unit), null, ReadDeadline.ENDLESS));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0130",
                "\u03a3",
                "\u00df",
                "=?\u0130",
                "\u0130 ",
                "=?\u0130?q?a?=",
                "no\u0130",
                "(\u0130",
                "a;\u0130="
            })
    void headers(String unit) {
        QueryMatcher match = new QueryMatcher(
                MailQuery.in("INBOX")
                        .from(List.of("a", "b"))
                        .subject("x")
                        .repliesTo(List.of("<a@b>"))
                        .build(),
                AuthenticationRule.EXCHANGE);
        assertTimeoutPreemptively(SOON, () -> {
            for (String name : List.of(
                    "Subject",
                    "From",
                    "To",
                    "Auto-Submitted",
                    "Precedence",
                    "Content-Type",
                    "Return-Path",
                    "References",
                    "Authentication-Results",
                    "Date")) {
                ReceivedHeaders headers = headers(name, unit);
                match.headers(headers);
                AutomaticMail.is(headers);
                headers.sent();
                headers.subject();
                headers.fields(List.of("*"));
                headers.ids("References");
                new SenderAuthentication(AuthenticationRule.server("mx.example")).verdict(headers);
                new SenderAuthentication(AuthenticationRule.EXCHANGE).verdict(headers);
            }
        });
    }

    @Test
    void findsTextsOfAllLanguagesRegardlessOfCase() {
        for (String[] pair : new String[][] {
            {"STRASSE", "stra\u00dfe"},
            {"\u039b\u039f\u0393\u039f\u03a3", "\u03bb\u03cc\u03b3\u03bf\u03c2".replace("\u03cc", "\u03bf")},
            {"\u0130stanbul", "i\u0307stanbul"},
            {"\ufb03x", "FFIX"},
            {"\ud801\udc00", "\ud801\udc28"},
            {"\u2126", "\u03c9"}
        }) {
            assertEquals(CaseFolding.fold(pair[0]), CaseFolding.fold(pair[1]));
        }
        assertEquals("a\u212ab\u0130\u017f", CaseFolding.asciiLower("A\u212aB\u0130\u017f"));
        assertFalse(CaseFolding.equalsAscii("k@x", "\u212a@x"));
        assertTrue(CaseFolding.equalsAscii("K@X", "k@x"));
    }

    /** Of n pieces and of 4 n: it is asked four times as often, so that neither limit nor abort waits for a mail's end. */
    @Test
    void checksTheDeadlineWithinOneMessage() throws Exception {
        for (String unit : List.of("<p>x", "<", "\u0130<br>")) {
            assertTrue(asked(time -> HtmlToText.of(unit.repeat(40_000), time)) >= 100, unit);
            assertTrue(
                    asked(time -> HtmlToText.of(unit.repeat(40_000), time))
                            <= 5 * asked(time -> HtmlToText.of(unit.repeat(10_000), time)),
                    unit);
        }
        assertTrue(asked(time -> ReplyText.of("x\n".repeat(40_000), null, time)) >= 100);
        assertTrue(asked(time -> ReplyText.of("-- \n".repeat(40_000), null, time)) >= 100);
    }

    @Test
    void interruptEndsWorkOnOneMessage() {
        Thread.currentThread().interrupt();
        try {
            assertThrows(MailFailure.class, () -> HtmlToText.of("<p>x".repeat(10_000), ReadDeadline.ENDLESS));
            assertThrows(MailFailure.class, () -> ReplyText.of("x\n".repeat(10_000), null, ReadDeadline.ENDLESS));
        } finally {
            assertTrue(Thread.interrupted(), "whoever waits for the thread must still see it");
        }
    }

    private interface Work {
        void with(ReadDeadline time) throws Exception;
    }

    private static int asked(Work work) throws Exception {
        AtomicInteger count = new AtomicInteger();
        work.with(new ReadDeadline(Duration.ofMinutes(1), count::incrementAndGet));
        return count.get();
    }

    @Test
    void readsAnEncodedWordWithALongCharset() {
        String word = "=?" + "\u0130".repeat(100_000) + "?q?a?=";
        assertTimeoutPreemptively(SOON, () -> ReceivedHeaders.decoded(word));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<li>",
                "<ol><li>x",
                "<td>",
                "<tr><td>x",
                "<div>",
                "<b>",
                "<a href=\"https://x\">",
                "<table><tr><td><a href=\"https://x\">y",
                "<p>",
                "<br>",
                "  ",
                "\u00a0",
                "\u0130",
                "<ul>",
                "<img alt=\"x\">",
                "<pre>",
                " <b> ",
                "<x a=1>",
                "<p><b>",
                "<p><font a>"
            })
    void convertsSentHtmlToTextQuickly(String unit) {
        assertTimeoutPreemptively(SOON, () -> PlainTextAlternative.of(unit.repeat(BodyText.LIMIT / unit.length())));
    }

    @Test
    void convertsTagsWithManyAttributesQuickly() {
        StringBuilder tag = new StringBuilder("<p");
        for (int i = 0; tag.length() < BodyText.LIMIT; i++) {
            tag.append(" a").append(i).append("=1");
        }
        assertTimeoutPreemptively(SOON, () -> assertEquals("x", PlainTextAlternative.of(tag + ">x")));
    }

    @Test
    void numbersLongListsQuickly() {
        assertEquals("1. a\n2. b\n- c\n\n3. d", PlainTextAlternative.of("<ol><li>a</li><li>b<ul><li>c</ul><li>d</ol>"));
    }
}
