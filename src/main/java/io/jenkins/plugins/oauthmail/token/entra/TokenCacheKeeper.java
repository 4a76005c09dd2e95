package io.jenkins.plugins.oauthmail.token.entra;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Wraps the store of one authorization and keeps in memory what cannot be saved, for example because the disk is full:
 * it may contain the only refresh token that the provider still accepts. It is saved with the next renewal, or within a
 * minute once that is possible. Pass the same keeper to a source that replaces another one.
 */
public final class TokenCacheKeeper {

    private static final Logger LOGGER = Logger.getLogger(TokenCacheKeeper.class.getName());
    private static final Duration SAVE_AGAIN = Duration.ofMinutes(1);

    /**
     * A cache that is not in the store.
     *
     * @param cache what to save
     * @param replaces what the store contained when the cache was created; if it now contains something else, somebody
     *     has signed in again
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

    /** @param store the store of the authorization */
    public TokenCacheKeeper(@NonNull TokenCacheStore store) {
        this(store, TimeSource.SYSTEM);
    }

    TokenCacheKeeper(TokenCacheStore store, TimeSource time) {
        this.store = store;
        this.time = time;
    }

    /** Why the newest cache is only in memory; empty if it is in the store. */
    @NonNull
    public Optional<String> unsavedBecause() {
        return Optional.ofNullable(unsaved).map(Unsaved::reason);
    }

    /**
     * Tries to save a cache that is only in memory. Does nothing if there is none, or if a renewal or another attempt
     * is in progress.
     */
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
            // The authorization was forgotten, so the unsaved cache is no longer needed.
            LOGGER.log(Level.FINE, "Nothing is left to be saved", e);
        } finally {
            renewal.unlock();
        }
    }

    /** Must be held from {@link #load} to {@link #save}, because a refresh token may work for one renewal only. */
    ReentrantLock renewal() {
        return renewal;
    }

    /** Whether the response to the last renewal was lost before this object was created. */
    boolean answerLost() throws IOException {
        return store.answerLost();
    }

    /** See {@link TokenCacheStore#renewalBegins}. */
    void renewalBegins() {
        store.renewalBegins();
    }

    /** Same as {@link TokenCacheStore#load}, but returns a newer cache that could not be saved. */
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

    /** Same as {@link TokenCacheStore#save}, but keeps a cache that cannot be saved. */
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

    /** Without the path, which would reveal where on the controller the file is. */
    private static String reason(Exception e) {
        String said = e instanceof FileSystemException file ? file.getReason() : e.getMessage();
        String reason = QuotedText.ofProvider(said, List.of());
        return reason.isEmpty() ? e.getClass().getSimpleName() : reason;
    }
}
