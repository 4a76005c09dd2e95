package io.jenkins.plugins.oauthmail.steps;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.model.Run;
import io.jenkins.plugins.oauthmail.account.AccountActivity;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.jobs.TimeSpan;
import io.jenkins.plugins.oauthmail.mail.MailReader;
import io.jenkins.plugins.oauthmail.mail.model.AttachmentSink;
import io.jenkins.plugins.oauthmail.mail.model.FolderCheckpoint;
import io.jenkins.plugins.oauthmail.mail.model.FolderLook;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReadResult;
import io.jenkins.plugins.oauthmail.watch.ControllerStop;
import io.jenkins.plugins.oauthmail.watch.FolderWatches;
import io.jenkins.plugins.oauthmail.watch.SharedReading;
import io.jenkins.plugins.oauthmail.watch.WaitDeadline;
import io.jenkins.plugins.oauthmail.watch.Waiter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Reads once enough messages have arrived. Between checks it occupies no thread, and no executor unless the step is
 * inside a node. After a restart of the controller it resumes waiting until the original deadline. Temporary failures
 * of the server do not end it; the deadline does, whether or not the server answers.
 */
final class WaitForMailExecution extends ReadMailExecution implements FolderWatches.Listener {
    private static final long serialVersionUID = 1;

    private final long deadline;
    private final int count;
    private final boolean emptyOnTimeout;
    private final String account;
    private final String folder;
    private final String waitFor;
    /** Whether a check has succeeded, so that account, permission and query are known to be valid. */
    private volatile boolean looked;

    private transient volatile WaitDeadline clock;
    private transient volatile boolean resumed;
    /** Whose turn the checks count as. */
    private transient volatile Object owner;
    /** Why the last check failed; null if it did not. */
    private transient volatile String trouble;

    private transient volatile String reported;
    private transient SharedReading shared;
    /** What the last check has established; null for nothing. */
    private transient FolderCheckpoint checkpoint;
    /** Whether the current check is the last one. */
    private transient boolean late;

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

    /** Resumes where an earlier version of this plugin waited. */
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
        owner = job();
        clock = new WaitDeadline(account, folder, this, resumed, this::giveUp);
        clock.start(Duration.ofMillis(left));
        FolderWatches.get().join(account, folder, this);
        if (isOver()) {
            ended(); // stopped a moment ago, before there was anything to leave
        }
    }

    private Object job() {
        try {
            Run<?, ?> build = getContext().get(Run.class);
            return build == null ? this : build.getParent().getFullName();
        } catch (IOException e) {
            return this;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return this;
        }
    }

    @NonNull
    @Override
    public Object owner() {
        return owner;
    }

    /** Without a last check. */
    private void giveUp() {
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
        if (isOver() || isFound() || ControllerStop.hasBegun()) {
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
        late = clock.isPast();
        FolderLook look = AccountActivity.get()
                .watch(from.getId(), MailUse.READ, () -> shared.look(reader, query, checkpoint, late ? 0 : count));
        checkpoint = look.checkpoint();
        return look.read();
    }

    @Override
    boolean takesTurns() {
        return true;
    }

    /** Whether a check of its own has succeeded. */
    final boolean hasLooked() {
        return looked;
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

    /**
     * Whether to keep waiting: only the deadline ends temporary failures. A controller that was killed has not saved that a
     * check succeeded, but with a wrong setting the step would have failed before.
     */
    private boolean isBearable(MailFailure failure) {
        return failure.passing() || (looked || resumed) && failure.mayPass();
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

    @NonNull
    @Override
    public Optional<Waiter> waiter() {
        return build().map(build -> new Waiter(
                build.getParent().getFullName(),
                build.getNumber(),
                account,
                folder,
                conditions(),
                Instant.ofEpochMilli(deadline)));
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
        WaitDeadline set = clock;
        if (set != null) {
            set.cancel();
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
