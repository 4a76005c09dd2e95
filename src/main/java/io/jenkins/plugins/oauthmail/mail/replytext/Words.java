package io.jenkins.plugins.oauthmail.mail.replytext;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
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
     * All words of a kind, in all languages, the longest first.
     *
     * @param kind the key in that file
     */
    static String any(String kind) {
        return TABLE.stringPropertyNames().stream()
                .filter(key -> key.endsWith("." + kind))
                .flatMap(key -> Stream.of(TABLE.getProperty(key).strip().split("\\|")))
                .distinct()
                .sorted(Comparator.comparing(String::length).reversed().thenComparing(Comparator.naturalOrder()))
                .map(Words::quoted)
                .collect(Collectors.joining("|", "(?:", ")"));
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
