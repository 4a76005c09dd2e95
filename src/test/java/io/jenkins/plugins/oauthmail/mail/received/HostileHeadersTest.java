package io.jenkins.plugins.oauthmail.mail.received;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.MailAddress;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers as large as servers take them, made to cost time or memory. */
class HostileHeadersTest {
    /** Less than work that is not linear takes, however busy the machine is. */
    private static final Duration SOON = Duration.ofMinutes(1);

    private static String field(String name, String unit) {
        int count = ReceivedHeaders.MAX_BYTES / unit.getBytes(StandardCharsets.UTF_8).length;
        return name + ": " + unit.repeat(count) + "\r\n";
    }

    private static ReceivedHeaders headers(String fields) throws Exception {
        return new ReceivedHeaders(new ByteArrayInputStream((fields + "\r\n").getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"<", "(", "[", "\"", "\\", "a,", "a@b,", ":", ";", "g:a@b;,", "<>", "\r\n x", "\r\n <"})
    void parsesAddressesInLinearTime(String unit) {
        assertTimeoutPreemptively(SOON, () -> {
            ReceivedHeaders headers = headers(field("To", unit));
            headers.addresses("To");
            headers.fields(List.of("*"));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r\n x", "\u0301\u0327", "\uff9e\u0301", "(", "=?utf-8?q?a?= ", "=?a?q?b?= =?b?q?c?="})
    void parsesOtherFieldsInLinearTime(String unit) {
        assertTimeoutPreemptively(SOON, () -> {
            QueryMatcher match =
                    new QueryMatcher(MailQuery.in("INBOX").subject("x y").build(), AuthenticationRule.NONE);
            for (String name : List.of("Subject", "Date", "References")) {
                ReceivedHeaders headers = headers(field(name, unit));
                match.headers(headers);
                headers.sent();
                headers.ids(name);
                headers.values(name);
            }
        });
    }

    /** Java searches all its providers for a charset that it does not know, each time anew. */
    @Test
    void handlesUnknownCharsetsInLinearTime() {
        StringBuilder words = new StringBuilder();
        for (int i = 0; words.length() < ReceivedHeaders.MAX_BYTES; i++) {
            words.append("=?x").append(i).append("?q?a?= ");
        }
        assertTimeoutPreemptively(SOON, () -> ReceivedHeaders.decoded(words.toString()));
    }

    @Test
    void searchesCombiningMarksInLinearTime() {
        QueryMatcher match = new QueryMatcher(MailQuery.in("INBOX").text("x").build(), AuthenticationRule.NONE);
        String marks = "\u0301\u0327".repeat(BodyText.LIMIT / 4);
        assertTimeoutPreemptively(SOON, () -> {
            assertFalse(match.bodies("y" + marks, null, ReadDeadline.ENDLESS));
            assertTrue(match.bodies(marks + " x", null, ReadDeadline.ENDLESS));
        });
    }

    @Test
    void cleansAttachmentNamesInLinearTime() {
        for (String unit : List.of("\r\n x", "=?utf-8?q?a?= ", "\u0301\u0327")) {
            assertTimeoutPreemptively(
                    SOON,
                    () -> assertTrue(new AttachmentNames()
                            .next(unit.repeat((1 << 20) / unit.length()) + ".pdf", "text/plain")
                            .endsWith(".pdf")));
        }
    }

    @Test
    void limitsTheNumberOfAddresses() throws Exception {
        assertEquals(1000, headers(field("To", "a@b,")).addresses("To").size());
    }

    @Test
    void readsLongListsCompletely() throws Exception {
        String list = IntStream.range(0, 900)
                .mapToObj(i -> "\"Person, " + i + "\" <person" + i + "@example.com>")
                .collect(Collectors.joining(",\r\n "));
        List<MailAddress> people = headers("To: " + list + "\r\n").addresses("To");
        assertEquals(900, people.size());
        assertEquals(new MailAddress("Person, 0", "person0@example.com"), people.get(0));
        assertEquals(new MailAddress("Person, 899", "person899@example.com"), people.get(899));
    }
}
