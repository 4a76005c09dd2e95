package io.jenkins.plugins.oauthmail.mail.imap;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.text.Normalizer;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Splits a text into words that a server can search for, each of which occurs in every message that contains the text.
 */
final class SearchWords {

    /** More words would hardly narrow the search, and some servers limit command lines to 8 KiB. */
    private static final int MAX_WORDS = 5;

    private static final int MAX_LENGTH = 150;

    private static final Pattern SPACE = Pattern.compile("[\\s\\p{Z}\\x85]+");

    /** In HTML, some of these characters may be written as entities. */
    private static final Pattern BETWEEN_BODY_WORDS = Pattern.compile("[\\s\\p{Z}\\x85&<>\"']+");

    /** In the source of HTML, there may be markup between a word and any of these characters. */
    private static final Pattern BETWEEN_SOURCE_WORDS = Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+");

    /** Characters that separate or quote names and addresses in a header field. */
    private static final Pattern BETWEEN_PEOPLE = Pattern.compile("[\\s\\p{Z}\\x85<>\"(),:;\\\\]+");

    private SearchWords() {}

    /** The longest words of a text; empty if the server cannot search for any of them. */
    static List<String> of(String text, boolean asciiOnly) {
        return words(SPACE, text, asciiOnly).limit(MAX_WORDS).toList();
    }

    /** Same as {@link #of}, for a text in a body, which may be HTML; only Exchange is limited to US-ASCII. */
    static List<String> ofBody(String text, boolean asciiOnly) {
        // Exchange has an index of words, in which it may not find parts of one that contains such characters.
        Pattern between = asciiOnly ? BETWEEN_BODY_WORDS : BETWEEN_SOURCE_WORDS;
        return words(between, text, asciiOnly).limit(MAX_WORDS).toList();
    }

    /** The longest word of a name or address; null if the server cannot search for any of them. */
    @CheckForNull
    static String ofPerson(String text, boolean asciiOnly) {
        return words(BETWEEN_PEOPLE, text, asciiOnly).findFirst().orElse(null);
    }

    static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 128);
    }

    private static Stream<String> words(Pattern between, String text, boolean asciiOnly) {
        return between.splitAsStream(text)
                .filter(word -> !word.isEmpty() && word.length() <= MAX_LENGTH)
                .map(word -> Normalizer.normalize(word, Normalizer.Form.NFC))
                // Other forms of the same letters, such as full-width ones, match in QueryMatcher, but on no server.
                .filter(word -> asciiOnly ? isAscii(word) : Normalizer.isNormalized(word, Normalizer.Form.NFKC))
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed());
    }
}
