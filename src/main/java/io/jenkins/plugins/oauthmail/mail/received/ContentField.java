package io.jenkins.plugins.oauthmail.mail.received;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.ParseException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses Content-Type and Content-Disposition (RFC 2045 section 5.1, RFC 2183) as programs write them: with spaces,
 * equals signs and non-ASCII bytes in unquoted parameters, with missing semicolons, with unbalanced quotation marks.
 * Nothing is rejected, because a message that cannot be parsed would be lost.
 */
public final class ContentField {

    /** The rest is ignored; usual fields have a few hundred bytes. */
    private static final int MAX_LENGTH = 64 << 10;

    /** Jakarta Mail parses such fields in quadratic time. */
    private static final int MAX_STRICT = 4096;

    private static final Pattern TYPE =
            Pattern.compile("[\\s\"']*([\\w!#$&^.+-]{1,100})\\s*[/\\\\]\\s*([\\w!#$&^.+*-]{1,100})");
    private static final Pattern WORD = Pattern.compile("[\\s\"']*([\\w!#$&^.+-]{1,100})");
    /** Never begins within spaces, or many of them would take time that grows with the square of their number. */
    private static final Pattern NEXT = Pattern.compile("(?<!\\s)\\s++[\\w*-]{1,60}\\s*+=");

    private static final Pattern SEGMENT = Pattern.compile("([^*]+)(?:\\*(\\d{1,4}))?(\\*)?");
    private static final Pattern CHARSET = Pattern.compile("([^']{0,100})'[^']{0,100}'");

    private final String value;
    private final Map<String, String> parameters;

    private ContentField(String value, Map<String, String> parameters) {
        this.value = value;
        this.parameters = parameters;
    }

    /**
     * @param field value of the field; null if there is none
     * @return plain text if the field gives no type (RFC 2045 section 5.2)
     */
    public static ContentField type(@CheckForNull String field) {
        String text = text(field);
        Matcher type = TYPE.matcher(text);
        if (type.lookingAt()) {
            return new ContentField(lower(type.group(1) + "/" + type.group(2)), parameters(text, type.end()));
        }
        return new ContentField("text/plain", parameters(text, 0));
    }

    /** @param field value of the field; null if there is none */
    public static ContentField disposition(@CheckForNull String field) {
        String text = text(field);
        Matcher word = WORD.matcher(text);
        boolean given = word.lookingAt() && !text.startsWith("=", word.end());
        return new ContentField(given ? lower(word.group(1)) : "", parameters(text, given ? word.end() : 0));
    }

    /** Whether it is a type with the syntax of RFC 2045, which all servers read in the same way. */
    public static boolean isType(@CheckForNull String field) {
        try {
            return field == null || field.length() < MAX_STRICT && new ContentType(field).getBaseType() != null;
        } catch (ParseException e) {
            return false;
        }
    }

    /** The type or disposition in lower case; empty if there is none. */
    public String value() {
        return value;
    }

    /**
     * @param name in lower case
     * @return the value, decoded according to RFC 2231, but with encoded words left as they are; null if there is none
     */
    @CheckForNull
    public String parameter(String name) {
        return parameters.get(name);
    }

    private static String text(String field) {
        String text = field == null ? "" : field.substring(0, Math.min(field.length(), MAX_LENGTH));
        return Charsets.repaired(ReceivedHeaders.unfolded(text));
    }

    private static String lower(String text) {
        return CaseFolding.asciiLower(text);
    }

