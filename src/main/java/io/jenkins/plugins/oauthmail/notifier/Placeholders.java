package io.jenkins.plugins.oauthmail.notifier;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import java.io.IOException;
import java.util.function.UnaryOperator;

/**
 * Fills in <code>$NAME</code>, <code>${NAME}</code> and <code>${MACRO, argument="value"}</code>; <code>$$</code> is a
 * dollar, and what has no value stays as it stands. A value is never looked through again: commit messages and branch
 * names come from strangers, and with <code>$PASSWORD</code> in one of them they would get what the build keeps secret.
 */
final class Placeholders {
    private final Values values;

    /** Where values come from. */
    interface Values {
        /**
         * @param token as it stands in the text, from the dollar on
         * @param name without dollar and braces; null if the token is more than a name
         * @return null if it has no value
         */
        @CheckForNull
        String of(@NonNull String token, @CheckForNull String name) throws IOException, InterruptedException;
    }

    Placeholders(@NonNull Values values) {
        this.values = values;
    }

    /**
     * The text with its values.
     *
     * @param encoding makes a value fit for the place where it goes, for example escapes it
     * @return null if the text is null
     */
    @Nullable // as the text is; the caller knows
    String fill(@CheckForNull String text, @NonNull UnaryOperator<String> encoding)
            throws IOException, InterruptedException {
        if (text == null) {
            return null;
        }
        StringBuilder filled = new StringBuilder();
        int done = 0;
        for (int dollar = text.indexOf('$'); dollar >= 0; dollar = text.indexOf('$', done)) {
            filled.append(text, done, dollar);
            done = end(text, dollar + 1);
            filled.append(value(text.substring(dollar, done), encoding));
        }
        return filled.append(text, done, text.length()).toString();
    }

    private String value(String token, UnaryOperator<String> encoding) throws IOException, InterruptedException {
        if (token.length() == 1 || token.equals("$$")) {
            return "$";
        }
        String inner = token.charAt(1) == '{' ? token.substring(2, token.length() - 1) : token.substring(1);
        String value = values.of(token, inner.matches("[\\w.]+") ? inner : null);
        return value == null ? token : encoding.apply(value);
    }

    /** Where the token ends whose dollar stands before this place. */
    private static int end(String text, int start) {
        if (text.startsWith("$", start)) {
            return start + 1;
        }
        if (text.startsWith("{", start)) {
            int brace = closingBrace(text, start);
            return brace < 0 ? start : brace + 1;
        }
        int end = start;
        while (end < text.length() && isNamePart(text.charAt(end))) {
            end++;
        }
        return end;
    }

    /** -1 if there is none. Braces in quotation marks belong to an argument, and so does what a backslash precedes. */
    private static int closingBrace(String text, int start) {
        boolean quoted = false;
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == '}' && !quoted) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isNamePart(char c) {
        return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_';
    }
}
