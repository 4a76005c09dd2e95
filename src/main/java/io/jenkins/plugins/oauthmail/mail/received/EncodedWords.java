package io.jenkins.plugins.oauthmail.mail.received;

import jakarta.mail.internet.MimeUtility;
import java.io.UnsupportedEncodingException;
import java.util.regex.Pattern;

/** Encoded words (RFC 2047) in what other people wrote. */
final class EncodedWords {

    /** Jakarta Mail puts the name of a charset into lower case, in a time that grows with the square of its length. */
    private static final Pattern NO_CHARSET = Pattern.compile("=\\?[^?\\s]{100}");

    private EncodedWords() {}

    /** @return decoded; as it was where it cannot be */
    static String decode(String unfolded) {
        if (NO_CHARSET.matcher(unfolded).find()) {
            return unfolded;
        }
        try {
            return MimeUtility.decodeText(unfolded);
        } catch (UnsupportedEncodingException e) {
            return unfolded;
        }
    }
}
