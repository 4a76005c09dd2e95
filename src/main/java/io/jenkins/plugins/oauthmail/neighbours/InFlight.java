package io.jenkins.plugins.oauthmail.neighbours;

import java.time.Duration;

/** Counts the messages that the relay is sending, so that it can end between two of them. Thread-safe. */
final class InFlight {
    private int count;
    private boolean ending;

    /** @return whether a message may be sent; if so, {@link #done} must follow */
    synchronized boolean begin() {
        if (ending) {
            return false;
        }
        count++;
        return true;
    }

    synchronized void done() {
        count--;
        notifyAll();
    }

    /** No message may begin any more. */
    synchronized void end() {
        ending = true;
    }

    synchronized boolean isEnding() {
        return ending;
    }

    /** @return whether no message is being sent any more */
    synchronized boolean await(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (count > 0) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }
}
