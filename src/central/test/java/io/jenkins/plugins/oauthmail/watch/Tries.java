package io.jenkins.plugins.oauthmail.watch;

/** Lets tests in other packages skip messages that cannot be read without waiting for minutes. */
public final class Tries implements AutoCloseable {

    /** All tries count from now on, until this is closed. */
    public Tries() {
        UnreadableMails.countAll(true);
    }

    @Override
    public void close() {
        UnreadableMails.countAll(false);
    }
}
