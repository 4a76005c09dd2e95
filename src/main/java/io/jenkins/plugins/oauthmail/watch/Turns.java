package io.jenkins.plugins.oauthmail.watch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who is due for a check, and in which order: the owners take turns, and the listeners of each of them in order of
 * request. So a job with a thousand listeners delays the only listener of another job by one turn. Not thread-safe.
 */
final class Turns {
    /**
     * How many may go ahead in a row: as many as may be waiting for the same moment, but no flood of waits that end one
     * after another, which would keep all others out.
     */
    static final int MAX_HURRIED = 20;

    private final Map<Object, Map<FolderWatches.Listener, Instant>> byOwner = new LinkedHashMap<>();
    /** Those who go first, whatever their owner. */
    private final Set<FolderWatches.Listener> urgent = new LinkedHashSet<>();

    private final Map<FolderWatches.Listener, Object> owners = new LinkedHashMap<>();

    /** How many went ahead of others since one of those had a turn. */
    private int hurried;

    /**
     * A listener whose turn it is.
     *
     * @param since since when it has been due
     * @param first whether it went ahead of others
     */
    record Turn(FolderWatches.Listener who, Instant since, boolean first) {}

    /** Adds a listener, or changes since when it is due. */
    void add(FolderWatches.Listener who, Object owner, Instant since) {
        owners.putIfAbsent(who, owner);
        byOwner.computeIfAbsent(owners.get(who), first -> new LinkedHashMap<>()).put(who, since);
    }

    /** Has a listener that is due go first. */
    void hurry(FolderWatches.Listener who) {
        if (owners.containsKey(who)) {
            urgent.add(who);
        }
    }

    /** Removes and returns the next one; null if nobody is due. */
    @CheckForNull
    Turn next() {
        if (owners.isEmpty()) {
            return null;
        }
        FolderWatches.Listener patient = hurried >= MAX_HURRIED || urgent.isEmpty() ? patient() : null;
        FolderWatches.Listener who = patient == null ? urgent.iterator().next() : patient;
        hurried = patient == null ? hurried + 1 : 0;
        Object owner = owners.get(who);
        Turn turn = new Turn(who, byOwner.get(owner).get(who), urgent.contains(who));
        remove(who);
        // The owner's others go to the end.
        Map<FolderWatches.Listener, Instant> others = byOwner.remove(owner);
        if (others != null) {
            byOwner.put(owner, others);
        }
        return turn;
    }

    /** The next one of those who do not go first; null if there is none. */
    @CheckForNull
    private FolderWatches.Listener patient() {
        return byOwner.values().stream()
                .flatMap(some -> some.keySet().stream())
                .filter(who -> !urgent.contains(who))
                .findFirst()
                .orElse(null);
    }

    void remove(FolderWatches.Listener who) {
        urgent.remove(who);
        Object owner = owners.remove(who);
        if (owner != null) {
            byOwner.get(owner).remove(who);
            if (byOwner.get(owner).isEmpty()) {
                byOwner.remove(owner);
            }
        }
    }

    boolean contains(FolderWatches.Listener who) {
        return owners.containsKey(who);
    }

    boolean isEmpty() {
        return owners.isEmpty();
    }

    int size() {
        return owners.size();
    }

    List<FolderWatches.Listener> all() {
        return new ArrayList<>(owners.keySet());
    }

    void clear() {
        byOwner.clear();
        urgent.clear();
        owners.clear();
    }
}
