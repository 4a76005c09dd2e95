package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Upper and lower case in what other people wrote, in a time that grows with its length.
 *
 * <p>{@link String#toLowerCase} and {@link String#toUpperCase} copy all they have so far for each character that gets
 * longer ({@code İ}, {@code ß}), and look for the borders of a word for each {@code Σ}: a mebibyte of them takes
 * minutes. And they know a few characters beyond ASCII whose other case is in ASCII, such as the Kelvin sign: whoever
 * compares addresses with them takes one person for another.
 */
public final class CaseFolding {

    /** Characters whose upper case is several, folded; all of them are in the basic plane. */
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
     * For what is ASCII by its standard, or where nothing beyond ASCII may be taken for it: addresses, domains, names of
     * servers, keywords, MIME types.
     *
     * @return A to Z in lower case, everything else as it was, of the same length
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

    /** Whether both are the same but for the case of A to Z; two nulls are, too. */
    public static boolean equalsAscii(@CheckForNull String one, @CheckForNull String other) {
        if (one == null || other == null) {
            return one == null && other == null;
        }
        return one.length() == other.length() && asciiLower(one).equals(asciiLower(other));
    }

    /**
     * For text that people search in: {@code STRASSE} and {@code straße} become the same, whatever language they are of.
     *
     * @return at most three times as long
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

    /** By way of the upper case, which alone brings both forms of sigma together. */
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
