package io.jenkins.plugins.oauthmail.mail.compose;

import io.jenkins.plugins.oauthmail.mail.model.MailAddress;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeUtility;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Encodes text in header fields as encoded words (RFC 2047). Jakarta Mail does so for text that is not ASCII; this class
 * also does for text that only looks encoded, and for text without a space at which a line could be folded.
 */
final class HeaderText {

    private static final String UTF_8 = "UTF-8";

    /** A line has at most 998 octets (RFC 5322 section 2.1.1), which include the name of the field. */
    private static final int MAX_WORD = 900;

    /** The same section recommends at most 78. */
    private static final int GOOD_WORD = 76;

    /** An encoded word has at most 75 characters (RFC 2047 section 2), 12 of which are delimiters. */
    private static final int CONTENT = 63;

    private static final Pattern LOOKS_ENCODED = Pattern.compile("=\\?[^?\\s]{1,100}\\?[bBqQ]\\?");

    private HeaderText() {}

    /**
     * Encodes a text that people read.
     *
     * @param used length of what precedes it on its line
     */
    static String prose(int used, String text) throws UnsupportedEncodingException {
        return text(used, text, GOOD_WORD);
    }

    /** Encodes a value that programs may read, only if it cannot be sent unchanged. */
    static String value(int used, String text) throws UnsupportedEncodingException {
        return text(used, text, MAX_WORD);
    }

    private static String text(int used, String text, int mostInAWord) throws UnsupportedEncodingException {
        return needsWords(text, mostInAWord)
                ? words(used, text)
                : MimeUtility.fold(used, MimeUtility.encodeText(text, UTF_8, null));
    }

    static InternetAddress address(MailAddress mailbox) throws UnsupportedEncodingException {
        String name = mailbox.name();
        return name != null && needsWords(name, GOOD_WORD)
                ? new Encoded(mailbox.address(), name)
                : new InternetAddress(mailbox.address(), name, UTF_8);
    }

    private static final class Encoded extends InternetAddress {
        private static final long serialVersionUID = 1L;

        Encoded(String address, String name) {
            setAddress(address);
            personal = name;
            encodedPersonal = words(0, name);
        }
    }

    private static boolean needsWords(String text, int mostInAWord) {
        if (text.chars().anyMatch(c -> c >= 0x7f)) {
            return false;
        }
        int word = 0;
        for (int i = 0; i < text.length(); i++) {
            word = text.charAt(i) == ' ' || text.charAt(i) == '\t' ? 0 : word + 1;
            if (word > mostInAWord) {
                return true;
            }
        }
        return LOOKS_ENCODED.matcher(text).find();
    }

    private static String words(int used, String text) {
        StringBuilder words = new StringBuilder();
        int length = used;
        boolean open = false;
        for (int i = 0; i < text.length(); ) {
            String character = Character.toString(text.codePointAt(i));
            i += character.length();
            String encoded = quoted(character);
            if (!open || length + encoded.length() > CONTENT) {
                words.append(open ? "?=\r\n " : "").append("=?UTF-8?Q?");
                length = open ? 0 : used;
                open = true;
            }
            words.append(encoded);
            length += encoded.length();
        }
        return words.append(open ? "?=" : "").toString();
    }

    /** Leaves only characters that are allowed everywhere (RFC 2047 section 5, rule 3). */
    private static String quoted(String character) {
        char c = character.charAt(0);
        if (c == ' ') {
            return "_";
        }
        if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9') {
            return character;
        }
        StringBuilder quoted = new StringBuilder();
        for (byte octet : character.getBytes(StandardCharsets.UTF_8)) {
            quoted.append(String.format("=%02X", octet));
        }
        return quoted.toString();
    }
}
