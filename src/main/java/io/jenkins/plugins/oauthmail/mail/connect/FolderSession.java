package io.jenkins.plugins.oauthmail.mail.connect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.model.Arrivals;
import io.jenkins.plugins.oauthmail.mail.model.FolderCheckpoint;
import io.jenkins.plugins.oauthmail.mail.model.FolderLook;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReadResult;
import java.util.function.Predicate;

/**
 * Reads one folder for many who wait for mail in it: implements {@code FolderReader} for one protocol. All questions are
 * answered over one connection, which is opened with the first of them, and a message is fetched once, however many ask
 * for it. A connection that was lost between two questions is replaced.
 *
 * <p>One thread at a time may use it; {@link #abort} is for any thread.
 */
public interface FolderSession extends AutoCloseable {
    /**
     * Has the following questions answered as of now or later; until then, they may be answered as of the last call.
     *
     * @param askers how many are about to ask, on which it depends what is worth fetching for all of them
     */
    void refresh(int askers);

    /**
     * Looks whether the folder contains enough matching messages.
     *
     * @param query which messages
     * @param since the checkpoint of the last look of the same waiter; null to consider the whole folder
     * @param enough how many messages are needed; 0 if the result is needed in any case
     * @return the same as {@link MailStore#look}, unless there are not enough messages
     * @throws MailFailure as {@link MailStore#look}; {@code since} is still valid
     * @throws InterruptedException if the thread was interrupted
     */
    @NonNull
    FolderLook look(@NonNull MailQuery query, @CheckForNull FolderCheckpoint since, int enough)
            throws MailFailure, InterruptedException;

    /** The same as {@link MailStore#look}. */
    @NonNull
    default ReadResult look(@NonNull MailQuery query) throws MailFailure, InterruptedException {
        return look(query, null, 0).read();
    }

    /** The same as {@link MailStore#arrivals}. */
    @NonNull
    Arrivals arrivals(@NonNull MailQuery query, @CheckForNull FolderPosition after, @NonNull Predicate<MailId> skips)
            throws MailFailure, InterruptedException;

    /** Ends the connection at once and for good: a question that is being answered fails, and so do later ones. */
    void abort();

    /** Ends the connection properly. */
    @Override
    void close();
}
