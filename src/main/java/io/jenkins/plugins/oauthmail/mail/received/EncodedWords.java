package io.jenkins.plugins.oauthmail.mail.received;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decodes encoded words (RFC 2047) as programs write them: with spaces inside, adjoining each other or other text, with
 * characters split between words, with bytes that are not encoded.
 */
final class EncodedWords {

    private static final Pattern BEGIN = Pattern.compile("=\\?([\\w.:+()'-]{1,60})(?:\\*[\\w-]{0,40})?\\?([bBqQ])\\?");

    private static final String END = "?=";

    /** A private-use character, which no mail program interprets. */
    private static final char MASK = '\ue000';

    private static final String SPECIAL = "?,;:()";

    private final String text;
    private final StringBuilder decoded = new StringBuilder();
    private final List<Word> pending = new ArrayList<>();

    private EncodedWords(String text) {
        this.text = text;
    }

    /** @param content the text between the delimiters */
    private record Word(String charset, boolean base64, String content) {

        boolean continues(Word other) {
            return base64 == other.base64 && charset.equalsIgnoreCase(other.charset);
        }

        /** Some programs split text after encoding it, so a group of base64 continues in the next word. */
        boolean open() {
            return base64 && content.length() % 4 != 0 && !content.endsWith("=");
        }
    }

    /** @return the decoded text; unchanged if it cannot be decoded */
    static String decode(String unfolded) {
        String text = undeclared(unfolded);
        return text.contains("=?") ? new EncodedWords(text).decode() : text;
    }

    /**
     * Hides all encoded words from a parser that would decode them one by one, or split at a comma inside one.
     *
     * @return the text unchanged if the words cannot be hidden
     */
    static String masked(String text) {
        if (!text.contains("=?") || text.chars().anyMatch(c -> c >= MASK && c <= MASK + SPECIAL.length())) {
            return text;
        }
        StringBuilder masked = new StringBuilder(text.length() + 16);
        Matcher begin = BEGIN.matcher(text);
        int at = 0;
        while (begin.find(at)) {
            int end = text.indexOf(END, begin.end());
            if (end < 0) {
                break;
            }
            masked.append(text, at, begin.start());
            for (char c : text.substring(begin.start(), end + END.length()).toCharArray()) {
                masked.append(SPECIAL.indexOf(c) >= 0 ? (char) (MASK + 1 + SPECIAL.indexOf(c)) : c);
            }
            at = end + END.length();
        }
        return masked.append(text, at, text.length()).toString();
    }

    static String unmasked(String masked) {
        StringBuilder text = new StringBuilder(masked.length());
        for (char c : masked.toCharArray()) {
            int index = c - MASK - 1;
            text.append(index >= 0 && index < SPECIAL.length() ? SPECIAL.charAt(index) : c);
        }
        return text.toString();
    }

    /**
     * ISO-2022-JP without a declaration, as old Japanese programs write it; its escape sequences have no meaning in
     * ASCII.
     */
    private static String undeclared(String text) {
        if (text.indexOf("\u001b$") < 0 || text.chars().anyMatch(c -> c >= 0x80)) {
            return text;
        }
        byte[] octets = text.getBytes(StandardCharsets.US_ASCII);
        return Charsets.isJapanese(octets) ? Charsets.decode(octets, null, false) : text;
    }

    private String decode() {
        Matcher begin = BEGIN.matcher(text);
        int at = 0;
        int end = 0;
        while (begin.find(at)) {
            if (end < begin.end()) {
                end = text.indexOf(END, begin.end());
            }
            if (end < 0) {
                return unended(at, begin);
            }
            // A word without an end is plain text, and another word may begin before the next end.
            int inner = last(begin.end(), end);
            if (inner > 0) {
                plain(at, inner);
                begin.find(inner);
            } else {
                plain(at, begin.start());
            }
            pending.add(new Word(begin.group(1), "bB".contains(begin.group(2)), text.substring(begin.end(), end)));
            at = end + END.length();
        }
        plain(at, text.length());
        flush();
        return decoded.toString();
    }

