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
 * One way to read a mailbox: what {@code MailReader} promises, over one protocol. Ids and positions mean something only
 * to the kind of store that made them. Any number of threads may use one.
 */
public interface MailStore {
    /**
     * Reads the mails that a query asks for, in the order it asks for. Tries once.
     *
     * @param query which mails
     * @param sink receives the attachments of each mail; null to list them only
     * @return the mails found; empty if none match
     * @throws MailFailure if reading failed, even for a single mail; attachments of some mails may have been saved by then
     * @throws InterruptedException if the thread was interrupted
     */
    @NonNull
    List<ReceivedMail> read(@NonNull MailQuery query, @CheckForNull AttachmentSink sink)
            throws MailFailure, InterruptedException;

    /**
     * Reads the mails that a query asks for. Temporary refusals are retried until the time limit of a read is over; a mail
     * that cannot be read costs only itself, if there are others.
     *
     * @param query which mails
     * @param sink receives the attachments of each mail, more than once if a retry was needed; null to list them only
     * @param notices receives a sentence with the reason whenever reading has to wait
     * @throws MailFailure if reading failed; attachments of some mails may have been saved by then
     * @throws InterruptedException if the thread was interrupted
     */
    @NonNull
    ReadResult read(@NonNull MailQuery query, @CheckForNull AttachmentSink sink, @NonNull Consumer<String> notices)
            throws MailFailure, InterruptedException;

    /**
     * As {@link #read(MailQuery, AttachmentSink)}, for a caller that looks again soon: attachments are listed only, and a
     * mail that cannot be read costs only itself.
     */
    @NonNull
    ReadResult look(@NonNull MailQuery query) throws MailFailure, InterruptedException;

    /**
     * Reads the mails that a query asks for among those that arrived after a position in the folder. Attachments are
     * listed only.
     *
     * @param query which mails; the oldest come first, whatever order the query asks for
     * @param after the position that an earlier call returned; null to learn the current one, without mails
     * @param skips decides whether a mail that cannot be read is skipped; if not, the mails before it are returned, and if
     *     there are none, reading fails
     * @return the mails and the position to continue from
     * @throws MailFailure if reading failed; {@code after} is still the position to continue from
     * @throws InterruptedException if the thread was interrupted
     */
    @NonNull
    Arrivals arrivals(@NonNull MailQuery query, @CheckForNull FolderPosition after, @NonNull Predicate<MailId> skips)
            throws MailFailure, InterruptedException;

    /**
     * Changes mails that were read.
     *
     * @param folder where they were read
     * @param ids {@link ReceivedMail#id()} of each
     * @param change what to do with them
     * @param notices receives a sentence with the reason whenever changing has to wait; null to try once
     * @return the ids of those that are no longer there; nothing was done with them
     * @throws MailFailure if some or all of them could not be changed
     * @throws InterruptedException if the thread was interrupted
     */
    @NonNull
    List<MailId> change(
            @NonNull String folder,
            @NonNull List<MailId> ids,
            @NonNull MailChange change,
            @CheckForNull Consumer<String> notices)
            throws MailFailure, InterruptedException;
}
