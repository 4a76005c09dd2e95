package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.token.TokenSource;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/**
 * One mailbox, its servers and the tokens for them.
 *
 * @param user the address of the mailbox, sent as {@code user=} in the XOAUTH2 response; for a shared mailbox, the
 *     shared address, whoever the token was issued for
 * @param smtp the server to submit messages to
 * @param imap the server to read messages from
 * @param tokens asked once for each connection
 * @param maxMessageBytes the largest message to submit, in bytes as sent (base64 included); zero or less for no limit
 *     other than the server's
 * @param graph where it is sent and read by Microsoft Graph; null for SMTP and IMAP
 */
public record Mailbox(
        @NonNull String user,
        @NonNull Endpoint smtp,
        @NonNull Endpoint imap,
        @NonNull TokenSource tokens,
        long maxMessageBytes,
        @CheckForNull GraphService graph) {

    /** A mailbox that is used with SMTP and IMAP. */
    public Mailbox(
            @NonNull String user,
            @NonNull Endpoint smtp,
            @NonNull Endpoint imap,
            @NonNull TokenSource tokens,
            long maxMessageBytes) {
        this(user, smtp, imap, tokens, maxMessageBytes, null);
    }

    /** @throws IllegalArgumentException if the user is blank or contains a control character */
    public Mailbox {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(smtp, "smtp");
        Objects.requireNonNull(imap, "imap");
        Objects.requireNonNull(tokens, "tokens");
        // 0x01 separates the fields of the XOAUTH2 response, so a user name that contains it could forge the other
        // fields.
        if (user.isBlank() || OneLine.hasControls(user)) {
            throw new IllegalArgumentException(Messages.Mailbox_user());
        }
    }

    /**
     * Tells mailboxes apart, in what is kept about their messages: servers may number the messages of all mailboxes
     * alike.
     *
     * @param user the address of the mailbox
     * @param server the server that it is read from
     * @return eight hexadecimal digits
     */
    @NonNull
    public static String mark(@NonNull String user, @NonNull String server) {
        String of = CaseFolding.asciiLower(user) + ' ' + CaseFolding.asciiLower(server);
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(of.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // each Java has it
        }
    }

    @Override
    public String toString() {
        return user;
    }
}
