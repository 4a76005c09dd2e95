package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.compose.HeaderRules;
import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.MailAddress;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.OneLine;
import io.jenkins.plugins.oauthmail.mail.received.AttachmentNames;
import io.jenkins.plugins.oauthmail.mail.received.QueryMatcher;
import io.jenkins.plugins.oauthmail.mail.received.ReceivedHeaders;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing that strangers write begins a line of its own, or shows what it is not. */
class OneLineTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0085",
                "\u2028",
                "\u2029",
                "\u0000",
                "\u000b",
                "\f",
                "\u001b",
                "\u007f",
                "\u009b",
                "\r\n",
                "\u0090\u2028"
            })
    void replacesControlsAndSeparatorsBySpaces(String control) throws Exception {
        assertEquals("a b", OneLine.of("a" + control + "b"));
        assertEquals("a", OneLine.of(control + "a" + control));
        assertEquals("a b", QuotedText.clean("a" + control + "b"));
        String encoded = "=?utf-8?b?"
                + java.util.Base64.getEncoder().encodeToString(("a" + control + "b").getBytes(StandardCharsets.UTF_8))
                + "?=";
        ReceivedHeaders headers = new ReceivedHeaders(
                new ByteArrayInputStream(("Subject: " + encoded + "\r\nFrom: " + encoded + " <x@y.example>\r\n\r\n")
                        .getBytes(StandardCharsets.UTF_8)));
        assertEquals("a b", headers.subject());
        assertEquals(List.of(new MailAddress("a b", "x@y.example")), headers.addresses("From"));
        // Some of these are letters in windows-1252, which undeclared names are often in.
        String name = new AttachmentNames().next("a" + control + "b.txt", "text/plain");
        assertTrue(name.matches("a[\\p{L}\\p{Po}\\p{Pf}]?b\\.txt"), name);
        assertThrows(MailFailure.class, () -> HeaderRules.oneLine("subject", "a" + control + "b"));
        assertThrows(MailFailure.class, () -> HeaderRules.fileName("a" + control + "b"));
        assertThrows(
                IllegalArgumentException.class,
                () -> MailQuery.in("INBOX").subject("a" + control + "b").build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u061c", "\u200e", "\u200f", "\u202a", "\u202e", "\u2066", "\u2069", "\u206a"})
    void removesBidirectionalControls(String control) throws Exception {
        assertEquals("ab", OneLine.of("a" + control + "b"));
        assertEquals("ab", OneLine.lines("a" + control + "b"));
        assertEquals("ab", ReceivedHeaders.decoded("a" + control + "b"));
        assertEquals("ab", HeaderRules.oneLine("subject", "a" + control + "b"));
        assertEquals("ab", HeaderRules.fileName("a" + control + "b"));
        // Some of these are letters in windows-1252, which undeclared names are often in.
        String name = new AttachmentNames().next("a" + control + "b.txt", "text/plain");
        assertTrue(name.matches("a[\\p{L}\\p{Po}\\p{Pf}]?b\\.txt"), name);
        assertTrue(
                new QueryMatcher(MailQuery.in("INBOX").text("a" + control + "b").build(), AuthenticationRule.NONE)
                        .bodies("xa" + control + "b", null, ReadDeadline.ENDLESS));
    }

    @Test
    void keepsLinesOfMultiLineText() {
        assertEquals("a\n\tb\nc\nd", OneLine.lines("a\r\n\tb\u2028c\u0085d\u009b"));
        assertEquals("", OneLine.lines(null));
    }
}
