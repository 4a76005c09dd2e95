package io.jenkins.plugins.oauthmail.mail.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.received.ReceivedHeaders;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageParserTest {
    private static final String TRACE = field("X-Trace", "a");
    private static final String SUBJECT = field("SUBJECT", "Hello");

    private static String field(String name, String value) {
        return "{\"name\":\"" + name + "\",\"value\":\"" + value + "\"}";
    }

    private static GraphMessage message(WantedFields fields, String... members) throws IOException {
        String json = "{\"id\":\"M\"," + String.join(",", members) + "}";
        return Json.parse(json.getBytes(StandardCharsets.UTF_8), new MessageParser(fields)::message);
    }

    private static String headers(String... fields) {
        return "\"internetMessageHeaders\":[" + String.join(",", fields) + "]";
    }

    private static GraphPage page(String json) throws IOException {
        return Json.parse(json.getBytes(StandardCharsets.UTF_8), new MessageParser(WantedFields.USUAL)::page);
    }

    @Test
    void keepsTheFieldsThatAreWanted() throws Exception {
        ReceivedHeaders usual =
                message(WantedFields.USUAL, headers(TRACE, SUBJECT)).headers();
        assertEquals("Hello", usual.subject());
        assertNull(usual.first("X-Trace"));
        assertFalse(usual.cut());
        for (String more : List.of("x-trace", MailQuery.ALL_HEADERS)) {
            ReceivedHeaders headers = message(WantedFields.and(List.of(more)), headers(TRACE, SUBJECT))
                    .headers();
            assertEquals("a", headers.first("X-Trace"));
            assertEquals("Hello", headers.subject());
        }
    }

    @Test
    void keepsNothingOfManyFieldsThatNobodyWants() throws Exception {
        GraphMessage message = message(WantedFields.USUAL, headers(SUBJECT, TRACE + ("," + TRACE).repeat(60_000)));
        assertEquals("SUBJECT: Hello\r\n\r\n".length(), message.size());
        assertTrue(message.complete());
    }

    /** As with IMAP: nobody vouches for what is cut. */
    @Test
    void cutsTheHeaderAtTheSameSizeAsWithImap() throws Exception {
        String to = field("To", "a@b.c");
        ReceivedHeaders headers = message(WantedFields.USUAL, headers(to + ("," + to).repeat(60_000), SUBJECT))
                .headers();
        assertTrue(headers.cut());
        assertEquals(ReceivedHeaders.MAX_BYTES, headers.size());
        ReceivedHeaders one = message(WantedFields.USUAL, headers(SUBJECT, field("To", "é".repeat(200_000))))
                .headers();
        assertTrue(one.cut());
        assertEquals(ReceivedHeaders.MAX_BYTES, one.size());
        assertEquals("Hello", one.subject());
    }

    @Test
    void keepsNoMoreOfRecipients() throws Exception {
        String person = "{\"emailAddress\":{\"name\":\"Ann \\\"A\\\" Lee\",\"address\":\"ann@example.com\"}}";
        String some = "\"toRecipients\":[" + person + "],\"from\":" + person;
        ReceivedHeaders few =
                message(WantedFields.USUAL, "\"subject\":\"Hello\"", some).headers();
        assertEquals("Hello", few.subject());
        assertEquals("Ann \"A\" Lee", few.addresses("From").get(0).name());
        assertEquals("ann@example.com", few.addresses("To").get(0).address());
        String many = "\"ccRecipients\":[" + person + ("," + person).repeat(20_000) + "]";
        GraphMessage message = message(WantedFields.USUAL, some, many, "\"replyTo\":[]");
        assertEquals(ReceivedHeaders.MAX_BYTES, message.size());
        assertTrue(message.headers().cut());
        assertFalse(message.complete());
    }

    @Test
    void knowsThatNeitherHeaderNorSummaryIsListed() throws Exception {
        assertNull(message(WantedFields.USUAL, "\"isRead\":true").headers());
        GraphMessage empty = message(WantedFields.USUAL, "\"subject\":null", headers());
        assertEquals("", empty.headers().subject());
        assertFalse(empty.complete());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"value\"",
                "{\"value\":[",
                "{\"value\":[{\"id\":\"M\"",
                "{\"value\":[{\"id\":\"M\",\"internetMessageHeaders\":[{\"name\"",
                "{\"value\":[{\"id\":\"M\",\"flag\":{",
                "{\"value\":[{\"id\":\"M\",\"toRecipients\":[{\"emailAddress\":{\"name\":\"a\"",
                "{\"value\":[{\"id\":7}]}",
                "{\"value\":[[]]}",
                "{\"value\":{}}"
            })
    void takesNothingElseForAPage(String json) {
        assertThrows(IOException.class, () -> page(json));
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "null", "\"a\"", "[7, [], \"a\", null]", "{\"a\": [7]}", "[{\"emailAddress\": 7}]"})
    void passesOverValuesThatAreSomethingElse(String odd) throws Exception {
        for (String member : GraphMessage.SELECT.split(",")) {
            String json = "{\"" + member + "\":" + odd + ",\"id\":\"M\",\"more\":" + odd + "}";
            GraphPage page = page("{\"value\":[" + json + "],\"odd\":" + odd + ",\"@odata.nextLink\":\"next\"}");
            assertEquals("M", page.messages().get(0).id(), member);
            assertEquals("next", page.next());
        }
    }

    @Test
    void asksForLessOfEachMessageInLinksOfTheServer() {
        String brief = "id,receivedDateTime,isRead,isDraft,flag,parentFolderId";
        Map.of(
                        "http://x/messages?$top=5&$select=id,subject", "http://x/messages?$top=5&$select=" + brief,
                        "http://x/m?%24select=id%2Csubject&$skip=5", "http://x/m?%24select=" + brief + "&$skip=5",
                        "http://x/m?$skiptoken=5", "http://x/m?$skiptoken=5")
                .forEach((given, asked) -> assertEquals(URI.create(asked), GraphMessage.brief(URI.create(given))));
    }
}
