package io.jenkins.plugins.oauthmail.mail.received;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decodes text whose charset is declared wrongly or not at all. A label is interpreted according to the WHATWG Encoding
 * Standard, which reflects what programs write: ISO 8859-1 means windows-1252, and Shift_JIS includes the vendors'
 * extensions. Text declared as ASCII, or with an unknown label, is UTF-8 if it is valid UTF-8, otherwise windows-1252.
 *
 * @see <a href="https://encoding.spec.whatwg.org/#names-and-labels">Encoding Standard, names and labels</a>
 */
final class Charsets {

    static final Charset WINDOWS = Charset.forName("windows-1252");

    /** RFC 2978 section 2.3 allows 40. */
    private static final int MAX_LABEL = 100;

    private static final Map<String, String> NAMES = names();

    /** By their names and other names in lower case: Java searches all its providers for one that it does not know. */
    private static final Map<String, Charset> OF_JAVA = ofJava();

    private static final Pattern CODE_PAGE =
            Pattern.compile("(?:x-)?(?:cp|win|windows|ms|ibm|dos|codepage)-?([0-9]{3,5})");
    private static final Pattern ISO = Pattern.compile("(?:x-)?iso-?8859-?([0-9]{1,2})(?![0-9]).*");
    private static final Pattern UTF_8 = Pattern.compile("(?:x-)?utf-?8(?![0-9]).*");
    private static final Pattern META = Pattern.compile(
            "<meta[^<>]{1,200}?charset\\s{0,9}=[\\s\"']{0,9}([a-zA-Z0-9_.:-]{2,40})", Pattern.CASE_INSENSITIVE);

    /** The standard searches this many bytes of an HTML page for a declaration of its charset. */
    private static final int META_WITHIN = 1024;

    private static final int ESCAPE = 0x1b;

    private Charsets() {}

