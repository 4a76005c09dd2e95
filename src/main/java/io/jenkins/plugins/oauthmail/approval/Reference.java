package io.jenkins.plugins.oauthmail.approval;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.jobs.ReferenceSecrets;
import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What ties an answer to a question and to the person who was asked. It is the end of the subject, which both a reply
 * and a message begun by a {@code mailto:} link bring back: {@code [question secret]}. The first word says which question
 * is meant, so that the server can search for it; the second one cannot be guessed, and only its hash is kept.
 */
final class Reference {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz234567";

    private static final Pattern TEXT = Pattern.compile(
            "\\[([a-z2-7]{" + ReferenceSecrets.QUESTION_LETTERS + "})\\s+([a-z2-7]{" + ReferenceSecrets.SECRET_LETTERS
                    + "})\\]",
            Pattern.CASE_INSENSITIVE);

    private final String question;
    private final String secret;

    private Reference(String question, String secret) {
        this.question = question;
        this.secret = secret;
    }

    /** A new ID for a question. */
    @NonNull
    static String newQuestion() {
        return random(ReferenceSecrets.QUESTION_LETTERS);
    }

    /** A new reference to a question, for one person. */
    @NonNull
    static Reference to(@NonNull String question) {
        return new Reference(question, random(ReferenceSecrets.SECRET_LETTERS));
    }

    /**
     * The reference to a question in a subject.
     *
     * @return null unless there is exactly one, however often it is repeated
     */
    @CheckForNull
    static Reference in(@NonNull String subject, @NonNull String question) {
        List<String> secrets = TEXT.matcher(subject)
                .results()
                .filter(found -> CaseFolding.asciiLower(found.group(1)).equals(question))
                .map(found -> CaseFolding.asciiLower(found.group(2)))
                .distinct()
                .toList();
        return secrets.size() == 1 ? new Reference(question, secrets.get(0)) : null;
    }

    /** The text without references. */
    @NonNull
    static String remove(@NonNull String text) {
        return TEXT.matcher(text).replaceAll("").strip();
    }

    /** What may be kept of it: SHA-256 in hexadecimal. A hash of 130 random bits needs no salt. */
    @NonNull
    String hash() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of()
                    .formatHex(digest.digest((question + " " + secret).getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // each Java platform has it
        }
    }

    /** A subject that ends with it. */
    @NonNull
    String subject(@NonNull String words) {
        return words + " [" + question + " " + secret + "]";
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "[" + question + " …]";
    }

    private static String random(int length) {
        StringBuilder text = new StringBuilder(length);
        RANDOM.ints(length, 0, LETTERS.length()).forEach(i -> text.append(LETTERS.charAt(i)));
        return text.toString();
    }
}
