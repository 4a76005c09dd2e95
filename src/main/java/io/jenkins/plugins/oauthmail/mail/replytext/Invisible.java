package io.jenkins.plugins.oauthmail.mail.replytext;

/** White space of all kinds, and other characters that are not visible but occur in messages. */
final class Invisible {

    private static final String OTHERS = "\u00a0\u00ad\u034f\u115f\u180e\u2007\u202f\u2060\u2800\u3164\ufeff\ufffc";

    private Invisible() {}

    static boolean is(char c) {
        return c <= ' '
                || c >= 0x80
                        && (Character.isWhitespace(c)
                                || c >= '\u200b' && c <= '\u200f'
                                || c >= '\u2028' && c <= '\u202e'
                                || c >= '\u2066' && c <= '\u2069'
                                || OTHERS.indexOf(c) >= 0);
    }

    /** Removes them from both ends. */
    static String strip(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && is(text.charAt(from))) {
            from++;
        }
        while (to > from && is(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    /** Removes them from the end, and those that are not white space from the beginning. */
    static String trimmed(String line) {
        int to = line.length();
        while (to > 0 && is(line.charAt(to - 1))) {
            to--;
        }
        int from = 0;
        while (from < to && is(line.charAt(from)) && line.charAt(from) > ' ') {
            from++;
        }
        return line.substring(from, to);
    }
}
