package io.jenkins.plugins.oauthmail.steps;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Converts arguments that a pipeline may give as lists, maps or booleans to the text that the step's form has. A header
 * whose value is null is omitted.
 */
final class SendArguments {
    private SendArguments() {}

    /** @param arguments the pipeline's arguments by name */
    @NonNull
    static Map<String, Object> asText(@NonNull Map<String, Object> arguments) {
        Map<String, Object> text = new LinkedHashMap<>(arguments);
        for (String name : new String[] {"to", "cc", "bcc", "replyTo"}) {
            text.computeIfPresent(name, (same, value) -> joined(value, ", "));
        }
        text.computeIfPresent(
                "attachments",
                (same, value) -> value instanceof Collection<?> files
                        ? files.stream()
                                .map(file -> String.valueOf(file).replace(",", "\\,"))
                                .collect(Collectors.joining(","))
                        : value);
        text.computeIfPresent("inReplyTo", (same, value) -> joined(value, " "));
        text.computeIfPresent(
                "headers",
                (same, value) -> value instanceof Map<?, ?> headers
                        ? headers.entrySet().stream()
                                .filter(header -> header.getValue() != null)
                                // A line break in a value must not start another header; this character is rejected
                                // later.
                                .map(header -> (Objects.toString(header.getKey(), "") + ": " + header.getValue())
                                        .replace('\n', '\r'))
                                .collect(Collectors.joining("\n"))
                        : value);
        text.computeIfPresent("attachLog", (same, value) -> joined(value, " "));
        return text;
    }

    private static Object joined(Object value, String separator) {
        if (value instanceof Collection<?> values) {
            return values.stream().map(String::valueOf).collect(Collectors.joining(separator));
        }
        return value instanceof Boolean || value instanceof Number ? value.toString() : value;
    }
}