    private static Map<String, String> names() {
        Properties table = new Properties();
        try (InputStream in = Charsets.class.getResourceAsStream("charsets.properties")) {
            table.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> names = new HashMap<>();
        for (String name : table.stringPropertyNames()) {
            for (String label : table.getProperty(name).split("\\s+")) {
                names.put(label, name);
            }
        }
        return names;
    }

    private static Map<String, Charset> ofJava() {
        Map<String, Charset> charsets = new HashMap<>();
        for (Charset charset : Charset.availableCharsets().values()) {
            charset.aliases().forEach(alias -> charsets.putIfAbsent(CaseFolding.asciiLower(alias), charset));
        }
        for (Charset charset : Charset.availableCharsets().values()) {
            charsets.put(CaseFolding.asciiLower(charset.name()), charset);
        }
        return charsets;
    }

    /**
     * @param label the declared charset; null for none
     * @param cut whether the text may end within a character
     */
    static String decode(byte[] octets, @CheckForNull String label, boolean cut) {
        String marked = marked(octets);
        if (marked != null) {
            return marked;
        }
        String name = name(label);
        if (name == null) {
            return guess(octets, cut);
        }
        return switch (name) {
            case "US-ASCII" -> guess(octets, cut);
            case "UTF-8" -> utf8(octets, cut);
            case "UTF-7" -> Utf7.decode(octets);
            case "UTF-16" -> new String(octets, wide(octets));
            case "HZ" -> new String(hz(octets), Charset.forName("GB18030"));
            default -> whole(new String(octets, OF_JAVA.get(CaseFolding.asciiLower(name))), cut);
        };
    }

    /** Same as {@link #decode}, for HTML, which may declare its own charset. */
    static String decodeHtml(byte[] octets, @CheckForNull String label, boolean cut) {
        String name = name(label);
        if (name == null || name.equals("US-ASCII")) {
            String start = new String(octets, 0, Math.min(octets.length, META_WITHIN), StandardCharsets.ISO_8859_1);
            Matcher meta = META.matcher(start);
            if (meta.find() && strictUtf8(octets, cut) == null) {
                return decode(octets, meta.group(1), cut);
            }
        }
        return decode(octets, label, cut);
    }

    /**
     * Decodes a text in which each character stands for one byte, as libraries return undeclared non-ASCII text. Other
     * texts are returned unchanged.
     */
    static String repaired(String text) {
        boolean high = false;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0xff) {
                return text;
            }
            high |= text.charAt(i) >= 0x80;
        }
        return high ? guess(text.getBytes(StandardCharsets.ISO_8859_1), false) : text;
    }

    /** Whether the bytes are valid in the charset with this label. */
    static boolean valid(byte[] octets, @CheckForNull String label) {
        return "UTF-8".equals(name(label))
                ? strictUtf8(octets, false) != null
                : !decode(octets, label, false).contains("\ufffd");
    }

    /** Resolves a label to a charset of Java, or to one that only {@link #decode} supports; null if it is unknown. */
    @CheckForNull
    static String name(@CheckForNull String label) {
        if (label == null || label.length() > MAX_LABEL) {
            return null;
        }
        String lower = bare(CaseFolding.asciiLower(label));
        String name = NAMES.get(lower);
        if (name == null) {
            String dashed = lower.replace('_', '-');
            name = NAMES.getOrDefault(dashed, similar(dashed));
        }
        return name == null || isOurs(name) || isSupported(name) ? name : null;
    }

    private static boolean isOurs(String name) {
        return name.equals("UTF-7") || name.equals("HZ");
    }

    private static String similar(String label) {
        Matcher page = CODE_PAGE.matcher(label);
        if (page.matches()) {
            String number = page.group(1);
            String name = NAMES.getOrDefault("windows-" + number, NAMES.get("cp" + number));
            return name == null ? "IBM" + number : name;
        }
        Matcher iso = ISO.matcher(label);
        if (iso.matches()) {
            return NAMES.get("iso-8859-" + Integer.parseInt(iso.group(1)));
        }
        return UTF_8.matcher(label).matches() ? "UTF-8" : label;
    }

    private static boolean isSupported(String name) {
        return OF_JAVA.containsKey(CaseFolding.asciiLower(name));
    }

    /** Removes quotation marks, further parameters, a language (RFC 2231 section 5) and the like. */
    private static String bare(String label) {
        int from = label.startsWith("charset=") ? "charset=".length() : 0;
        while (from < label.length() && !isAlphanumeric(label.charAt(from))) {
            from++;
        }
        int to = from;
        while (to < label.length() && (isAlphanumeric(label.charAt(to)) || "-_.:+()".indexOf(label.charAt(to)) >= 0)) {
            to++;
        }
        return label.substring(from, to);
    }

    private static boolean isAlphanumeric(char c) {
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
    }

    /** Decodes text that begins with a byte order mark, and removes it; null if there is none. */
    private static String marked(byte[] octets) {
        if (starts(octets, 0xef, 0xbb, 0xbf)) {
            return new String(octets, 3, octets.length - 3, StandardCharsets.UTF_8);
        }
        if (starts(octets, 0xfe, 0xff)) {
            return new String(octets, 2, octets.length - 2, StandardCharsets.UTF_16BE);
        }
        return starts(octets, 0xff, 0xfe) ? new String(octets, 2, octets.length - 2, StandardCharsets.UTF_16LE) : null;
    }

    private static boolean starts(byte[] octets, int... mark) {
        for (int i = 0; i < mark.length; i++) {
            if (i >= octets.length || (octets[i] & 0xff) != mark[i]) {
                return false;
            }
        }
        return true;
    }

    private static String guess(byte[] octets, boolean cut) {
        if (isJapanese(octets)) {
            return decode(octets, "iso-2022-jp", cut);
        }
        String utf8 = strictUtf8(octets, cut);
        return utf8 == null ? new String(octets, WINDOWS) : utf8;
    }

    /** ISO-2022-JP (RFC 1468) is recognized by its escape sequences, which no other charset uses. */
    static boolean isJapanese(byte[] octets) {
        boolean escaped = false;
        for (int i = 0; i < octets.length; i++) {
            if (octets[i] < 0) {
                return false;
            }
            escaped |= octets[i] == ESCAPE
                    && i + 2 < octets.length
                    && octets[i + 1] == '$'
                    && (octets[i + 2] == 'B' || octets[i + 2] == '@');
        }
        return escaped;
    }

    /**
     * Text labelled as UTF-8 that is not valid UTF-8 is decoded as windows-1252 if it has no multi-byte character of
     * UTF-8.
     */
    private static String utf8(byte[] octets, boolean cut) {
        String strict = strictUtf8(octets, cut);
        if (strict != null) {
            return strict;
        }
        String replaced = new String(octets, StandardCharsets.UTF_8);
        return replaced.chars().anyMatch(c -> c >= 0x80 && c != 0xfffd)
                ? whole(replaced, cut)
                : new String(octets, WINDOWS);
    }

    @CheckForNull
    private static String strictUtf8(byte[] octets, boolean cut) {
        CharBuffer text = CharBuffer.allocate(octets.length);
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets), text, !cut);
        return result.isError() ? null : text.flip().toString();
    }

    private static String whole(String text, boolean cut) {
        int end = text.length();
        while (cut && end > 0 && text.charAt(end - 1) == '\ufffd') {
            end--;
        }
        return text.substring(0, end);
    }

    /** RFC 2781 section 4.3 says big-endian, but programs on Windows write little-endian. */
    private static Charset wide(byte[] octets) {
        int big = 0;
        int little = 0;
        for (int i = 0; i + 1 < octets.length; i += 2) {
            big += octets[i] == 0 ? 1 : 0;
            little += octets[i + 1] == 0 ? 1 : 0;
        }
        return big > little ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE;
    }

    /** Converts HZ (RFC 1843) to the bytes of GB 2312. */
    private static byte[] hz(byte[] octets) {
        byte[] plain = new byte[octets.length];
        int length = 0;
        boolean chinese = false;
        for (int i = 0; i < octets.length; i++) {
            int next = i + 1 < octets.length ? octets[i + 1] : 0;
            if (octets[i] == '~' && (next == '{' || next == '}')) {
                chinese = next == '{';
                i++;
            } else if (octets[i] == '~' && next == '\n' && !chinese) {
                i++;
            } else if (octets[i] == '~' && next == '~' && !chinese) {
                plain[length++] = '~';
                i++;
            } else {
                chinese &= octets[i] != '\n';
                plain[length++] = (byte) (chinese && octets[i] > ' ' ? octets[i] | 0x80 : octets[i]);
            }
        }
        return Arrays.copyOf(plain, length);
    }
}
