package io.jenkins.plugins.oauthmail.trigger;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import java.time.Instant;

/**
 * How far a trigger has read.
 *
 * @param account the ID of the account
 * @param mailbox the address of the account
 * @param folder the name of the folder
 * @param begun when it began to read
 * @param from the position that it read from; null for none
 * @param to the position to continue from
 * @param more whether more messages may be behind that position
 * @param last the last message that was looked at; null for none
 */
record Progress(
        @NonNull String account,
        @NonNull String mailbox,
        @NonNull String folder,
        @NonNull Instant begun,
        @CheckForNull FolderPosition from,
        @NonNull FolderPosition to,
        boolean more,
        @CheckForNull LastMail last) {}
