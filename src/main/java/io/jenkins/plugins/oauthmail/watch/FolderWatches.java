package io.jenkins.plugins.oauthmail.watch;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Computer;
import io.jenkins.plugins.oauthmail.config.AccountsListener;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Builds that wait for mail. However many wait for a folder of an account, one connection watches it, and one after the
 * other looks.
 */
@Extension
public class FolderWatches implements AccountsListener {
    private static final Logger LOGGER = Logger.getLogger(FolderWatches.class.getName());

    private final Map<Place, FolderWatch> watches = new HashMap<>();

    @NonNull
    public static FolderWatches get() {
        return ExtensionList.lookupSingleton(FolderWatches.class);
    }

    /**
     * Has somebody look now and whenever mail may have come, until it leaves.
     *
     * @param accountId whose mailbox to watch
     * @param folder of that mailbox
     */
    public synchronized void join(@NonNull String accountId, @NonNull String folder, @NonNull Waiting who) {
        Place place = new Place(accountId, folder);
        FolderWatch watch = watches.get(place);
        if (watch == null) {
            watch = new FolderWatch(accountId, folder);
            watches.put(place, watch);
        }
        watch.add(who);
    }

    /** Ends that; the connection is closed behind the last one. Does nothing if it did not wait there. */
    public synchronized void leave(@NonNull String accountId, @NonNull String folder, @NonNull Waiting who) {
        Place place = new Place(accountId, folder);
        FolderWatch watch = watches.get(place);
        if (watch != null && watch.remove(who)) {
            watches.remove(place);
            watch.close();
        }
    }

    /** Ends the account's connections; whoever waits learns it if there can be no others. */
    public synchronized void reconnect(@NonNull String accountId) {
        watches.forEach((place, watch) -> {
            if (place.accountId().equals(accountId)) {
                watch.reconnect();
            }
        });
    }

    /** Ends connections to mailboxes that accounts no longer have, and has those try again that could not be watched. */
    @Override
    public void accountsChanged() {
        try {
            // Whoever looks into the configuration while this is locked would wait for each other.
            Computer.threadPoolForRemoting.execute(() -> watched().forEach(FolderWatch::reconnectIfChanged));
        } catch (RejectedExecutionException e) {
            // The configuration is saved all the same, and each look goes by it.
            LOGGER.log(Level.WARNING, "Watched folders cannot be checked against the new configuration", e);
        }
    }

    private synchronized List<FolderWatch> watched() {
        return List.copyOf(watches.values());
    }

    /** Has it look once more, as if mail had come; does nothing if it does not wait there. */
    public synchronized void nudge(@NonNull String accountId, @NonNull String folder, @NonNull Waiting who) {
        FolderWatch watch = watches.get(new Place(accountId, folder));
        if (watch != null) {
            watch.nudge(who);
        }
    }

    /** As {@link #nudge}, before all others who wait there. */
    public synchronized void nudgeFirst(@NonNull String accountId, @NonNull String folder, @NonNull Waiting who) {
        FolderWatch watch = watches.get(new Place(accountId, folder));
        if (watch != null) {
            watch.nudgeFirst(who);
        }
    }

    /** Whether somebody has looked into the folder without a failure within that time until now. */
    public synchronized boolean hasLookedWithin(
            @NonNull String accountId, @NonNull String folder, @NonNull Duration time) {
        FolderWatch watch = watches.get(new Place(accountId, folder));
        return watch != null && watch.hasLookedWithin(time);
    }

    /** Somebody who waits. The thread that looks is interrupted when it leaves. */
    public interface Waiting {
        /**
         * Mail may have come. Called by one thread at a time for each folder.
         *
         * @param shared for what others may want to know as well
         * @throws MailFailure if it could not look this time; it is called again when the server may be asked again
         * @throws InterruptedException if it was interrupted; it is called again, unless it has left
         */
        void look(@NonNull SharedReading shared) throws MailFailure, InterruptedException;

        /** The folder could not be watched this time, or nobody can look at the moment; it is tried again. */
        void unwatched(@NonNull MailFailure failure);

        /** What it threw beside that when it was called; it goes on waiting unless it leaves. */
        void failed(@NonNull Throwable unforeseen);
    }

    private record Place(String accountId, String folder) {}
}
