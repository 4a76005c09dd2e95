package io.jenkins.plugins.oauthmail.mail;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.connect.FolderMonitor;
import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.imap.ImapFolderMonitor;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import java.time.Duration;

/**
 * Watches one folder for new mail. It only reports that something may have arrived; the caller has to read the folder.
 * Each instance is run once, by one thread.
 */
public final class MailWatch implements AutoCloseable {
    private final FolderMonitor monitor;

    /**
     * @param mailbox the mailbox that contains the folder
     * @param folder full name of the folder
     */
    public MailWatch(@NonNull Mailbox mailbox, @NonNull String folder) {
        this(Protocol.of(mailbox).monitor(mailbox, folder));
    }

    MailWatch(Mailbox mailbox, String folder, Duration renewal, Duration poll) {
        this(Protocol.of(mailbox).monitor(mailbox, folder, renewal, poll));
    }

    MailWatch(Mailbox mailbox, String folder, Duration renewal, Duration poll, Timeouts timeouts) {
        this(new ImapFolderMonitor(mailbox, folder, renewal, poll, timeouts));
    }

    private MailWatch(FolderMonitor monitor) {
        this.monitor = monitor;
    }

    /** See {@link FolderMonitor#run}. */
    public void run(@NonNull Runnable news) throws MailFailure, InterruptedException {
        monitor.run(news);
    }

    /** See {@link FolderMonitor#close}. */
    @Override
    public void close() {
        monitor.close();
    }
}
