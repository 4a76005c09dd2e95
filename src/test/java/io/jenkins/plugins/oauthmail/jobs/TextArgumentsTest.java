package io.jenkins.plugins.oauthmail.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a pipeline may give for a text. */
class TextArgumentsTest {
    static List<Arguments> values() {
        return List.of(
                Arguments.of("to", List.of("a@b.c", "d@e.f"), "a@b.c, d@e.f"),
                Arguments.of("to", new String[] {"a@b.c", null, "d@e.f"}, "a@b.c, d@e.f"),
                Arguments.of("cc", Arrays.asList("a@b.c", null), "a@b.c"),
                Arguments.of("bcc", Set.of(new StringBuilder("a@b.c")), "a@b.c"),
                Arguments.of("to", List.of(List.of("a@b.c"), new String[] {"d@e.f"}), "a@b.c, d@e.f"),
                Arguments.of("to", List.of(), ""),
                Arguments.of("when", List.of("FAILURE", "FIXED"), "FAILURE, FIXED"),
                Arguments.of("attachLog", true, "true"),
                Arguments.of("attachLog", 200, "200"),
                Arguments.of("attachLog", List.of(200, "gzip"), "200 gzip"),
                Arguments.of("attachLog", new int[] {200}, "200"),
                Arguments.of("subject", 42L, "42"),
                Arguments.of("body", List.of("one", "two"), "one\ntwo"),
                Arguments.of("html", new StringBuilder("<p>"), "<p>"),
                Arguments.of("attachments", List.of("a,b.txt", "*.log"), "a\\,b.txt,*.log"),
                Arguments.of("inReplyTo", List.of("<a@b>", "<c@d>"), "<a@b> <c@d>"),
                Arguments.of("culprits", true, true),
                Arguments.of("failBuild", "true", "true"));
    }

    @ParameterizedTest
    @MethodSource("values")
    void convertsValuesToText(String name, Object value, Object text) {
        assertEquals(Map.of(name, text), TextArguments.asText(Map.of(name, value)));
    }

    @Test
    void omitsNulls() {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("to", null);
        arguments.put("culprits", null);
        arguments.put("subject", "x");
        assertEquals(Map.of("subject", "x"), TextArguments.asText(arguments));
    }

    @Test
    void convertsHeadersToLines() {
        Map<Object, Object> headers = new LinkedHashMap<>();
        headers.put("X-Build", 7);
        headers.put(new StringBuilder("X-Job"), "a");
        headers.put("X-None", null);
        assertEquals(
                Map.of("headers", "X-Build: 7\nX-Job: a"), TextArguments.asText(Map.of("headers", (Object) headers)));
    }
}
