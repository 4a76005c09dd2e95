package io.jenkins.plugins.oauthmail.token;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Stands before the store of one authorization and keeps in memory what the store cannot take, as when the disk is full:
 * the refresh token in it may be the only one that the provider still accepts. It is saved at the next occasion, at the
 * latest when a minute is over. Give the same keeper to a source that takes the place of another.
 */
public final class TokenCacheKeeper {

    private static final Logger LOGGER = Logger.getLogger(TokenCacheKeeper.class.getName());
    private static final Duration SAVE_AGAIN = Duration.ofMinutes(1);

    /**
     * A cache that is not in the store.
     *
     * @param cache what to save
     * @param replaces what the store held when it was made; if the store holds something else, somebody signed in anew
     * @param reason why it could not be saved
     */
    private record Unsaved(String cache, @CheckForNull String replaces, String reason) {

        @Override
        public String toString() {
            return "Unsaved[hidden, " + reason + "]";
        }
    }

    private final TokenCacheStore store;
    private final TimeSource time;
    private final ReentrantLock renewal = new ReentrantLock();
    private volatile Unsaved unsaved;
    private String loaded;
    private boolean scheduled;

    /** @param store where the cache belongs */
    public TokenCacheKeeper(@NonNull TokenCacheStore store) {
        this(store, TimeSource.SYSTEM);
    }

    TokenCacheKeeper(TokenCacheStore store, TimeSource time) {
        this.store = store;
        this.time = time;
    }

    /** Why the newest cache is in memory only; empty if it is in the store. */
    @NonNull
    public Optional<String> unsavedBecause() {
        return Optional.ofNullable(unsaved).map(Unsaved::reason);
    }

    /** Tries to save what is in memory only, unless that or a renewal is under way; does nothing if there is nothing. */
    public void saveAgain() {
        if (unsaved == null || !renewal.tryLock()) {
            return;
        }
        try {
            load();
            Unsaved left = unsaved;
            if (left != null) {
                save(left.cache());
            }
        } catch (IOException e) {
            // The authorization was forgotten, and what was to be saved with it.
            LOGGER.log(Level.FINE, "Nothing is left to be saved", e);
        } finally {
            renewal.unlock();
        }
    }

    /** To be held from {@link #load} to {@link #save}: a refresh token may be good for one renewal only. */
    ReentrantLock renewal() {
        return renewal;
    }

    /** Whether the last renewal before this source was made got no answer. */
    boolean answerLost() throws IOException {
        return store.answerLost();
    }

    /** As {@link TokenCacheStore#load}, but what is newer and could not be saved goes first. */
    @CheckForNull
    synchronized String load() throws IOException {
        Unsaved newer = unsaved;
        String stored;
        try {
            stored = store.load();
        } catch (IOException | RuntimeException e) {
            if (newer == null) {
                throw e;
            }
            return newer.cache();
        }
        loaded = stored;
        if (newer == null) {
            return stored;
        }
        if (stored != null && stored.equals(newer.replaces())) {
            return newer.cache();
        }
        unsaved = null;
        return stored;
    }

    /** As {@link TokenCacheStore#save}, but keeps what the store cannot take. */
    synchronized void save(@NonNull String cache) throws TokenCacheStore.Forgotten {
        boolean before = unsaved != null;
        try {
            store.save(cache);
            unsaved = null;
            loaded = cache;
            if (before) {
                LOGGER.info(Messages.TokenCacheKeeper_saved());
            }
        } catch (TokenCacheStore.Forgotten e) {
            unsaved = null;
            throw e;
        } catch (IOException | RuntimeException e) {
            unsaved = new Unsaved(cache, before ? unsaved.replaces() : loaded, reason(e));
            if (!before) {
                LOGGER.log(Level.WARNING, e, Messages::TokenCacheKeeper_unsaved);
            }
            if (!scheduled) {
                scheduled = true;
                time.later(SAVE_AGAIN, this::due);
            }
        }
    }

    private void due() {
        synchronized (this) {
            scheduled = false;
        }
        saveAgain();
        synchronized (this) {
            if (unsaved != null && !scheduled) {
                scheduled = true;
                time.later(SAVE_AGAIN, this::due);
            }
        }
    }

    /** Without a path, which says where on the controller the file is. */
    private static String reason(Exception e) {
        String said = e instanceof FileSystemException file ? file.getReason() : e.getMessage();
        String reason = QuotedText.ofProvider(said, List.of());
        return reason.isEmpty() ? e.getClass().getSimpleName() : reason;
    }
}
