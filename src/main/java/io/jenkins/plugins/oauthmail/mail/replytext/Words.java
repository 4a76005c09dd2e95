package io.jenkins.plugins.oauthmail.mail.replytext;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The words that mail programs put around replies, in the languages of {@code words.properties}, as parts of patterns. */
final class Words {

    private static final String ANYTHING = "...";

    private static final Properties TABLE = table();

    private Words() {}

    private static Properties table() {
        Properties table = new Properties();
        try (Reader in =
                new InputStreamReader(Words.class.getResourceAsStream("words.properties"), StandardCharsets.UTF_8)) {
            table.load(in);
            return table;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * All words of a kind, in all languages, the longest first. They are grouped by their first letter, because
     * otherwise each of some hundred words would be tried at each position of a text.
     *
     * @param kind the key in that file
     */
    static String any(String kind) {
        return words(kind)
                .sorted(Comparator.comparing(String::length).reversed().thenComparing(Comparator.naturalOrder()))
                .collect(Collectors.groupingBy(Words::first, LinkedHashMap::new, Collectors.toList()))
                .values()
                .stream()
                .map(Words::alike)
                .collect(Collectors.joining("|", "(?:", ")"));
    }

    /** A character class of the first letters of all words of a kind. */
    static String beginning(String kind) {
        return words(kind)
                .map(word -> Pattern.quote(word.substring(0, word.offsetByCodePoints(0, 1))))
                .distinct()
                .collect(Collectors.joining("", "[", "]"));
    }

    private static Stream<String> words(String kind) {
        return TABLE.stringPropertyNames().stream()
                .filter(key -> key.endsWith("." + kind))
                .flatMap(key -> Stream.of(TABLE.getProperty(key).strip().split("\\|")))
                .distinct();
    }

    /** As patterns compare letters without regard to case. */
    private static int first(String word) {
        return Character.toLowerCase(Character.toUpperCase(word.codePointAt(0)));
    }

    /** Words that begin with the same letter. */
    private static String alike(List<String> words) {
        if (words.size() == 1) {
            return quoted(words.get(0));
        }
        int length = words.get(0).offsetByCodePoints(0, 1);
        return words.stream()
                .map(word -> quoted(word.substring(length)))
                .collect(Collectors.joining("|", Pattern.quote(words.get(0).substring(0, length)) + "(?:", ")"));
    }

    private static String quoted(String words) {
        return Stream.of(words.split(Pattern.quote(ANYTHING), -1))
                .map(Pattern::quote)
                .collect(Collectors.joining(".{0,60}"));
    }

    /** How many languages there are. */
    static long languages() {
        return TABLE.stringPropertyNames().stream()
                .map(key -> key.substring(0, key.indexOf('.')))
                .distinct()
                .count();
    }
}
