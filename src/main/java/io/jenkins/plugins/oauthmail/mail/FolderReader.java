package io.jenkins.plugins.oauthmail.mail;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.connect.FolderSession;
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
 * Reads one folder for many who wait for mail in it, over one connection and each message once. Made by
 * {@link MailReader#folder}. One thread at a time may use it; {@link #abort} is for any thread.
 */
public final class FolderReader implements AutoCloseable {
    private final FolderSession session;

    FolderReader(FolderSession session) {
        this.session = session;
    }

    /** See {@link FolderSession#refresh}. */
    public void refresh(int askers) {
        session.refresh(askers);
    }

    /** See {@link FolderSession#look(MailQuery, FolderCheckpoint, int)}. */
    @NonNull
    public FolderLook look(@NonNull MailQuery query, @CheckForNull FolderCheckpoint since, int enough)
            throws MailFailure, InterruptedException {
        return session.look(query, since, enough);
    }

    /** See {@link FolderSession#look(MailQuery)}. */
    @NonNull
    public ReadResult look(@NonNull MailQuery query) throws MailFailure, InterruptedException {
        return session.look(query);
    }

    /** See {@link FolderSession#arrivals}. */
    @NonNull
    public Arrivals arrivals(
            @NonNull MailQuery query, @CheckForNull FolderPosition after, @NonNull Predicate<MailId> skips)
            throws MailFailure, InterruptedException {
        return session.arrivals(query, after, skips);
    }

    /** See {@link FolderSession#abort}. */
    public void abort() {
        session.abort();
    }

    /** See {@link FolderSession#close}. */
    @Override
    public void close() {
        session.close();
    }
}
