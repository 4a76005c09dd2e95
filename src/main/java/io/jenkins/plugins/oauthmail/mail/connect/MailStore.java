package io.jenkins.plugins.oauthmail.mail.connect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.model.Arrivals;
import io.jenkins.plugins.oauthmail.mail.model.AttachmentSink;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.MailChange;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReadResult;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Reads a mailbox: implements {@code MailReader} for one protocol. Only the kind of store that made an id or a position
 * can use it. Thread-safe.
 */
public interface MailStore extends AutoCloseable {
    /**
     * Reads the messages that match a query, in the order that the query asks for. Does not retry.
     *
     * @param query which messages
     * @param sink receives the attachments of each message; null to list them only
     * @return the messages found; empty if none match
     * @throws MailFailure if reading failed, even for a single message; attachments of some messages may already be
     *     saved
     * @throws InterruptedException if the thread was interrupted
     */
    @NonNull
    List<ReceivedMail> read(@NonNull MailQuery query, @CheckForNull AttachmentSink sink)
            throws MailFailure, InterruptedException;

    /**
     * Reads the messages that match a query. Temporary refusals are retried until the time limit of a read is reached.
     * A message that cannot be read does not prevent reading the others.
     *
     * @param query which messages
     * @param sink receives the attachments of each message, more than once if a retry was needed; null to list them
     *     only
     * @param notices receives a sentence with the reason whenever reading has to wait
     * @throws MailFailure if reading failed; attachments of some messages may already be saved
     * @throws InterruptedException if the thread was interrupted
     */
    @NonNull
    ReadResult read(@NonNull MailQuery query, @CheckForNull AttachmentSink sink, @NonNull Consumer<String> notices)
            throws MailFailure, InterruptedException;

    /**
     * Same as {@link #read(MailQuery, AttachmentSink)}, for a caller that will read again soon: attachments are only
     * listed, and a message that cannot be read does not prevent reading the others.
     */
    @NonNull
    ReadResult look(@NonNull MailQuery query) throws MailFailure, InterruptedException;

    /**
     * Reads the matching messages that arrived after a position in the folder. Attachments are only listed.
     *
     * @param query which messages; the oldest come first, whatever order the query asks for
     * @param after the position that an earlier call returned; null to get the current position, without messages
     * @param skips decides whether a message that cannot be read is skipped; if not, the messages before it are
     *     returned, and if there are none, reading fails
     * @return the messages and the position to continue from
     * @throws MailFailure if reading failed; {@code after} is still the position to continue from
     * @throws InterruptedException if the thread was interrupted
     */
    @NonNull
    Arrivals arrivals(@NonNull MailQuery query, @CheckForNull FolderPosition after, @NonNull Predicate<MailId> skips)
            throws MailFailure, InterruptedException;

    /**
     * Opens a folder to many who wait for mail in it; connects when the first of them asks.
     *
     * @param name full name of the folder; every query must be for it
     */
    @NonNull
    FolderSession folder(@NonNull String name);

    /**
     * Changes messages that were read before.
     *
     * @param folder the folder they were read from
     * @param ids {@link ReceivedMail#id()} of each message
     * @param change what to do with them
     * @param notices receives a sentence with the reason whenever changing has to wait; null to disable retries
     * @param changed called for each message that was changed, or may have been, or no longer exists, also if others could
     *     not be changed
     * @return the ids of messages that no longer exist, with which nothing was done
     * @throws MailFailure if some or all of the messages could not be changed
     * @throws InterruptedException if the thread was interrupted
     */
    @NonNull
    List<MailId> change(
            @NonNull String folder,
            @NonNull List<MailId> ids,
            @NonNull MailChange change,
            @CheckForNull Consumer<String> notices,
            @NonNull Consumer<MailId> changed)
            throws MailFailure, InterruptedException;

    /** Closes connections that were kept for the next call; those in use are closed after it. */
    @Override
    void close();
}
