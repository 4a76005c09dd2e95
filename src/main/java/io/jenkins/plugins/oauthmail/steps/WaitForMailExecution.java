package io.jenkins.plugins.oauthmail.steps;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import io.jenkins.plugins.oauthmail.account.AccountActivity;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
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
 * Reads when enough mails are there. Between looks it holds no thread, and no executor unless the step stands in a node.
 * After a restart of the controller it waits on, until the moment that was fixed when it began. What is wrong with the
 * server for a while does not end it; that moment does, whether the server answers or not.
 */
final class WaitForMailExecution extends ReadMailExecution implements FolderWatches.Waiting {
    private static final long serialVersionUID = 1;

    /** For the last look, which decides. */
    private static final Duration LAST_LOOK = Duration.ofSeconds(5);

    /** The same if it is the first one, too, since the controller was down. */
    private static final Duration ONLY_LOOK = Duration.ofMinutes(1);

    /** What others may delay the last look by who have theirs at the same moment. */
    private static final Duration MAX_DELAY = Duration.ofMinutes(1);

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
    private transient volatile boolean resumed;
    /** Why the last look failed; null if it did not. */
    private transient volatile String trouble;

    private transient volatile String reported;
    private transient SharedReading shared;

    WaitForMailExecution(
            OAuthMailReadStep step, @NonNull String account, @NonNull String waitFor, @NonNull StepContext context)
            throws AbortException {
        super(step, context);
        this.account = account;
        this.waitFor = waitFor;
        deadline = Instant.now().plus(WaitTime.parse(waitFor)).toEpochMilli();
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
            // A clock that is set back while the controller is down has nobody wait longer than was asked for.
            left = Math.min(left, WaitTime.parse(waitFor).toMillis());
        } catch (AbortException e) {
            // It was good when the step began.
            left = 0;
        }
        alarm(this::timeIsUp, Duration.ofMillis(left));
        FolderWatches.get().join(account, folder, this);
        if (isOver()) {
            ended(); // stopped a moment ago, when there was nothing to leave yet
        }
    }

    private void alarm(Runnable what, Duration in) {
        alarm = Timer.get().schedule(what, in.toMillis(), TimeUnit.MILLISECONDS);
        if (isOver()) {
            alarm.cancel(false);
        }
    }

    /** One last look decides: the mail may have come while the controller was down. */
    private void timeIsUp() {
        late = true;
        Duration patience = resumed ? ONLY_LOOK : LAST_LOOK;
        alarm(() -> giveUp(patience), patience);
        FolderWatches.get().nudgeFirst(account, folder, this);
    }

    /** That look is not waited for longer, except while the server answers others. */
    private void giveUp(Duration waited) {
        if (waited.compareTo(MAX_DELAY) < 0 && FolderWatches.get().hasLookedWithin(account, folder, LAST_LOOK)) {
            Duration next = waited.plus(LAST_LOOK);
            alarm(() -> giveUp(next), LAST_LOOK);
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
    public void look(@NonNull SharedReading others) throws MailFailure, InterruptedException {
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
        } catch (Throwable failure) { // whatever it is, the pipeline must not wait for ever
            fail(failure);
        } finally {
            shared = null;
        }
    }

    @Override
    ReadResult read(MailReader reader, MailQuery query, AttachmentSink sink, MailAccount from)
            throws MailFailure, InterruptedException {
        // All that a result depends on; the folder and the account's id are the same for all.
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

    /** Whether it goes on in spite of it; only the deadline ends what passes. */
    private boolean isBearable(MailFailure failure) {
        return failure.passing() || looked && failure.mayPass();
    }

    /** Once while it stays the same, however often it comes. */
    private void report(MailFailure failure) {
        String before = reported;
        trouble = failure.getMessage();
        if (!trouble.equals(before)) {
            reported = trouble;
            note(Messages.WaitForMailExecution_trouble(reported));
        }
    }

    @Override
    public void unwatched(@NonNull MailFailure failure) {
        if (isFound()) {
            return; // nothing is looked for any more
        }
        if (isBearable(failure)) {
            report(failure);
        } else {
            fail(failure);
        }
    }

    @Override
    public void failed(@NonNull Throwable unforeseen) {
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
