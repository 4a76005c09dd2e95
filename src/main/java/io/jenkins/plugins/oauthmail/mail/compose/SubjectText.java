package io.jenkins.plugins.oauthmail.mail.compose;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A subject that arrives as it was written, even if it looks like an encoded word (RFC 2047) itself. */
final class SubjectText {

    /** An encoded word has 75 characters at most, of which base64 and the rest leave so many bytes. */
    private static final int BYTES = 42;

    private SubjectText() {}

    /** @param subject on one line */
    static void set(MimeMessage message, String subject) throws MessagingException {
        boolean ascii = subject.chars().allMatch(c -> c < 128);
        if (ascii && subject.contains("=?")) {
            message.setHeader("Subject", encoded(subject));
        } else {
            // What is not ASCII is encoded as a whole, and so is what looks like an encoded word in it.
            message.setSubject(subject, "UTF-8");
        }
    }

    private static String encoded(String ascii) {
        byte[] bytes = ascii.getBytes(StandardCharsets.US_ASCII);
        return IntStream.iterate(0, start -> start < bytes.length, start -> start + BYTES)
                .mapToObj(start -> Arrays.copyOfRange(bytes, start, Math.min(bytes.length, start + BYTES)))
                .map(part -> "=?UTF-8?B?" + Base64.getEncoder().encodeToString(part) + "?=")
                .collect(Collectors.joining("\r\n "));
    }
}