    /** Completes a word that is cut off because a program truncated the field. */
    private String unended(int at, Matcher begin) {
        String content = text.substring(begin.end());
        boolean word =
                !content.isEmpty() && content.chars().noneMatch(c -> c <= ' ') && Charsets.name(begin.group(1)) != null;
        plain(at, word ? begin.start() : text.length());
        if (word) {
            String whole = content.replaceFirst("(?:\\?|=[0-9A-Fa-f]?)$", "");
            pending.add(new Word(begin.group(1), "bB".contains(begin.group(2)), whole));
        }
        flush();
        return decoded.toString();
    }

    /** The start of the last encoded word in a range of the text; -1 if there is none. */
    private int last(int from, int to) {
        for (int at = text.lastIndexOf("=?", to - 1); at >= from; at = text.lastIndexOf("=?", at - 1)) {
            if (BEGIN.matcher(text).region(at, to).lookingAt()) {
                return at;
            }
        }
        return -1;
    }

    /** White space between two encoded words is ignored (RFC 2047 section 6.2). */
    private void plain(int from, int to) {
        String plain = text.substring(from, to);
        if (pending.isEmpty() || to == text.length() || !plain.isBlank()) {
            flush();
            decoded.append(plain);
        }
    }

    private void flush() {
        for (int i = 0; i < pending.size(); ) {
            int next = i + 1;
            while (next < pending.size() && pending.get(next).continues(pending.get(i))) {
                next++;
            }
            decoded.append(together(pending.subList(i, next)));
            i = next;
        }
        pending.clear();
    }

    /**
     * Decodes adjacent words of the same kind together, because a character may be split between them (against RFC 2047
     * section 5).
     */
    private static String together(List<Word> words) {
        Word first = words.get(0);
        if (!first.base64()) {
            StringBuilder content = new StringBuilder();
            words.forEach(word -> content.append(word.content()));
            return quoted(content.toString(), first.charset());
        }
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        StringBuilder joined = new StringBuilder();
        boolean open = false;
        for (Word word : words) {
            octets.writeBytes(base64(word.content()));
            joined.append(word.content());
            open |= word.open() && word != words.get(words.size() - 1);
        }
        byte[] single = octets.toByteArray();
        boolean apart = !open || Charsets.valid(single, first.charset());
        return Charsets.decode(apart ? single : base64(joined.toString()), first.charset(), false);
    }

    private static byte[] base64(String content) {
        try (LenientBase64 in =
                new LenientBase64(new ByteArrayInputStream(content.getBytes(StandardCharsets.ISO_8859_1)))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String quoted(String content, String charset) {
        // Characters that are not encoded have already been decoded with some charset; they are treated as bytes if
        // that is valid in the charset of the word.
        if (content.chars().allMatch(c -> c < 0x80)) {
            return Charsets.decode(octets(content), charset, false);
        }
        if (Charsets.WINDOWS.newEncoder().canEncode(content)) {
            byte[] octets = octets(content);
            if (Charsets.valid(octets, charset)) {
                return Charsets.decode(octets, charset, false);
            }
        }
        StringBuilder text = new StringBuilder();
        int at = 0;
        for (int i = 0; i <= content.length(); i++) {
            if (i == content.length() || content.charAt(i) >= 0x80) {
                text.append(Charsets.decode(octets(content.substring(at, i)), charset, false));
                text.append(i == content.length() ? "" : content.charAt(i));
                at = i + 1;
            }
        }
        return text.toString();
    }

    /** The Q encoding (RFC 2047 section 4.2). */
    private static byte[] octets(String content) {
        byte[] source = content.getBytes(Charsets.WINDOWS);
        byte[] octets = new byte[source.length];
        int length = 0;
        for (int i = 0; i < source.length; i++) {
            int value = source[i] == '=' ? LenientQuotedPrintable.octet(source, i + 1) : -1;
            octets[length++] = (byte) (value >= 0 ? value : source[i] == '_' ? ' ' : source[i]);
            i += value >= 0 ? 2 : 0;
        }
        return Arrays.copyOf(octets, length);
    }
}
