package io.jenkins.plugins.oauthmail.token.entra;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Keeps every version it was given; can be told to fail. */
final class MemoryStore implements TokenCacheStore {

    final List<String> saved = Collections.synchronizedList(new ArrayList<>());
    volatile IOException loadFails;
    volatile IOException saveFails;
    private volatile RuntimeException saveBreaks;
    private volatile String current;

    MemoryStore(String current) {
        this.current = current;
    }

    /** How each save fails from now on; null for not at all. */
    void fail(Exception fault) {
        saveFails = fault instanceof IOException io ? io : null;
        saveBreaks = fault instanceof RuntimeException unchecked ? unchecked : null;
    }

    @Override
    public String load() throws IOException {
        if (loadFails != null) {
            throw loadFails;
        }
        return current;
    }

    @Override
    public void save(String serializedCache) throws IOException {
        if (saveFails != null) {
            throw saveFails;
        }
        if (saveBreaks != null) {
            throw saveBreaks;
        }
        saved.add(serializedCache);
        current = serializedCache;
    }
}
