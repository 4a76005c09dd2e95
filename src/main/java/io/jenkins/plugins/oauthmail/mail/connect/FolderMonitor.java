package io.jenkins.plugins.oauthmail.mail.connect;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;

/** One way to notice that mail arrived in a folder: what {@code MailWatch} promises, over one protocol. */
public interface FolderMonitor extends AutoCloseable {
    /**
     * Watches until the session ends or {@link #close} is called. Called once, by one thread.
     *
     * @param news called as soon as nothing can be missed any more, and then whenever mail may have arrived; must not
     *     block
     * @throws MailFailure if the folder could not be watched; a session that ends later is no failure
     * @throws InterruptedException if the thread was interrupted
     */
    void run(@NonNull Runnable news) throws MailFailure, InterruptedException;

    /** Ends the watch; any thread may call it. */
    @Override
    void close();
}
