package io.jenkins.plugins.oauthmail.mail.connect;

import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import java.time.Duration;
import java.time.Instant;

/**
 * Limits how long a message waits until it is submitted: for its turn, a token, a connection and the login. The program
 * that waits for it may have given up later, and send it again.
 */
public final class WaitLimit {
    private final TimeSource time;
    private final Instant latest;

    /** Starts now. */
    public WaitLimit(TimeSource time, Duration most) {
        this.time = time;
        this.latest = time.now().plus(most);
    }

    /** The time left, at least zero. */
    public Duration left() {
        Duration left = Duration.between(time.now(), latest);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /**
     * Must be called immediately before the message is submitted.
     *
     * @throws MailFailure a temporary one, if the time is over
     */
    public void check(Endpoint endpoint) throws MailFailure {
        if (time.now().isAfter(latest)) {
            throw over(endpoint);
        }
    }

    /** The failure to throw when the time is over, a temporary one. */
    public MailFailure over(Endpoint endpoint) {
        return MailFailure.temporary(Layer.SEND, Messages.WaitLimit_over(endpoint));
    }
}
