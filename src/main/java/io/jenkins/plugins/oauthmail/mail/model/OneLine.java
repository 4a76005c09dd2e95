package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;

/**
 * Cleans text from others where one line is expected: subjects, names, file names, server replies, log lines. Whatever
 * some program might display as a line break becomes a space; characters that only reorder the display are removed.
 */
public final class OneLine {

    private OneLine() {}

    /**
     * @param text null counts as empty
     * @return the text without bidirectional controls and without spaces at both ends; each run of control characters
     *     (C0, DEL, C1) and line or paragraph separators is one space
     */
    @NonNull
    public static String of(@CheckForNull String text) {
        return clean(text, false, " ", "").strip();
    }

    /**
     * Same as {@link #of}, for text that identifies a person or thing. Bidirectional controls are replaced and not
     * removed, because otherwise two different names could become equal.
     *
     * @return the text with U+FFFD in place of bidirectional controls
     */
    @NonNull
    public static String ofName(@CheckForNull String text) {
        return clean(text, false, " ", "\uFFFD").strip();
    }

    /**
     * Same as {@link #of}, for text of several lines.
     *
     * @return the lines separated by {@code \n}; tabs are kept, other control characters are removed
     */
    @NonNull
    public static String lines(@CheckForNull String text) {
        return clean(text, true, "", "");
    }

    /**
     * @param most how many code points it may have
     * @return the text, or as much of its beginning as fits in front of an ellipsis
     */
    @NonNull
    public static String shortened(@NonNull String text, int most) {
        return text.codePointCount(0, text.length()) <= most
                ? text
                : text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
    }

    /** @return the text without bidirectional controls, otherwise unchanged */
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

    /** Whether the text contains a character that can end a line or control a terminal; tabs count. */
    public static boolean hasControls(@NonNull String text) {
        return text.chars().anyMatch(c -> isControl((char) c));
    }

    /**
     * Whether the text contains nothing that can end a line or control a terminal; tabs and bidirectional controls are
     * allowed.
     */
    public static boolean fits(@NonNull String text) {
        return text.chars().noneMatch(c -> isControl((char) c) && c != '\t');
    }

    /** Whether the character is a control character, or a line or paragraph separator. */
    static boolean isControl(char c) {
        return Character.isISOControl(c) || isSeparator(c);
    }

    private static boolean isSeparator(char c) {
        return c == '\u2028' || c == '\u2029' || c == '\u0085';
    }

    /** Unicode's Bidi_Control, and the deprecated format controls next to it. */
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
