package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Upper and lower case for text written by others, in linear time.
 *
 * <p>{@link String#toLowerCase} and {@link String#toUpperCase} copy everything converted so far whenever a character
 * becomes longer ({@code İ}, {@code ß}), and scan for word boundaries at each {@code Σ}: a mebibyte of such characters
 * takes minutes. They also map a few non-ASCII characters to ASCII, such as the Kelvin sign, so addresses compared with
 * them could be taken for each other.
 */
public final class CaseFolding {

    /** Folded forms of the characters whose upper case has several characters; all of them are in the basic plane. */
    private static final Map<Integer, String> LONGER = new HashMap<>();

    static {
        for (int c = 0x80; c < 0x10000; c++) {
            String upper = Character.toString(c).toUpperCase(Locale.ROOT);
            if (upper.length() > 1) {
                LONGER.put(c, simple(upper));
            }
        }
        LONGER.put(0x130, "i\u0307");
    }

    private CaseFolding() {}

    /**
     * Lower case for text that is ASCII by its standard, and where no other character may be taken for ASCII:
     * addresses, domains, server names, keywords, MIME types.
     *
     * @return the text with A to Z in lower case and everything else unchanged; the length stays the same
     */
    @NonNull
    public static String asciiLower(@NonNull String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isUpper(text.charAt(i))) {
                char[] lower = text.toCharArray();
                for (; i < lower.length; i++) {
                    lower[i] = asciiLower(lower[i]);
                }
                return new String(lower);
            }
        }
        return text;
    }

    /** Whether both are equal when the case of A to Z is ignored; two nulls are equal. */
    public static boolean equalsAscii(@CheckForNull String one, @CheckForNull String other) {
        if (one == null || other == null) {
            return one == null && other == null;
        }
        return one.length() == other.length() && asciiLower(one).equals(asciiLower(other));
    }

    /**
     * Folds text for a search: {@code STRASSE} and {@code straße} become the same, whatever the language.
     *
     * @return at most three times as long as the text
     */
    @NonNull
    public static String fold(@NonNull String text) {
        StringBuilder folded = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (c < 0x80) {
                folded.append(asciiLower((char) c));
                continue;
            }
            String longer = LONGER.get(c);
            if (longer == null) {
                folded.appendCodePoint(simple(c));
            } else {
                folded.append(longer);
            }
        }
        return folded.toString();
    }

    private static String simple(String text) {
        StringBuilder lower = new StringBuilder();
        text.codePoints().map(CaseFolding::simple).forEach(lower::appendCodePoint);
        return lower.toString();
    }

    /** Through upper case, because only that unites both forms of sigma. */
    private static int simple(int c) {
        return Character.toLowerCase(Character.toUpperCase(c));
    }

    private static char asciiLower(char c) {
        return isUpper(c) ? (char) (c + ('a' - 'A')) : c;
    }

    private static boolean isUpper(char c) {
        return c >= 'A' && c <= 'Z';
    }
}
