package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.token.TokenSource;
import java.util.Objects;

/**
 * One mailbox and how to get into it.
 *
 * @param user the address of the mailbox, sent as {@code user=} of the SASL response; for a shared mailbox the shared
 *     address, whoever the token belongs to
 * @param smtp where mail is handed in
 * @param imap where mail is read
 * @param tokens asked once for each connection
 * @param maxMessageBytes no larger message is handed to the server, counted as sent (base64 included); zero or less
 *     for no limit of our own
 */
public record Mailbox(
        @NonNull String user,
        @NonNull Endpoint smtp,
        @NonNull Endpoint imap,
        @NonNull TokenSource tokens,
        long maxMessageBytes) {

    /** @throws IllegalArgumentException if the user holds a control character */
    public Mailbox {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(smtp, "smtp");
        Objects.requireNonNull(imap, "imap");
        Objects.requireNonNull(tokens, "tokens");
        // 0x01 separates the fields of the SASL response, so it would let a user name forge the others.
        if (user.isBlank() || OneLine.hasControls(user)) {
            throw new IllegalArgumentException(Messages.Mailbox_user());
        }
    }

    @Override
    public String toString() {
        return user;
    }
}
