package io.jenkins.plugins.oauthmail.mail.imap;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import java.util.HashSet;
import java.util.Set;

/**
 * How many messages are described by one answer. After an answer that was too large, which ends the connection, it is
 * fewer over the next one: finally one, so that a message that is too large by itself is known and left out.
 */
final class Portions {

    private static final int STEP = 10;

    private final Set<Long> tooLarge = new HashSet<>();
    private int most = Integer.MAX_VALUE;
    private boolean smaller;

    /** How many messages may be described by one answer. */
    int most() {
        return most;
    }

    /** Whether the description of this message alone is too large. */
    boolean leavesOut(@CheckForNull Long uid) {
        return tooLarge.contains(uid);
    }

    /**
     * Must be called after a FETCH that failed.
     *
     * @param count how many messages were to be described
     * @param uid of the only one; null if there were others or it is not known
     */
    void failed(MailFailure failure, int count, @CheckForNull Long uid) {
        if (!(failure.getCause() instanceof AnswerTooLarge)) {
            return;
        }
        if (most > 1) {
            most = Math.max(1, count / STEP);
            smaller = true;
        } else {
            smaller = uid != null && tooLarge.add(uid);
        }
    }

    /** Whether less is asked for over the next connection than over the one before. */
    boolean smaller() {
        boolean now = smaller;
        smaller = false;
        return now;
    }
}
