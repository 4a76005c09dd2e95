package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Converts arguments that a pipeline may give as lists, arrays, maps, numbers or booleans to the text that the form of a
 * step has. What is null is omitted, in lists and maps, too.
 */
@Restricted(NoExternalUse.class)
public final class TextArguments {
    /** How to join lists of these arguments; other lists are joined with line breaks. */
    private static final Map<String, String> SEPARATORS = Map.of(
            "to",
            ", ",
            "cc",
            ", ",
            "bcc",
            ", ",
            "replyTo",
            ", ",
            "when",
            ", ",
            "attachments",
            ",",
            "inReplyTo",
            " ",
            "attachLog",
            " ",
            "subject",
            " ");

    private static final Set<String> BOOLEANS = Set.of("requestor", "culprits", "committers", "failBuild");

    private TextArguments() {}

    /**
     * @param arguments the pipeline's arguments by name
     * @return texts and, unchanged, booleans and what is neither a text nor made of texts
     */
    @NonNull
    public static Map<String, Object> asText(@NonNull Map<String, Object> arguments) {
        Map<String, Object> texts = new LinkedHashMap<>();
        arguments.forEach((name, value) -> {
            Object text = asText(name, value);
            if (text != null) {
                texts.put(name, text);
            }
        });
        return texts;
    }

    /** A list or array as a list without its nulls, nested ones in their place; null if it is neither. */
    @CheckForNull
    static List<Object> elements(@CheckForNull Object value) {
        if (value instanceof Collection<?> values) {
            return flat(values);
        }
        if (value == null || !value.getClass().isArray()) {
            return null;
        }
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < Array.getLength(value); i++) {
            values.add(Array.get(value, i));
        }
        return flat(values);
    }

    private static List<Object> flat(Collection<?> values) {
        List<Object> flat = new ArrayList<>();
        for (Object each : values) {
            List<Object> nested = elements(each);
            if (nested != null) {
                flat.addAll(nested);
            } else if (each != null) {
                flat.add(each);
            }
        }
        return flat;
    }

    private static Object asText(String name, Object value) {
        List<Object> several = elements(value);
        if (several != null) {
            return several.stream()
                    .map(each -> name.equals("attachments") ? each.toString().replace(",", "\\,") : each.toString())
                    .collect(Collectors.joining(SEPARATORS.getOrDefault(name, "\n")));
        }
        if (value instanceof Map<?, ?> headers && name.equals("headers")) {
            return headers.entrySet().stream()
                    .filter(header -> header.getValue() != null)
                    // A line break in a value must not start another header; this character is rejected later.
                    .map(header ->
                            (Objects.toString(header.getKey(), "") + ": " + header.getValue()).replace('\n', '\r'))
                    .collect(Collectors.joining("\n"));
        }
        if (value instanceof Boolean && BOOLEANS.contains(name)) {
            return value;
        }
        return value instanceof Boolean || value instanceof Number || value instanceof CharSequence
                ? value.toString()
                : value;
    }
}
