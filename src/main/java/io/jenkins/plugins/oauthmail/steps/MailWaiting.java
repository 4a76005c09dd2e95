package io.jenkins.plugins.oauthmail.steps;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import io.jenkins.plugins.oauthmail.jobs.MailWaits;
import io.jenkins.plugins.oauthmail.mail.MailFailure;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Reads when enough mails are there. Between looks it holds no thread, and no executor unless the step stands in a node.
 * After a restart of the controller it waits on, until the moment that was fixed when it began.
 */
final class MailWaiting extends MailReading implements MailWaits.Waiting {
    private static final long serialVersionUID = 1;

    private final long deadline;
    private final int count;
    private final boolean emptyOnTimeout;
    private final String account;
    private final String folder;
    private final String waitFor;
    /** Whether a look has succeeded, so that account, rights and query are good. */
    private volatile boolean looked;

    private transient volatile Future<?> alarm;
    private transient volatile boolean late;
    private transient String lastTrouble;

    MailWaiting(OAuthMailReadStep step, @NonNull String account, @NonNull String waitFor, @NonNull StepContext context)
            throws AbortException {
        super(step, context);
        this.account = account;
        this.waitFor = waitFor;
        deadline = Instant.now().plus(WaitTime.parse(waitFor)).toEpochMilli();
        count = step.getCount();
        emptyOnTimeout = step.isEmptyOnTimeout();
        folder = step.getFolder();
    }

    @Override
    void begin() {
        if (isFound()) {
            super.begin();
            return;
        }
        long left = Math.max(0, deadline - System.currentTimeMillis());
        alarm = Timer.get().schedule(this::timeIsUp, left, TimeUnit.MILLISECONDS);
        MailWaits.get().join(account, folder, this);
        if (isOver()) {
            ended(); // stopped a moment ago, when there was nothing to leave yet
        }
    }

    /** One last look decides: the mail may have come while the controller was down. */
    private void timeIsUp() {
        late = true;
        MailWaits.get().nudge(account, folder, this);
    }

    @Override
    public boolean start() throws IOException, InterruptedException {
        log(Messages.MailWaiting_begun(folder, account, waitFor));
        return super.start();
    }

    @Override
    public void look() {
        if (!isFound()) {
            attempt();
        }
    }

    @Override
    boolean takesTurns() {
        return true;
    }

    @Override
    boolean isEnough(int mails) throws AbortException {
        looked = true;
        if (mails >= count) {
            return true;
        }
        if (late && !emptyOnTimeout) {
            throw new AbortException(
                    count == 1 ? Messages.MailWaiting_none(waitFor) : Messages.MailWaiting_some(mails, count, waitFor));
        }
        return late;
    }

    @Override
    boolean isBearable(@NonNull MailFailure failure) {
        boolean bearable = !late && (failure.passing() || looked && failure.mayPass());
        if (bearable && !failure.getMessage().equals(lastTrouble)) {
            lastTrouble = failure.getMessage();
            note(Messages.MailWaiting_trouble(lastTrouble));
        }
        return bearable;
    }

    @Override
    public void unwatched(@NonNull MailFailure failure) {
        if (!isFound() && !isBearable(failure)) {
            fail(new AbortException(failure.getMessage()));
        }
    }

    @Override
    void ended() {
        Future<?> pending = alarm;
        if (pending != null) {
            pending.cancel(false);
        }
        MailWaits.get().leave(account, folder, this);
    }

    @NonNull
    @Override
    public String getStatus() {
        return Messages.MailWaiting_status(
                folder,
                account,
                Duration.ofMillis(Math.max(0, deadline - System.currentTimeMillis()))
                        .toSeconds());
    }
}
