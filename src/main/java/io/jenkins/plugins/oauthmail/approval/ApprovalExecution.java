package io.jenkins.plugins.oauthmail.approval;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.AbortException;
import hudson.FilePath;
import hudson.Util;
import hudson.model.Computer;
import hudson.model.ParameterDefinition;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.oauthmail.jobs.BoundSecrets;
import io.jenkins.plugins.oauthmail.jobs.JobAccess;
import io.jenkins.plugins.oauthmail.jobs.ReferenceSecrets;
import io.jenkins.plugins.oauthmail.mail.model.FileFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.watch.ControllerStop;
import io.jenkins.plugins.oauthmail.watch.FolderWatches;
import io.jenkins.plugins.oauthmail.watch.SharedReading;
import io.jenkins.plugins.oauthmail.watch.UnreadableMails;
import io.jenkins.plugins.oauthmail.watch.WaitDeadline;
import io.jenkins.plugins.oauthmail.watch.Waiter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * Asks, and waits for the {@link Approval} to be decided, by mail or on the page. Between events it occupies no thread, and
 * no executor unless the step is inside a node. All state is in the approval, which is stored with the build, so that
 * after a restart, however the controller went down, it resumes from there: it does not ask anybody again who was asked,
 * and a decision made in the last moment before is still the decision.
 */
final class ApprovalExecution extends StepExecution implements FolderWatches.Listener {
    private static final long serialVersionUID = 1;
    private static final Logger LOGGER = Logger.getLogger(ApprovalExecution.class.getName());

    private static final String FOLDER = MailQuery.INBOX;

    /** When to read answers again that could not be read, or recorded because the disk was full. */
    private static final Duration CHECK_AGAIN = Duration.ofMinutes(1);

    private final OAuthMailApprovalStep step;
    private final String id;

    /** Without secrets; null until the record is there. */
    private transient volatile String subject;

    private transient volatile boolean over;
    private transient volatile boolean resumed;
    private transient volatile WaitDeadline clock;
    /** Whose turn the checks count as. */
    private transient volatile Object owner;

    private transient volatile Future<?> reminder;

    @SuppressFBWarnings(value = "SE_TRANSIENT_FIELD_NOT_RESTORED", justification = "Set again by onResume")
    private transient volatile Future<?> work;
    /** Why the last check failed; null if it did not. */
    private transient volatile String trouble;

    private transient volatile boolean looked;
    /** Null before the first check. */
    private transient UnreadableMails unreadable;

    private transient boolean checksLater;

    ApprovalExecution(@NonNull OAuthMailApprovalStep step, @NonNull StepContext context) {
        super(context);
        this.step = step;
        id = Reference.newQuestion();
    }

    @Override
    public boolean start() throws Exception {
        Run<?, ?> build = build();
        JobAccess.track(Correspondence.account(step.getAccount(), build), build);
        work = Computer.threadPoolForRemoting.submit(this::begin);
        return false;
    }

    @Override
    public void onResume() {
        resumed = true;
        work = Computer.threadPoolForRemoting.submit(this::begin);
    }

    @Override
    public void stop(@NonNull Throwable cause) throws Exception {
        if (!over()) {
            return;
        }
        Future<?> running = work;
        if (running != null) {
            running.cancel(true);
        }
        abortQuietly();
        super.stop(cause);
    }

