package io.jenkins.plugins.oauthmail.steps;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import io.jenkins.plugins.oauthmail.account.AccountActivity;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.jobs.TimeSpan;
import io.jenkins.plugins.oauthmail.mail.MailReader;
import io.jenkins.plugins.oauthmail.mail.model.AttachmentSink;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReadResult;
import io.jenkins.plugins.oauthmail.watch.FolderWatches;
import io.jenkins.plugins.oauthmail.watch.SharedReading;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Reads once enough messages have arrived. Between checks it occupies no thread, and no executor unless the step is
 * inside a node. After a restart of the controller it resumes waiting until the original deadline. Temporary failures
 * of the server do not end it; the deadline does, whether or not the server answers.
 */
final class WaitForMailExecution extends ReadMailExecution implements FolderWatches.Listener {
    private static final long serialVersionUID = 1;

    /** Time for the last check, at the deadline. */
    private static final Duration LAST_CHECK_TIME = Duration.ofSeconds(5);

    /** Time for the last check if it is also the first one, because the controller was down. */
    private static final Duration ONLY_CHECK_TIME = Duration.ofMinutes(1);

    /** Maximum delay of the last check by others that are due at the same time. */
    private static final Duration MAX_DELAY = Duration.ofMinutes(1);

    private final long deadline;
    private final int count;
    private final boolean emptyOnTimeout;
    private final String account;
    private final String folder;
    private final String waitFor;
    /** Whether a check has succeeded, so that account, permission and query are known to be valid. */
    private volatile boolean looked;

    private transient volatile Future<?> alarm;
    private transient volatile boolean late;
    private transient volatile boolean resumed;
    /** Why the last check failed; null if it did not. */
    private transient volatile String trouble;

    private transient volatile String reported;
    private transient SharedReading shared;

    WaitForMailExecution(
            OAuthMailReadStep step, @NonNull String account, @NonNull String waitFor, @NonNull StepContext context)
            throws AbortException {
        super(step, context);
        this.account = account;
        this.waitFor = waitFor;
        deadline = Instant.now().plus(TimeSpan.parse("waitFor", waitFor)).toEpochMilli();
        count = step.getCount();
        emptyOnTimeout = step.isEmptyOnTimeout();
        folder = step.getFolder();
    }

    /** Goes on where an earlier version of this plugin waited. */
    @SuppressWarnings("deprecation") // the old form is only read
    WaitForMailExecution(@NonNull MailWaiting saved) {
        super(saved.step, saved.getContext(), saved.found);
        account = saved.account;
        waitFor = saved.waitFor;
        deadline = saved.deadline;
        count = saved.count;
        emptyOnTimeout = saved.emptyOnTimeout;
        folder = saved.folder;
    }

    @Override
    public void onResume() {
        resumed = true;
        super.onResume();
    }

    @Override
    void begin() {
        if (isFound()) {
            FolderWatches.get().leave(account, folder, this);
            super.begin();
            return;
        }
        long left = Math.max(0, deadline - System.currentTimeMillis());
        try {
            // If the clock was set back while the controller was down, never wait longer than requested.
            left = Math.min(left, TimeSpan.parse("waitFor", waitFor).toMillis());
        } catch (AbortException e) {
            // It was valid when the step started.
            left = 0;
        }
        alarm(this::timeIsUp, Duration.ofMillis(left));
        FolderWatches.get().join(account, folder, this);
        if (isOver()) {
            ended(); // stopped a moment ago, before there was anything to leave
        }
    }

    private void alarm(Runnable what, Duration in) {
        alarm = Timer.get().schedule(what, in.toMillis(), TimeUnit.MILLISECONDS);
        if (isOver()) {
            alarm.cancel(false);
        }
    }

    /** Makes one last check: a message may have arrived while the controller was down. */
    private void timeIsUp() {
        late = true;
        Duration patience = resumed ? ONLY_CHECK_TIME : LAST_CHECK_TIME;
        alarm(() -> giveUp(patience), patience);
        FolderWatches.get().nudgeFirst(account, folder, this);
    }

    /** Ends the wait for the last check, unless the server is answering others. */
    private void giveUp(Duration waited) {
        if (waited.compareTo(MAX_DELAY) < 0 && FolderWatches.get().hasLookedWithin(account, folder, LAST_CHECK_TIME)) {
            Duration next = waited.plus(LAST_CHECK_TIME);
            alarm(() -> giveUp(next), LAST_CHECK_TIME);
            return;
        }
        String why = trouble;
        failUnlessFound(new AbortException(
                why == null
                        ? Messages.WaitForMailExecution_noAnswer(waitFor)
                        : Messages.WaitForMailExecution_noLook(waitFor, why)));
    }

    @Override
    public boolean start() throws IOException, InterruptedException {
        log(Messages.WaitForMailExecution_begun(folder, account, waitFor));
        return super.start();
    }

    @Override
    public void checkForMail(@NonNull SharedReading others) throws MailFailure, InterruptedException {
        if (isOver() || isFound()) {
            return;
        }
        shared = others;
        try {
            conclude(result());
            trouble = null;
        } catch (MailFailure failure) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (isBearable(failure)) {
                report(failure);
                throw failure;
            }
            fail(failure);
        } catch (InterruptedException e) {
            throw e;
        } catch (Throwable failure) { // Errors too, or the pipeline would wait forever
            fail(failure);
        } finally {
            shared = null;
        }
    }

    @Override
    ReadResult read(MailReader reader, MailQuery query, AttachmentSink sink, MailAccount from)
            throws MailFailure, InterruptedException {
        // Everything that the result depends on; the folder and the account's ID are the same for all.
        List<Object> question = List.of(query, from.getAddress(), String.valueOf(from.getAuthenticatedBy()));
        return shared.read(
                question, () -> AccountActivity.get().watch(from.getId(), MailUse.READ, () -> reader.look(query)));
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
                    count == 1
                            ? Messages.WaitForMailExecution_none(waitFor)
                            : Messages.WaitForMailExecution_some(mails, count, waitFor));
        }
        return late;
    }

    /** Whether to keep waiting: only the deadline ends temporary failures. */
    private boolean isBearable(MailFailure failure) {
        return failure.passing() || looked && failure.mayPass();
    }

    /** Reports a failure once for as long as it stays the same. */
    private void report(MailFailure failure) {
        String before = reported;
        trouble = failure.getMessage();
        if (!trouble.equals(before)) {
            reported = trouble;
            note(Messages.WaitForMailExecution_trouble(reported));
        }
    }

    @Override
    public void watchFailed(@NonNull MailFailure failure) {
        if (isFound()) {
            return; // no longer waiting
        }
        if (isBearable(failure)) {
            report(failure);
        } else {
            fail(failure);
        }
    }

    @Override
    public void checkFailed(@NonNull Throwable unforeseen) {
        fail(unforeseen);
    }

    @Override
    void ended() {
        Future<?> pending = alarm;
        if (pending != null) {
            pending.cancel(false);
        }
        FolderWatches.get().leave(account, folder, this);
    }

    @NonNull
    @Override
    public String getStatus() {
        return Messages.WaitForMailExecution_status(
                folder,
                account,
                Duration.ofMillis(Math.max(0, deadline - System.currentTimeMillis()))
                        .toSeconds());
    }
}
