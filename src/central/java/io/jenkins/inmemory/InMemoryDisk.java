package io.jenkins.inmemory;

import java.io.IOException;

/** The disk that the Jenkins home is on, as far as it can be full. */
public final class InMemoryDisk {
    private static volatile boolean full;

    private InMemoryDisk() {}

    /** Whether files of Jenkins can no longer be written. */
    public static void full(boolean now) {
        full = now;
    }

    /** To be called before a file is written. */
    public static void write() throws IOException {
        if (full) {
            throw new IOException("No space left on device");
        }
    }
}
