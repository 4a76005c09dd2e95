package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;

/**
 * Text of other people where one line is expected: subjects, names, files, what servers say, lines of a log. What would
 * begin another line, in whatever program shows it, becomes a space; what would only change the order in which its
 * characters are shown goes.
 */
public final class OneLine {

    private OneLine() {}

    /**
     * @param text null counts as empty
     * @return without control characters (C0, DEL, C1), line and paragraph separators, a run of which becomes one space,
     *     without bidirectional controls, and without spaces at both ends
     */
    @NonNull
    public static String of(@CheckForNull String text) {
        return clean(text, false, " ", "").strip();
    }

    /**
     * The same for what tells one person or thing from another: nothing goes that was between two characters, or one
     * could be taken for another.
     *
     * @return with U+FFFD in place of bidirectional controls
     */
    @NonNull
    public static String ofName(@CheckForNull String text) {
        return clean(text, false, " ", "\uFFFD").strip();
    }

    /**
     * The same for text that may have several lines.
     *
     * @return separated by {@code \n}; tabs stay, other control characters go
     */
    @NonNull
    public static String lines(@CheckForNull String text) {
        return clean(text, true, "", "");
    }

    /** @return without bidirectional controls, otherwise as it was */
    @NonNull
    public static String inOrder(@NonNull String text) {
        StringBuilder kept = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isBidirectional(c)) {
                if (kept == null) {
                    kept = new StringBuilder(text.length()).append(text, 0, i);
                }
            } else if (kept != null) {
                kept.append(c);
            }
        }
        return kept == null ? text : kept.toString();
    }

    /** Whether a character is in it that can end a line or steer a terminal, a tab included. */
    public static boolean hasControls(@NonNull String text) {
        return text.chars().anyMatch(c -> isControl((char) c));
    }

    /** Whether nothing in it can end a line or steer a terminal; tabs and bidirectional controls may be there. */
    public static boolean fits(@NonNull String text) {
        return text.chars().noneMatch(c -> isControl((char) c) && c != '\t');
    }

    /** Whether it is a control character, or separates lines or paragraphs. */
    static boolean isControl(char c) {
        return Character.isISOControl(c) || isSeparator(c);
    }

    private static boolean isSeparator(char c) {
        return c == '\u2028' || c == '\u2029' || c == '\u0085';
    }

    /** Unicode's Bidi_Control, and the deprecated controls beside them. */
    static boolean isBidirectional(char c) {
        return c == '\u061c'
                || c == '\u200e'
                || c == '\u200f'
                || c >= '\u202a' && c <= '\u202e'
                || c >= '\u2066' && c <= '\u206f';
    }

    private static String clean(String text, boolean lines, String control, String bidirectional) {
        if (text == null) {
            return "";
        }
        StringBuilder clean = new StringBuilder(text.length());
        boolean replaced = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isBidirectional(c)) {
                clean.append(bidirectional);
            } else if (!isControl(c) || lines && (c == '\n' || c == '\t')) {
                clean.append(c);
                replaced = false;
            } else if (lines && isSeparator(c)) {
                clean.append('\n');
            } else if (!replaced) {
                clean.append(control);
                replaced = true;
            }
        }
        return clean.toString();
    }
}