    private void abortQuietly() {
        // Nothing can be saved while the thread is interrupted.
        boolean interrupted = Thread.interrupted();
        try {
            abort();
        } catch (Throwable e) { // Errors too, or the pipeline would wait forever
            LOGGER.log(Level.WARNING, "Cannot record that an approval was aborted", e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Run<?, ?> build() throws IOException, InterruptedException {
        Run<?, ?> build = getContext().get(Run.class);
        if (build == null) {
            throw new AbortException(Messages.ApprovalExecution_noBuild());
        }
        return build;
    }

    /** The record, which is made when this begins for the first time: looking up approvers may take a while. */
    private Approval asked() throws IOException, InterruptedException {
        ApprovalAction action = ApprovalAction.of(build());
        Approval known = action.find(id);
        if (known != null) {
            return known;
        }
        Approval approval = StepArguments.check(step, id, BoundSecrets.of(getContext()));
        action.add(approval);
        log(Messages.ApprovalExecution_begun(
                approval.getSubject(), approval.question().words(), step.getWaitFor()));
        String page = Correspondence.page(build());
        if (page != null) {
            log(Messages.ApprovalExecution_page(page));
        }
        for (Approver approver : approval.approvers()) {
            if (approver.getAddress() == null) {
                log(Messages.ApprovalExecution_noAddress(approver.getName()));
            }
        }
        return approval;
    }

    /** What happens on the page. */
    private final class Page implements Approval.Waiting {
        @NonNull
        @Override
        public List<ParameterDefinition> parameters() {
            return step.getParameters();
        }

        @Override
        public void heard(@CheckForNull Vote counted) {
            Computer.threadPoolForRemoting.execute(() -> {
                if (counted != null) {
                    note(Messages.ApprovalExecution_decidedOnPage(
                            counted.getBy(), counted.getChoice() + counted.valuesShown()));
                }
                concludeIfEnded();
            });
        }
    }

    private Approval approval() throws IOException, InterruptedException {
        Approval approval = ApprovalAction.of(build()).find(id);
        if (approval == null) {
            throw new AbortException(Messages.ApprovalExecution_lost());
        }
        return approval;
    }

    /** The ID of the account, without which no question was asked. */
    private String account() {
        return Util.fixNull(step.getAccount());
    }

    private Correspondence correspondence(Approval approval) throws IOException, InterruptedException {
        return new Correspondence(
                step, approval, build(), getContext().get(TaskListener.class), BoundSecrets.of(getContext()));
    }

    private void begin() {
        try {
            Approval approval = asked();
            subject = approval.getSubject();
            approval.waiting(new Page());
            if (approval.isOpen()) {
                Correspondence.account(step.getAccount(), build());
                startClock(approval);
                owner = build().getParent().getFullName();
                findPlace(approval);
                // Somebody may answer while the others are still being asked, which may take long.
                FolderWatches.get().join(step.getAccount(), FOLDER, this);
                ask(approval);
                scheduleReminder(approval);
            }
            concludeIfEnded();
        } catch (Throwable failure) { // Errors too, or the pipeline would wait forever
            fail(failure);
        } finally {
            if (over) {
                // Perhaps stopped a moment ago, before there was anything to leave or to end.
                ended();
                abortQuietly();
            }
        }
    }

    private void startClock(Approval approval) throws AbortException {
        long left = Math.max(
                0,
                Duration.between(Instant.now(), approval.question().deadline()).toMillis());
        // If the clock was set back while the controller was down, never wait longer than requested.
        left = Math.min(left, step.waitTime().toMillis());
        clock = new WaitDeadline(
                account(), FOLDER, this, resumed, () -> Computer.threadPoolForRemoting.execute(this::timeOut));
        clock.start(Duration.ofMillis(left));
        if (over) {
            clock.cancel();
        }
    }

    private boolean isLate() {
        WaitDeadline set = clock;
        return set != null && set.isPast();
    }

    /**
     * Remembers how far the folder has come before anybody is asked, so that no flood of messages hides an answer. This
     * also finds out in time if the mailbox cannot be read.
     */
    private void findPlace(Approval approval) throws IOException, InterruptedException, MailFailure {
        if (approval.position() != null || approval.approvers().stream().anyMatch(Approver::mayHaveBeenAsked)) {
            return;
        }
        try {
            inbox(approval).begin();
            looked = true;
        } catch (MailFailure failure) {
            if (!isBearable(failure)) {
                throw failure;
            }
            report(failure);
        }
    }

    private Inbox inbox(Approval approval) throws IOException, InterruptedException {
        return new Inbox(approval, Correspondence.account(step.getAccount(), build()), this::note, this::answer);
    }

    /** Asks all approvers not asked yet, and then informs the others; after a restart, the remaining ones. */
    private void ask(Approval approval) throws IOException, InterruptedException {
        Correspondence mail = correspondence(approval);
        Correspondence.Files files = files();
        boolean sent = false;
        String problem = null;
        for (Approver approver : approval.approvers()) {
            if (over || !approval.isOpen() || isLate()) {
                return;
            }
            if (approver.getAddress() == null) {
                continue;
            }
            if (approver.getAsked() == null) {
                Correspondence.Unsent failed = mail.ask(approver, false, files);
                if (failed == null) {
                    sent = true;
                } else {
                    problem = failed.why();
                    log(notReached(approver, false, failed));
                }
            } else {
                sent = true;
            }
        }
        if (!sent && problem != null) {
            throw new AbortException(problem);
        }
        try {
            mail.inform(files);
        } catch (MailFailure | AbortException e) {
            String why = String.valueOf(e.getMessage());
            log(
                    Correspondence.mayHaveArrived(e)
                            ? Messages.ApprovalExecution_informedUncertain(why)
                            : Messages.ApprovalExecution_notInformed(why));
        }
    }

    private static String notReached(Approver approver, boolean reminder, Correspondence.Unsent failed) {
        String name = approver.getName();
        String why = failed.why();
        if (failed.uncertain()) {
            return reminder
                    ? Messages.ApprovalExecution_reminderUncertain(name, why)
                    : Messages.ApprovalExecution_uncertain(name, why);
        }
        return reminder
                ? Messages.ApprovalExecution_notReminded(name, why)
                : Messages.ApprovalExecution_notAsked(name, why);
    }

    /** None after a restart, when the agent may be gone. */
    private Correspondence.Files files() throws IOException, InterruptedException {
        return resumed
                ? Correspondence.Files.NONE
                : new Correspondence.Files(step.attachments(), getContext().get(FilePath.class));
    }

    private void scheduleReminder(Approval approval) throws AbortException {
        Duration interval = step.reminderTime();
        if (interval == null || over || approval.reminders() >= OAuthMailApprovalStep.MAX_REMINDERS) {
            return;
        }
        Instant next = approval.question().asked().plus(interval.multipliedBy(approval.reminders() + 1L));
        if (next.isBefore(approval.question().deadline())) {
            long left = Math.max(0, Duration.between(Instant.now(), next).toMillis());
            reminder = Timer.get()
                    .schedule(
                            () -> work = Computer.threadPoolForRemoting.submit(this::remind),
                            left,
                            TimeUnit.MILLISECONDS);
        }
    }

    private void remind() {
        try {
            Approval approval = approval();
            Duration interval = step.reminderTime();
            if (over || interval == null || !approval.isOpen()) {
                return;
            }
            // After a long time without a controller, one reminder is enough.
            approval.reminded((int) Math.max(
                    approval.reminders() + 1L,
                    Duration.between(approval.question().asked(), Instant.now()).dividedBy(interval)));
            approval.save();
            Correspondence mail = correspondence(approval);
            for (Approver approver : approval.silent()) {
                if (over || !approval.isOpen()) {
                    return;
                }
                if (approver.getAddress() != null) {
                    boolean reminder = approver.getAsked() != null || approver.isUncertain();
                    Correspondence.Unsent failed = mail.ask(approver, reminder, Correspondence.Files.NONE);
                    log(
                            failed == null
                                    ? Messages.ApprovalExecution_reminded(approver.getName())
                                    : notReached(approver, reminder, failed));
                }
            }
            scheduleReminder(approval);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) { // Errors too, or nobody would be reminded again
            // Nobody's decision depends on a reminder.
            note(Messages.ApprovalExecution_noReminder(String.valueOf(e.getMessage())));
            LOGGER.log(Level.FINE, "Cannot send reminders", e);
            remindLater();
        }
    }

    /** The next reminder may succeed. */
    private void remindLater() {
        try {
            scheduleReminder(approval());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.FINE, "Cannot schedule reminders", e);
        }
    }

    /** Without a last check for answers. */
    void timeOut() {
        if (ControllerStop.hasBegun()) {
            // It times out when the controller is back.
            return;
        }
        try {
            Approval approval = approval();
            String why = trouble == null ? Messages.ApprovalExecution_noLastCheck() : trouble;
            approval.timeOut(why, Instant.now());
            concludeIfEnded();
        } catch (Throwable failure) { // Errors too, or the pipeline would wait forever
            fail(failure);
        }
    }

    @NonNull
    @Override
    public Object owner() {
        return owner;
    }

    @Override
    public void checkForMail(@NonNull SharedReading shared) throws MailFailure, InterruptedException {
        if (over || ControllerStop.hasBegun()) {
            return;
        }
        // The check itself may ask for a message several times, over several connections.
        Map<MailId, Boolean> skipped = new HashMap<>();
        try {
            Approval approval = approval();
            if (!approval.hasEnded()) {
                boolean late = isLate();
                boolean more = inbox(approval)
                        .check(
                                shared,
                                mail -> skipped.computeIfAbsent(
                                        mail, failed -> late || unreadable().isHopeless(failed)));
                unreadable().keep(skipped.keySet());
                looked = true;
                trouble = null;
                if (more && late) {
                    // Only behind those whose time is up, too.
                    FolderWatches.get().nudgeFirst(account(), FOLDER, this);
                } else if (more) {
                    // Others must get their turn.
                    FolderWatches.get().nudge(account(), FOLDER, this);
                } else if (late) {
                    approval.timeOut(null, Instant.now());
                }
            }
            concludeIfEnded();
        } catch (MailFailure failure) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (isBearable(failure)) {
                report(failure);
                throw failure;
            }
            if (skipped.containsValue(false)) {
                // It is about one message, so others who use the folder need not wait, nor know.
                report(failure);
                checkLater();
                return;
            }
            fail(failure);
        } catch (InterruptedException e) {
            throw e;
        } catch (Throwable failure) { // Errors too, or the pipeline would wait forever
            if (Thread.interrupted()) {
                // Whatever was written to a file just now failed because of that; the check is repeated.
                LOGGER.log(Level.FINE, "Interrupted while checking for answers", failure);
                throw new InterruptedException();
            }
            if (failure instanceof IOException && !(failure instanceof AbortException) && !isLate()) {
                LOGGER.log(Level.WARNING, "Answers to an approval cannot be recorded", failure);
                report(Messages.ApprovalExecution_notRecorded(FileFailure.reason(failure)));
                checkLater();
                return;
            }
            fail(failure);
        }
    }

    private synchronized UnreadableMails unreadable() {
        if (unreadable == null) {
            unreadable = new UnreadableMails();
        }
        return unreadable;
    }

    /** Once, however many checks fail until then because other mail arrives. */
    private synchronized void checkLater() {
        if (!checksLater) {
            Timer.get().schedule(this::checkAgain, CHECK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
            checksLater = true;
        }
    }

    private void checkAgain() {
        synchronized (this) {
            checksLater = false;
        }
        FolderWatches.get().nudge(account(), FOLDER, this);
    }

    /** Sends short answers, on another thread, since sending may have to wait. */
    private void answer(List<Answer> answers) {
        Computer.threadPoolForRemoting.execute(() -> {
            try {
                correspondence(approval()).answer(answers);
            } catch (IOException e) {
                LOGGER.log(Level.FINE, "Cannot answer", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void announceEnd(Approval approval) throws IOException, InterruptedException {
        if (step.isAnnounceEnd()) {
            Correspondence mail = correspondence(approval);
            Computer.threadPoolForRemoting.execute(mail::announceEnd);
        }
    }

    private void concludeIfEnded() {
        try {
            Approval approval = approval();
            // While the controller is being stopped, the pipeline would not be saved with it, and everybody would be
            // told again when the controller is back. Asked last, as the decision may be made just then.
            if (approval.hasEnded() && !ControllerStop.hasBegun() && over()) {
                conclude(approval);
            }
        } catch (Throwable failure) { // Errors too, or the pipeline would wait forever
            fail(failure);
        }
    }

    /** From here on nobody else completes the step, so whatever else fails must not keep it from being completed. */
    private void conclude(Approval approval) {
        try {
            note(approval.summary());
            announceEnd(approval);
        } catch (Throwable unforeseen) { // Errors too, or the pipeline would wait forever
            LOGGER.log(Level.WARNING, "Cannot report the end of an approval", unforeseen);
        }
        try {
            Outcome.conclude(step, approval, getContext());
        } catch (Throwable failure) { // Errors too, or the pipeline would wait forever
            getContext().onFailure(failure);
        }
    }

    /** Whether the folder has been read before the controller was restarted. */
    private boolean hasLookedBefore() {
        try {
            return approval().position() != null;
        } catch (IOException | InterruptedException e) {
            return false;
        }
    }

    /** Whether to keep waiting: only the deadline ends temporary failures. */
    private boolean isBearable(MailFailure failure) {
        return failure.passing() || failure.mayPass() && (looked || hasLookedBefore());
    }

    /** Reports a failure once for as long as it stays the same. */
    private void report(MailFailure failure) {
        report(failure.getMessage());
    }

    private void report(String why) {
        String before = trouble;
        trouble = why;
        if (!trouble.equals(before)) {
            note(Messages.ApprovalExecution_trouble(trouble));
        }
    }

    @Override
    public void watchFailed(@NonNull MailFailure failure) {
        if (isBearable(failure)) {
            report(failure);
        } else {
            fail(failure);
        }
    }

    @NonNull
    @Override
    public Optional<Waiter> waiter() {
        try {
            Run<?, ?> build = build();
            Approval approval = approval();
            String account = step.getAccount();
            return account == null
                    ? Optional.empty()
                    : Optional.of(new Waiter(
                            build.getParent().getFullName(),
                            build.getNumber(),
                            account,
                            FOLDER,
                            approval.getSubject(),
                            approval.question().deadline()));
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "An approval waits for a build that is gone", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Optional.empty();
    }

    @Override
    public void checkFailed(@NonNull Throwable unforeseen) {
        fail(unforeseen);
    }

    private void fail(Throwable failure) {
        if (ControllerStop.hasBegun()) {
            // Perhaps because of that; the question stays open until the controller is back.
            LOGGER.log(Level.FINE, "An approval has failed while the controller is being stopped", failure);
            return;
        }
        if (!over()) {
            return;
        }
        Throwable said = failure instanceof MailFailure ? new AbortException(failure.getMessage()) : failure;
        try {
            abort();
        } catch (Throwable e) { // Errors too, or the pipeline would wait forever
            said.addSuppressed(e);
        } finally {
            getContext().onFailure(said);
        }
    }

    /** Ends the question, if it was asked and is still open. */
    private void abort() throws IOException, InterruptedException {
        Approval approval = ApprovalAction.of(build()).find(id);
        if (approval == null) {
            return;
        }
        try {
            if (!approval.end(Approval.Ending.ABORTED, Instant.now())) {
                return;
            }
        } catch (IOException e) {
            // It has ended nevertheless, and people should know.
            if (Thread.interrupted()) {
                // By whoever stopped the step just then.
                approval.save();
            } else {
                LOGGER.log(Level.WARNING, "Cannot record that an approval was aborted", e);
            }
        }
        announceEnd(approval);
    }

    /** Marks the step as over; returns whether it was not over before. */
    private boolean over() {
        synchronized (this) {
            if (over) {
                return false;
            }
            over = true;
        }
        ended();
        return true;
    }

    private void ended() {
        WaitDeadline set = clock;
        if (set != null) {
            set.cancel();
        }
        Future<?> pending = reminder;
        if (pending != null) {
            pending.cancel(false);
        }
        FolderWatches.get().leave(account(), FOLDER, this);
    }

    /** Writes to the build log, if possible. */
    private void note(String sentence) {
        try {
            log(sentence);
        } catch (IOException | RuntimeException e) {
            // Such as when no more files can be opened. Whatever comes after the note matters more.
            LOGGER.log(Level.FINE, "Cannot write to a build log", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void log(String sentence) throws IOException, InterruptedException {
        getContext()
                .get(TaskListener.class)
                .getLogger()
                .println(Messages.ApprovalExecution_log(ReferenceSecrets.hide(sentence)));
    }

    @NonNull
    @Override
    public String getStatus() {
        return Messages.ApprovalExecution_status(Util.fixNull(subject), step.getWaitFor());
    }
}