    private static Map<String, String> parameters(String text, int from) {
        Map<String, TreeMap<Integer, String>> segments = new HashMap<>();
        Map<String, String> plain = new HashMap<>();
        int at = from;
        int semicolon = -1;
        while (at < text.length()) {
            int name = at;
            while (at < text.length() && isNamed(text.charAt(at))) {
                at++;
            }
            int end = at;
            at = space(text, at);
            if (end == name || at >= text.length() || text.charAt(at) != '=') {
                at = Math.max(at, end == name ? name + 1 : end);
                continue;
            }
            int begin = space(text, at + 1);
            if (semicolon < begin) {
                // Not for each parameter, or many without one would take quadratic time.
                semicolon = text.indexOf(';', begin);
                semicolon = semicolon < 0 ? text.length() : semicolon;
            }
            Value found = value(text, begin, semicolon);
            at = found.end();
            Matcher segment = SEGMENT.matcher(lower(text.substring(name, end)));
            if (!segment.matches()) {
                continue;
            }
            if (segment.group(2) == null && segment.group(3) == null) {
                plain.putIfAbsent(segment.group(1), found.text());
            } else {
                int number = segment.group(2) == null ? 0 : Integer.parseInt(segment.group(2));
                boolean encoded = segment.group(3) != null;
                segments.computeIfAbsent(segment.group(1), n -> new TreeMap<>())
                        .putIfAbsent(number * 2 + (encoded ? 1 : 0), found.text());
            }
        }
        segments.forEach((name, pieces) -> plain.put(name, joined(pieces)));
        return plain;
    }

    /**
     * Joins the pieces of a parameter (RFC 2231 sections 3 and 4). Each key is twice the number of the piece, plus one
     * if it is encoded.
     */
    private static String joined(TreeMap<Integer, String> pieces) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        String charset = null;
        boolean encoded = false;
        StringBuilder plain = new StringBuilder();
        boolean first = true;
        for (Map.Entry<Integer, String> piece : pieces.entrySet()) {
            String text = piece.getValue();
            if (piece.getKey() % 2 != 0) {
                encoded = true;
                Matcher label = CHARSET.matcher(text);
                if (first && label.lookingAt()) {
                    charset = label.group(1);
                    text = text.substring(label.end());
                }
                octets.writeBytes(percent(text));
            } else {
                plain.append(text);
                octets.writeBytes(text.getBytes(StandardCharsets.UTF_8));
            }
            first = false;
        }
        return encoded ? Charsets.decode(octets.toByteArray(), charset, false) : plain.toString();
    }

    private static byte[] percent(String text) {
        byte[] source = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream octets = new ByteArrayOutputStream(source.length);
        for (int i = 0; i < source.length; i++) {
            int value = source[i] == '%' ? LenientQuotedPrintable.octet(source, i + 1) : -1;
            octets.write(value >= 0 ? value : source[i]);
            i += value >= 0 ? 2 : 0;
        }
        return octets.toByteArray();
    }

    private record Value(String text, int end) {}

    private static Value value(String text, int from, int semicolon) {
        boolean escaped = text.startsWith("\\\"", from);
        if (!escaped && !text.startsWith("\"", from)) {
            return bare(text, from, semicolon);
        }
        StringBuilder value = new StringBuilder();
        int at = from + (escaped ? 2 : 1);
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            char next = at + 1 < text.length() ? text.charAt(at + 1) : 0;
            if (c == '"' || escaped && c == '\\' && next == '"') {
                return new Value(value.toString(), at + (c == '"' ? 1 : 2));
            }
            // A backslash before any other character belongs to a Windows path.
            if (c == '\\' && (next == '"' || next == '\\')) {
                at++;
                c = next;
            }
            value.append(c);
        }
        return new Value(value.toString(), at);
    }

    /** Reads up to a semicolon, or to what looks like the next parameter. */
    private static Value bare(String text, int from, int semicolon) {
        int end = semicolon;
        Matcher next = NEXT.matcher(text).region(from, end);
        if (next.find()) {
            end = next.start();
        }
        String value = text.substring(from, end).strip();
        return new Value(value.endsWith("\"") ? value.substring(0, value.length() - 1) : value, end);
    }

    private static int space(String text, int from) {
        int at = from;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isNamed(char c) {
        return c > ' ' && c < 0x7f && "=;,\"'()<>".indexOf(c) < 0;
    }
}
