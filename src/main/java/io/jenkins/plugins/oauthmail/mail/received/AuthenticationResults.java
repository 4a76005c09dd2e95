package io.jenkins.plugins.oauthmail.mail.received;

import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A parsed Authentication-Results field (RFC 8601 section 2.2). Comments and quoted strings are ignored, because
 * senders can influence them and nothing that matters is in them.
 *
 * @param server the authserv-id, empty if there is none, as with Exchange
 * @param cut whether something was too long to be read, or is hidden by a comment or quoted string that does not end, so
 *     that there may be other results than these
 */
record AuthenticationResults(String server, List<Result> results, boolean cut) {

    private static final int MAX_LENGTH = 16 << 10;
    private static final Pattern PAIR =
            Pattern.compile("([A-Za-z0-9._-]{1,60})(?: ?/ ?[0-9]{1,9})? ?= ?([^\\s=]{1,300})(?: |$)");
    private static final Pattern METHOD = Pattern.compile("[A-Za-z0-9._-]{1,60}");

    /** The result of one method. */
    public record Result(String method, String value, Map<String, String> properties) {

        /** The value of a property; null if it is missing or occurs more than once. */
        public String property(String name) {
            return properties.get(name);
        }
    }

    static AuthenticationResults parse(String field) {
        boolean cut = field.length() > MAX_LENGTH;
        Bare bare = Bare.of(cut ? field.substring(0, MAX_LENGTH) : field);
        String[] pieces = bare.text().split(";", -1);
        String first = pieces[0].strip();
        boolean named = !first.contains("=");
        List<Result> results = new ArrayList<>();
        for (int i = named ? 1 : 0; i < pieces.length; i++) {
            Result result = result(pieces[i].strip());
            if (result != null) {
                results.add(result);
            }
        }
        return new AuthenticationResults(named ? first.split(" ", 2)[0] : "", results, cut || !bare.balanced());
    }

    /** All results of a method. */
    public List<Result> of(String method) {
        return results.stream().filter(result -> result.method().equals(method)).toList();
    }

    private static Result result(String piece) {
        Matcher pair = PAIR.matcher(piece);
        if (!pair.lookingAt()) {
            // One that cannot be read is one, too.
            Matcher method = METHOD.matcher(piece);
            return method.lookingAt() ? new Result(CaseFolding.asciiLower(method.group()), "", Map.of()) : null;
        }
        String method = CaseFolding.asciiLower(pair.group(1));
        String value = CaseFolding.asciiLower(pair.group(2));
        Map<String, String> properties = new LinkedHashMap<>();
        while (pair.find()) {
            String name = CaseFolding.asciiLower(pair.group(1));
            boolean whole = pair.start() == 0 || piece.charAt(pair.start() - 1) == ' ';
            properties.merge(name, whole ? pair.group(2) : "", (one, other) -> "");
        }
        return new Result(method, value, properties);
    }

    /**
     * A field without comments, which nest and separate like spaces, and without the content of quoted strings.
     *
     * @param text the field; white space is one space
     * @param balanced whether each comment and quoted string has a beginning and an end
     */
    record Bare(String text, boolean balanced) {

        static Bare of(String field) {
            StringBuilder text = new StringBuilder();
            int depth = 0;
            boolean quoted = false;
            boolean balanced = true;
            for (int i = 0; i < field.length(); i++) {
                char c = field.charAt(i);
                if (c == '\\' && (quoted || depth > 0)) {
                    i++;
                } else if (quoted) {
                    quoted = c != '"';
                } else if (c == '(') {
                    text.append(depth == 0 ? " " : "");
                    depth++;
                } else if (c == ')' && depth > 0) {
                    depth--;
                } else if (depth == 0) {
                    balanced &= c != ')';
                    quoted = c == '"';
                    text.append(c);
                }
            }
            return new Bare(text.toString().replaceAll("\\s+", " "), balanced && depth == 0 && !quoted);
        }
    }
}
