package io.jenkins.plugins.oauthmail.mail.received;

import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;

/**
 * How much more of a message may be scanned to split it into parts. All parts of a message share one, because each level
 * of nesting scans the content of those below it again.
 */
final class ScanLimits {

    /** For one message, including all levels: the attachments that are listed, and as many other parts. */
    static final int MAX_PARTS = 2 * MailAssembler.MAX_ATTACHMENTS;

    /** Messages have about five levels, and their attachments are rarely in the innermost one. */
    private static final int MAX_SCANS = 8;

    /** Small messages may be nested as deeply as others, because scanning this much takes a fraction of a second. */
    private static final long ALWAYS_ALLOWED = 32L << 20;

    private final ReadDeadline time;
    private long bytes;
    private int parts = MAX_PARTS;

    /**
     * @param size of the message, in bytes
     * @param time checked during each scan
     */
    ScanLimits(long size, ReadDeadline time) {
        this.time = time;
        this.bytes = Math.max(MAX_SCANS * size, ALWAYS_ALLOWED);
    }

    /**
     * Asks for a scan.
     *
     * @param size number of bytes to be scanned
     * @return false if these are too many; then nothing must be scanned
     */
    boolean allowsScan(long size) {
        boolean allowed = size <= bytes;
        bytes -= allowed ? size : 0;
        return allowed;
    }

    /** How many more parts the message may have. */
    int partsLeft() {
        return parts;
    }

    /** Counts the parts of one level. */
    void countParts(int found) {
        parts -= found;
    }

    /** @throws MailFailure if the time is over or the thread was interrupted */
    void checkTime() throws MailFailure {
        time.check();
    }
}
