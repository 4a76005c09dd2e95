package io.jenkins.plugins.oauthmail.trigger;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Item;
import hudson.model.PeriodicWork;
import hudson.model.listeners.ItemListener;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Stops triggers that Jenkins does not stop, so that no connection is kept for them: those of deleted jobs, and those
 * that were replaced by posted XML or a reload from disk.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class AbandonedTriggers extends ItemListener {
    /** All triggers that wait for mail. */
    private final Set<ArrivalWatch> waiting = ConcurrentHashMap.newKeySet();

    /** Those that have left since the last minute, and in the minute before. */
    private Set<ArrivalWatch> left = new HashSet<>();

    private Set<ArrivalWatch> leftBefore = Set.of();

    @NonNull
    static AbandonedTriggers get() {
        return ExtensionList.lookupSingleton(AbandonedTriggers.class);
    }

    void add(@NonNull ArrivalWatch watch) {
        waiting.add(watch);
    }

    void remove(@NonNull ArrivalWatch watch) {
        waiting.remove(watch);
        synchronized (this) {
            left.add(watch);
        }
    }

    /** Jenkins still finds the item while this is called. */
    @Override
    public void onDeleted(Item item) {
        waiting.stream().filter(watch -> watch.isOf(item)).forEach(ArrivalWatch::stop);
    }

    @Override
    public void onUpdated(Item item) {
        leave(watch -> watch.isOf(item));
    }

    private void leave(Predicate<ArrivalWatch> which) {
        waiting.stream().filter(which).forEach(ArrivalWatch::leaveIfAbandoned);
    }

    /** Not at once, as Jenkins also stops a trigger in order to replace it. */
    private void forgetRemoved() {
        Set<ArrivalWatch> before;
        synchronized (this) {
            before = leftBefore;
            leftBefore = left;
            left = new HashSet<>();
        }
        before.forEach(ArrivalWatch::forgetIfRemoved);
    }

    /** For reloads, of which no listener is notified. */
    @Extension
    public static final class EveryMinute extends PeriodicWork {
        @Override
        public long getRecurrencePeriod() {
            return MIN;
        }

        @Override
        protected void doRun() {
            get().leave(watch -> true);
            get().forgetRemoved();
        }
    }
}
