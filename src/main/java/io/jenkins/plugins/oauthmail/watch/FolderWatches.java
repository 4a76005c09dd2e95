package io.jenkins.plugins.oauthmail.watch;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import io.jenkins.plugins.oauthmail.config.AccountsListener;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The builds and triggers that wait for mail. However many wait for a folder of an account, one connection watches it,
 * and they check for mail one after another.
 */
@Extension
@Restricted(NoExternalUse.class)
public class FolderWatches implements AccountsListener {
    private final Map<Place, FolderWatch> watches = new HashMap<>();

    @NonNull
    public static FolderWatches get() {
        return ExtensionList.lookupSingleton(FolderWatches.class);
    }

    /**
     * Registers a listener, which checks for mail now and whenever mail may have arrived, until it leaves.
     *
     * @param accountId ID of the account whose mailbox to watch
     * @param folder full name of the folder
     */
    public synchronized void join(@NonNull String accountId, @NonNull String folder, @NonNull Listener who) {
        Place place = new Place(accountId, folder);
        FolderWatch watch = watches.get(place);
        if (watch == null) {
            watch = new FolderWatch(accountId, folder);
            watches.put(place, watch);
        }
        watch.add(who);
    }

    /**
     * Removes a listener and closes the connection after the last one. Does nothing if the listener is not registered
     * for the folder.
     */
    public synchronized void leave(@NonNull String accountId, @NonNull String folder, @NonNull Listener who) {
        Place place = new Place(accountId, folder);
        FolderWatch watch = watches.get(place);
        if (watch != null && watch.remove(who)) {
            watches.remove(place);
            watch.close();
        }
    }

    /** Reconnects wherever an account's mailbox has changed or could not be watched so far. */
    @Override
    public void changed() {
        watched(place -> true).forEach(FolderWatch::reconnectIfChanged);
    }

    @Override
    public void authorized(@NonNull String accountId) {
        reconnect(accountId);
    }

    @Override
    public void forgotten(@NonNull String accountId) {
        reconnect(accountId);
    }

    /** Closes the account's connections and opens others; listeners are notified if that fails. */
    private void reconnect(String accountId) {
        watched(place -> place.accountId().equals(accountId)).forEach(FolderWatch::reconnect);
    }

    private synchronized List<FolderWatch> watched(Predicate<Place> where) {
        return watches.entrySet().stream()
                .filter(watch -> where.test(watch.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** Has the listener check again, as if mail had arrived; does nothing if it is not registered for the folder. */
    public synchronized void nudge(@NonNull String accountId, @NonNull String folder, @NonNull Listener who) {
        FolderWatch watch = watches.get(new Place(accountId, folder));
        if (watch != null) {
            watch.nudge(who);
        }
    }

    /** Like {@link #nudge}, but ahead of all other listeners of the folder. */
    public synchronized void nudgeFirst(@NonNull String accountId, @NonNull String folder, @NonNull Listener who) {
        FolderWatch watch = watches.get(new Place(accountId, folder));
        if (watch != null) {
            watch.nudgeFirst(who);
        }
    }

    /**
     * After {@link #nudgeFirst}: interrupts the check of another listener if that keeps this one waiting; it is repeated
     * later, and not interrupted again in this way.
     */
    public synchronized void interruptFor(@NonNull String accountId, @NonNull String folder, @NonNull Listener who) {
        FolderWatch watch = watches.get(new Place(accountId, folder));
        if (watch != null) {
            watch.interruptFor(who);
        }
    }

    /** Whether a check of the folder, or a part of one, has succeeded within the given time until now. */
    public synchronized boolean hasLookedWithin(
            @NonNull String accountId, @NonNull String folder, @NonNull Duration time) {
        FolderWatch watch = watches.get(new Place(accountId, folder));
        return watch != null && watch.hasLookedWithin(time);
    }

    /** Who waits for mail in a folder of the account, in no particular order. */
    @NonNull
    public List<Waiter> waiters(@NonNull String accountId) {
        return waiters(place -> place.accountId().equals(accountId), waiter -> true);
    }

    /**
     * What a build waits for, in no particular order.
     *
     * @param job full name of the job
     * @param build number of the build
     */
    @NonNull
    public List<Waiter> waiters(@NonNull String job, int build) {
        return waiters(
                place -> true, waiter -> waiter.build() == build && waiter.job().equals(job));
    }

    /** Asks without a lock, as the answer may need one. */
    private List<Waiter> waiters(Predicate<Place> where, Predicate<Waiter> who) {
        return watched(where).stream()
                .flatMap(watch -> watch.members().stream())
                .map(Listener::waiter)
                .flatMap(Optional::stream)
                .filter(who)
                .toList();
    }

    /** A build or trigger that waits for mail. When it leaves, the thread that is checking for it is interrupted. */
    public interface Listener {
        /**
         * Called when mail may have arrived, by one thread at a time for each folder.
         *
         * @param shared for reading what other listeners may need as well
         * @throws MailFailure if the check failed; it is called again once the server may be asked again
         * @throws InterruptedException if interrupted; it is called again unless it has left
         */
        void checkForMail(@NonNull SharedReading shared) throws MailFailure, InterruptedException;

        /** Who waits, such as a job: the owners of listeners take turns, however many listeners each of them has. */
        @NonNull
        default Object owner() {
            return this;
        }

        /** Called when watching the folder or checking for mail failed; both are tried again. */
        void watchFailed(@NonNull MailFailure failure);

        /**
         * Called with any other exception that {@link #checkForMail} threw; the listener stays registered unless it
         * leaves.
         */
        void checkFailed(@NonNull Throwable unforeseen);

        /** Who this is, for the account's page; empty if that is unknown. */
        @NonNull
        default Optional<Waiter> waiter() {
            return Optional.empty();
        }
    }

    private record Place(String accountId, String folder) {}
}
