package io.jenkins.plugins.oauthmail.mail.connect;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;

/** Notices new mail in a folder: implements {@code MailWatch} for one protocol. */
public interface FolderMonitor extends AutoCloseable {
    /**
     * Watches until the session ends or {@link #close} is called. Called once, by one thread.
     *
     * @param news called as soon as no later message can be missed, and then whenever mail may have arrived; must not
     *     block
     * @throws MailFailure if the folder could not be watched; the end of a session that worked is not a failure
     * @throws InterruptedException if the thread was interrupted
     */
    void run(@NonNull Runnable news) throws MailFailure, InterruptedException;

    /** Ends the watch. Any thread may call it. */
    @Override
    void close();
}
