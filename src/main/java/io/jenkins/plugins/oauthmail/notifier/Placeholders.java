package io.jenkins.plugins.oauthmail.notifier;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * Replaces <code>$NAME</code>, <code>${NAME}</code> and <code>${MACRO, argument="value"}</code>; <code>$$</code> stands
 * for a dollar sign, and a placeholder without a value is left unchanged. Values are never expanded again: commit
 * messages and branch names come from strangers, who could otherwise obtain the build's secrets with a
 * <code>$PASSWORD</code> in one of them.
 */
final class Placeholders {
    private final Values values;

    /** Provides values. */
    interface Values {
        /**
         * @param token the placeholder as written, including the dollar sign
         * @param name the name without dollar sign and braces; null if the placeholder is more than a name
         * @return null if it has no value
         */
        @CheckForNull
        String of(@NonNull String token, @CheckForNull String name) throws IOException, InterruptedException;
    }

    Placeholders(@NonNull Values values) {
        this.values = values;
    }

    /**
     * Replaces the placeholders of a text.
     *
     * @param encoding converts values for their place in the text, for example by escaping
     * @return null if the text is null
     */
    @Nullable // as the text is; the caller knows
    String fill(@CheckForNull String text, @NonNull UnaryOperator<String> encoding)
            throws IOException, InterruptedException {
        if (text == null) {
            return null;
        }
        StringBuilder filled = new StringBuilder();
        Braces braces = new Braces(text);
        int done = 0;
        for (int dollar = text.indexOf('$'); dollar >= 0; dollar = text.indexOf('$', done)) {
            filled.append(text, done, dollar);
            done = end(text, dollar + 1, braces);
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

    /** The end of the placeholder whose dollar sign precedes the given position. */
    private static int end(String text, int start, Braces braces) {
        if (text.startsWith("$", start)) {
            return start + 1;
        }
        if (text.startsWith("{", start)) {
            int brace = braces.closing(start);
            return brace < 0 ? start : brace + 1;
        }
        int end = start;
        while (end < text.length() && isNamePart(text.charAt(end))) {
            end++;
        }
        return end;
    }

    /**
     * Where placeholders end. Found for all positions of a text at once, from its end to its beginning: a search of its
     * own for each placeholder would take quadratic time if none of many has an end.
     */
    private static final class Braces {
        private final String text;
        /** The position of the closing brace if the text before this position is outside of quotes; -1 for none. */
        private int[] outside;
        /** The same if the text before is inside of quotes. */
        private int[] inside;

        Braces(String text) {
            this.text = text;
        }

        /**
         * The position of the closing brace; -1 if there is none. Quoted or escaped braces belong to an argument. A
         * brace without a name behind it, or with another placeholder before its end, is just text, so that it hides no
         * other.
         */
        int closing(int start) {
            char first = start + 1 < text.length() ? text.charAt(start + 1) : ' ';
            if (!isNamePart(first) && first != '#') {
                return -1;
            }
            if (outside == null) {
                find();
            }
            return outside[start];
        }

        private void find() {
            int length = text.length();
            outside = new int[length + 2];
            inside = new int[length + 2];
            Arrays.fill(outside, length, length + 2, -1);
            Arrays.fill(inside, length, length + 2, -1);
            for (int i = length - 1; i >= 0; i--) {
                char c = text.charAt(i);
                if (c == '\\') {
                    outside[i] = outside[i + 2];
                    inside[i] = inside[i + 2];
                } else if (c == '"') {
                    outside[i] = inside[i + 1];
                    inside[i] = outside[i + 1];
                } else {
                    inside[i] = inside[i + 1];
                    outside[i] = c == '}' ? i : text.startsWith("${", i) ? -1 : outside[i + 1];
                }
            }
        }
    }

    private static boolean isNamePart(char c) {
        return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_';
    }
}
