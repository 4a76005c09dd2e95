package io.jenkins.plugins.oauthmail.mail.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.Query;
import io.jenkins.plugins.oauthmail.mail.received.LenientBase64;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The records: what they refuse and what they give away. */
class ValuesTest {

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LocalHost", "127.0.0.1", "127.8.9.10", "::1"})
    void allowsPlainTextOnLoopback(String host) {
        assertEquals(Security.NONE, new Endpoint(host, 25, Security.NONE).security());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.com",
                "localhost.example.com",
                "127.0.0.1.example.com",
                "10.0.0.1",
                "128.0.0.1",
                "0.0.0.0"
            })
    void rejectsPlainTextElsewhere(String host) {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> new Endpoint(host, 25, Security.NONE));
        assertTrue(e.getMessage().contains("choose TLS or STARTTLS"), e.getMessage());
        assertEquals(host, new Endpoint(host, 25, Security.TLS).host());
    }

    @Test
    void rejectsInvalidEndpoints() {
        assertThrows(IllegalArgumentException.class, () -> new Endpoint("", 25, Security.TLS));
        assertThrows(IllegalArgumentException.class, () -> new Endpoint("a b", 25, Security.TLS));
        assertThrows(IllegalArgumentException.class, () -> new Endpoint("a\r\nb", 25, Security.TLS));
        assertThrows(IllegalArgumentException.class, () -> new Endpoint("a", 0, Security.TLS));
        assertThrows(IllegalArgumentException.class, () -> new Endpoint("a", 65_536, Security.TLS));
        assertEquals("a:25", new Endpoint("a", 25, Security.TLS).toString());
    }

    @Test
    void rejectsUserNamesThatWouldForgeALogin() {
        Endpoint endpoint = new Endpoint("localhost", 25, Security.NONE);
        for (String user : new String[] {"", " ", "u\u0001auth=Bearer x", "u\r\n"}) {
            assertThrows(
                    IllegalArgumentException.class, () -> new Mailbox(user, endpoint, endpoint, () -> null, 0), user);
        }
        assertEquals("u@x", new Mailbox("u@x", endpoint, endpoint, () -> null, 0).toString());
    }

    @Test
    void rejectsInvalidQueries() {
        assertEquals(Query.of("INBOX", false, null, null, null, 20), MailQuery.inbox());
        assertEquals(MailQuery.inbox(), Query.of("INBOX", false, "", "", null, 20));
        for (int limit : new int[] {0, -1, 1001}) {
            assertThrows(IllegalArgumentException.class, () -> Query.of("INBOX", false, null, null, null, limit));
        }
        for (String text : new String[] {"a\r\nb", "\u0000"}) {
            assertThrows(IllegalArgumentException.class, () -> Query.of(text, false, null, null, null, 1));
            assertThrows(IllegalArgumentException.class, () -> Query.of("INBOX", false, text, null, null, 1));
            assertThrows(IllegalArgumentException.class, () -> Query.of("INBOX", false, null, text, null, 1));
        }
        assertThrows(IllegalArgumentException.class, () -> Query.of(" ", false, null, null, null, 1));
        for (Instant since : new Instant[] {
            Instant.MIN, Instant.parse("0001-01-01T23:59:59Z"), Instant.parse("+10000-01-01T00:00:00Z"), Instant.MAX
        }) {
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> Query.of("INBOX", false, null, null, since, 1));
            assertTrue(e.getMessage().startsWith("since must be"), e.getMessage());
        }
    }

    private static ReceivedMail full() {
        MailAddress address = new MailAddress("N", "a@example.com");
        return new ReceivedMail(
                new MailId("1:2"),
                "<m@x>",
                null,
                List.of("<r@x>"),
                List.of(address),
                List.of(new MailAddress(null, "b@example.com")),
                List.of(),
                List.of(),
                "s",
                Instant.parse("2026-03-10T09:00:00Z"),
                null,
                "t",
                null,
                "t",
                List.of("\\Seen"),
                Map.of("X-Build", List.of("7")),
                false,
                ReceivedMail.Authentication.pass("dmarc=pass header.from=example.com"),
                List.of(new ReceivedMail.Attachment("a.txt", "text/plain", 5, null, null)),
                7,
                List.of("left out"));
    }

    @Test
    void mapKeysAreComponentNames() {
        Map<String, Object> map = full().toMap();
        List<String> components = new ArrayList<>();
        for (var component : ReceivedMail.class.getRecordComponents()) {
            components.add(component.getName());
        }
        assertEquals(components, new ArrayList<>(map.keySet()));
        assertEquals("2026-03-10T09:00:00Z", map.get("sent"));
        assertEquals(
                "{name=a.txt, type=text/plain, size=5, path=null, problem=null}",
                ((List<?>) map.get("attachments")).get(0).toString());
    }

    @Test
    void mapsContainPlainValuesOnly() throws Exception {
        Map<String, Object> map = full().toMap();
        assertPlain(map);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(map);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertEquals(map, in.readObject());
        }
    }

    private static void assertPlain(Object value) {
        if (value instanceof Map) {
            assertEquals(LinkedHashMap.class, value.getClass());
            ((Map<?, ?>) value).keySet().forEach(key -> assertEquals(String.class, key.getClass()));
            ((Map<?, ?>) value).values().forEach(ValuesTest::assertPlain);
        } else if (value instanceof List) {
            assertEquals(ArrayList.class, value.getClass());
            ((List<?>) value).forEach(ValuesTest::assertPlain);
        } else {
            assertTrue(
                    value == null || value instanceof String || value instanceof Long || value instanceof Boolean,
                    () -> "" + value.getClass());
        }
    }

    @Test
    void quotesServerTextOnOneHarmlessLine() {
        assertEquals("", QuotedText.clean(null));
        assertEquals("535 5.7.8 No good", QuotedText.clean("535-5.7.8 No\n535 5.7.8 good\n"));
        assertEquals("a b c", QuotedText.clean("a\r\n\u0007b\u202e\tc"));
        assertEquals("x [...] y", QuotedText.clean("x " + "Ab9+/=_-.~".repeat(20) + " y"));
        assertTrue(QuotedText.clean("word ".repeat(500)).length() < 500);
        assertEquals("nothing", QuotedText.quoted(" "));
    }

    @Test
    void lenientBase64SkipsInvalidCharacters() throws Exception {
        for (String encoded :
                new String[] {"aGVsbG8=", "aGVs\r\nbG8=\r\n", " aG*Vs bG8", "aGVsbG8=\r\n--", "aGVsbG8=="}) {
            String decoded = new String(
                    new LenientBase64(new ByteArrayInputStream(encoded.getBytes("US-ASCII"))).readAllBytes(),
                    "US-ASCII");
            assertEquals("hello", decoded, encoded);
        }
        assertFalse(new LenientBase64(new ByteArrayInputStream(new byte[0])).read() >= 0);
    }

    /** A new component of a query is a condition, unless it is named here and in {@link MailQuery#matchesAll}. */
    @Test
    void everyConditionRestrictsAQuery() throws Exception {
        Set<String> noConditions = Set.of("folder", "headers", "limit", "newestFirst", "bodies", "html");
        Map<Class<?>, Object> values = Map.of(String.class, "x", Instant.class, Instant.EPOCH, boolean.class, true);
        assertTrue(MailQuery.in("Done").build().matchesAll());
        assertTrue(MailQuery.in("Done")
                .headers(List.of("Subject"))
                .limit(1)
                .newestFirst(false)
                .bodies(false)
                .html(false)
                .build()
                .matchesAll());
        for (RecordComponent component : MailQuery.class.getRecordComponents()) {
            if (!noConditions.contains(component.getName())) {
                Object value = component.getGenericType().getTypeName().contains("MailId")
                        ? List.of(new MailId("1:1"))
                        : values.getOrDefault(component.getType(), List.of("x@y"));
                MailQuery.Builder query = MailQuery.in("Done");
                MailQuery.Builder.class
                        .getMethod(component.getName(), component.getType())
                        .invoke(query, value);
                assertFalse(query.build().matchesAll(), component.getName());
            }
        }
    }
}
