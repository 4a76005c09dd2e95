package io.jenkins.plugins.oauthmail.trigger;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.init.InitMilestone;
import hudson.model.Item;
import hudson.model.Job;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.oauthmail.account.AccountActivity;
import io.jenkins.plugins.oauthmail.account.ActivitySource;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.jobs.JobAccess;
import io.jenkins.plugins.oauthmail.jobs.MailOrigin;
import io.jenkins.plugins.oauthmail.mail.MailReader;
import io.jenkins.plugins.oauthmail.mail.model.Arrivals;
import io.jenkins.plugins.oauthmail.mail.model.FileFailure;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.watch.ControllerStop;
import io.jenkins.plugins.oauthmail.watch.FolderWatches;
import io.jenkins.plugins.oauthmail.watch.SharedReading;
import io.jenkins.plugins.oauthmail.watch.UnreadableMails;
import io.jenkins.plugins.oauthmail.watch.Waiter;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/**
 * The running part of a trigger: waits for mail in its folder and starts builds. Failures are shown on the job's page,
 * and it tries again.
 */
final class ArrivalWatch implements FolderWatches.Listener {
    private static final Logger LOGGER = Logger.getLogger(ArrivalWatch.class.getName());

    /** How many messages to read at once, as their bodies are held in memory. */
    static final int AT_ONCE = 10;

    /** How many batches in one turn, as others wait for theirs. */
    static final int BATCHES = 20;

    /**
     * Keeps a flood of messages from filling the queue: further messages stay in the mailbox until builds have started.
     */
    private static final int MAX_PENDING = 100;

    private static final int CHECKS_FOR_OTHERS = 3;

    private final OAuthMailTrigger trigger;
    private final Job<?, ?> job;

    private final UnreadableMails unreadable = new UnreadableMails();
    /** How often it was checked whether it is the only trigger of its kind. */
    private final AtomicInteger checks = new AtomicInteger();

    private final UnstartedBuilds unstarted;

    private volatile boolean several;
    private boolean joined;
    private boolean stopped;
    private boolean again;
    private volatile boolean full;
    private volatile String trouble;
    /** Since when it waits for mail; null if it does not. */
    private volatile Instant since;
    /** When it last looked for mail successfully; null if it has not yet. */
    private volatile Instant looked;

    ArrivalWatch(@NonNull OAuthMailTrigger trigger, @NonNull Job<?, ?> job) {
        this.trigger = trigger;
        this.job = job;
        unstarted = new UnstartedBuilds(job);
    }

    /** Why it cannot start builds, in one sentence; null if it can. */
    @CheckForNull
    String trouble() {
        return trouble;
    }

    /** Since when it waits for mail; null if it does not. */
    @CheckForNull
    Instant since() {
        return since;
    }

    /** When it last looked for mail successfully; null if it has not since then. */
    @CheckForNull
    Instant looked() {
        return looked;
    }

    /** Starts waiting, if it is allowed to and has not yet; checks again if the last check failed. */
    void check() {
        synchronized (this) {
            if (stopped) {
                return;
            }
        }
        try {
            account();
            rejectSecondTrigger();
        } catch (AbortException refusal) {
            leave(refusal.getMessage());
            return;
        }
        if (!isAtWork()) {
            leave(null);
            return;
        }
        LostMails.get().find(job);
        // In one step: a simultaneous stop() must not be followed by a join().
        synchronized (this) {
            if (stopped) {
                return;
            }
            boolean lookAgain = again;
            again = false;
            if (!joined) {
                joined = true;
                since = Instant.now();
                AbandonedTriggers.get().add(this);
                FolderWatches.get().join(trigger.getAccount(), trigger.getFolder(), this);
            } else if (lookAgain) {
                FolderWatches.get().nudge(trigger.getAccount(), trigger.getFolder(), this);
            }
        }
    }

    /**
     * Jenkins knows one trigger of a kind for each job. A scripted pipeline can define several nevertheless, of which all
     * but one would be ignored. It does so before it saves the job, so the file says so only at a later check.
     */
    private void rejectSecondTrigger() throws AbortException {
        if (checks.getAndIncrement() < CHECKS_FOR_OTHERS) {
            several = SavedTriggers.count(job) > 1;
        }
        if (several) {
            throw new AbortException(Messages.ArrivalWatch_several());
        }
    }

    /** Called every minute: {@link #check()}, and finds builds that have left the queue without starting. */
    void checkAll() {
        check();
        if (isAtWork() && unstarted.check()) {
            placeFreed();
        }
    }

    /** Called when a build has started or was cancelled, so that there may be room for more. */
    void placeFreed() {
        if (full) {
            FolderWatches.get().nudge(trigger.getAccount(), trigger.getFolder(), this);
        }
    }

    boolean isOf(@NonNull Item item) {
        return item == job;
    }

    /** Stops waiting if this is no longer the trigger of its job. */
    void leaveIfAbandoned() {
        if (!isAtWork()) {
            leave(null);
        }
    }

    /**
     * Forgets the position if the job no longer has such a trigger, so that another one, which somebody adds much later,
     * does not start builds for what has come in between.
     */
    void forgetIfRemoved() {
        try (ACLContext system = ACL.as2(ACL.SYSTEM2)) {
            if (Jenkins.get().getItemByFullName(job.getFullName()) == job
                    && OAuthMailTrigger.find(job).isEmpty()) {
                ArrivalJournal.of(job).forgetPosition();
            }
        } catch (IOException e) {
            LOGGER.log(
                    Level.WARNING,
                    e,
                    () -> "Cannot record that " + job.getFullName() + " is no longer started by mail");
        }
    }

    /** Stops waiting permanently. */
    void stop() {
        synchronized (this) {
            stopped = true;
        }
        leave(null);
        // Also if it did not wait, such as for a job that was not allowed to read.
        AbandonedTriggers.get().remove(this);
    }

    private synchronized boolean isStopped() {
        return stopped;
    }

    /**
     * Whether this is the current trigger of its job. Jenkins does not stop the trigger of a deleted job, nor one that
     * was replaced by posting XML, which must not keep accepting the former senders. A job that is being created is not
     * in place yet. While the controller is being stopped, new items of the queue are no longer saved; while it is loading
     * jobs, which Job DSL may save meanwhile, the queue has not been loaded yet and would lose them.
     */
    private boolean isAtWork() {
        try (ACLContext system = ACL.as2(ACL.SYSTEM2)) {
            return !isStopped()
                    && !ControllerStop.hasBegun()
                    && Jenkins.get().getInitLevel() == InitMilestone.COMPLETED
                    && Jenkins.get().getItemByFullName(job.getFullName()) == job
                    && OAuthMailTrigger.find(job).filter(now -> now == trigger).isPresent();
        }
    }

    private synchronized void leave(@CheckForNull String why) {
        note(why);
        if (joined) {
            joined = false;
            since = null;
            AbandonedTriggers.get().remove(this);
            FolderWatches.get().leave(trigger.getAccount(), trigger.getFolder(), this);
        }
    }

    /** The result of a check: one that ends after the trigger has left does not hide why it left. */
    private synchronized void noteCheck(@CheckForNull String problem) {
        if (joined) {
            note(problem);
        }
    }

    private void note(@CheckForNull String problem) {
        if (problem != null && !Objects.equals(problem, trouble)) {
            LOGGER.log(
                    Level.WARNING, "Mail cannot start builds of {0}: {1}", new Object[] {job.getFullName(), problem});
        }
        trouble = problem;
    }

    private MailOrigin origin() {
        return MailOrigin.of(ActivitySource.TRIGGER, job);
    }

    /** Records a failure in the activity of the account, once for as long as it stays the same. */
    private void record(MailFailure failure) {
        if (!failure.getMessage().equals(trouble)) {
            OAuthMailConfiguration.get().account(trigger.getAccount()).ifPresent(account -> origin().notRead(
                            account, failure));
        }
    }

    /** Checked each time, as an administrator may change the account. */
    private MailAccount account() throws AbortException {
        MailQuery query = trigger.query(AT_ONCE);
        MailAccount account = JobAccess.account(trigger.getAccount(), MailUse.READ, job.getFullName());
        JobAccess.checkRule(account, query);
        return account;
    }

    @NonNull
    @Override
    public Object owner() {
        return job.getFullName();
    }

    @Override
    public void checkForMail(@NonNull SharedReading shared) throws MailFailure, InterruptedException {
        if (!isAtWork()) {
            leave(null);
            return;
        }
        boolean well = false;
        try {
            boolean more = true;
            for (int batch = 0; more && batch < BATCHES && (batch == 0 || !shared.isAwaited()); batch++) {
                more = startBuilds(account(), shared);
                if (more && !isAtWork()) {
                    return;
                }
            }
            noteCheck(full ? Messages.ArrivalWatch_full(MAX_PENDING) : null);
            looked = Instant.now();
            well = true;
            if (more) {
                FolderWatches.get().nudge(trigger.getAccount(), trigger.getFolder(), this);
            }
        } catch (AbortException refusal) {
            leave(refusal.getMessage());
        } catch (MailFailure failure) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            record(failure);
            noteCheck(failure.getMessage());
            if (failure.passing()) {
                throw failure;
            }
        } catch (IOException e) {
            if (Thread.interrupted()) {
                // The file failed because of that; the check is repeated.
                throw new InterruptedException();
            }
            LOGGER.log(
                    Level.WARNING,
                    e,
                    () -> "The mail trigger of " + job.getFullName() + " cannot read or write its journal");
            noteCheck(Messages.ArrivalWatch_journal(FileFailure.reason(e)));
        } finally {
            synchronized (this) {
                again = !well;
            }
        }
    }

    @NonNull
    @Override
    public Optional<Waiter> waiter() {
        return Optional.of(new Waiter(
                job.getFullName(), 0, trigger.getAccount(), trigger.getFolder(), trigger.conditions(), null));
    }

    @Override
    public void watchFailed(@NonNull MailFailure failure) {
        noteCheck(failure.getMessage());
    }

    /** Shown on the job's page and not only logged, as it may recur with every check. */
    @Override
    public void checkFailed(@NonNull Throwable unforeseen) {
        noteCheck(Messages.ArrivalWatch_unforeseen(FileFailure.withoutPaths(unforeseen.toString())));
    }

    /** Processes the next messages; returns whether there may be more. */
    private boolean startBuilds(MailAccount account, SharedReading shared)
            throws IOException, MailFailure, InterruptedException {
        String folder = trigger.getFolder();
        ArrivalJournal journal = ArrivalJournal.of(job);
        FolderPosition here = journal.position(account.getId(), folder);
        int room = MAX_PENDING - journal.pending().size();
        full = room <= 0;
        if (full) {
            return false;
        }
        // As with all triggers, what happens while the job is disabled starts no builds later.
        FolderPosition from = job.isBuildable() ? here : null;
        MailQuery query = trigger.query(Math.min(AT_ONCE, room));
        MailReader reader = JobAccess.reader(account);
        // Asked once in each check, although the check itself may try a message several times.
        Map<MailId, Boolean> hopeless = new HashMap<>();
        Predicate<MailId> skips = id -> hopeless.computeIfAbsent(id, unreadable::isHopeless);
        Instant begun = Instant.now();
        Arrivals arrivals = read(account, () -> shared.arrivals(reader, query, from, skips));
        Instant since = arrivals.renumbered() ? journal.read(account.getId(), account.getAddress(), folder) : null;
        boolean lostTrack = arrivals.renumbered() && since == null;
        if (since != null) {
            // The mailbox is the same: it was moved or restored, or is read by another protocol.
            LOGGER.log(
                    Level.INFO,
                    "The server does not know where {0} was in {1}; it continues with what has arrived since {2}, but not"
                            + " with what was moved there",
                    new Object[] {job.getFullName(), folder, since});
            arrivals = read(account, () -> shared.arrivals(reader, query, FolderPosition.since(since), skips));
        }
        if (!isAtWork()) {
            // The trigger was replaced while reading; the new one finds the same messages.
            return false;
        }
        unreadable.keep(hopeless.keySet());
        logProblems(arrivals, lostTrack);
        Map<ArrivedMail, ReceivedMail> mails = new LinkedHashMap<>();
        LastMail last =
                lostTrack ? LastMail.none(LastMail.Verdict.LOST_TRACK, Instant.now()) : lastUnreadable(arrivals);
        for (ReceivedMail mail : arrivals.mails()) {
            LastMail.Verdict refusal = trigger.refusal(mail);
            if (refusal != null) {
                last = LastMail.of(mail, refusal, Instant.now());
                continue;
            }
            ArrivedMail arrived = new ArrivedMail(
                    account.getId(), folder, mail, LostMails.get().life());
            if (journal.isKnown(arrived)) {
                last = LastMail.of(mail, LastMail.Verdict.KNOWN, Instant.now());
                LOGGER.log(
                        Level.INFO,
                        "The message {0} was edited or moved back; it has started a build of {1} under another ID",
                        new Object[] {arrived, job.getFullName()});
            } else {
                last = LastMail.of(mail, LastMail.Verdict.STARTED, Instant.now());
                mails.put(arrived, mail);
            }
        }
        if (ControllerStop.hasBegun()) {
            // The queue may have been saved for the last time.
            return false;
        }
        // The job and its directory may have been renamed meanwhile.
        ArrivalJournal present = ArrivalJournal.of(job);
        Progress progress = new Progress(
                account.getId(), account.getAddress(), folder, begun, here, arrivals.position(), arrivals.more(), last);
        if (present.move(progress, mails)) {
            origin().read(account, mails.values());
            schedule(present, List.copyOf(mails.keySet()));
        }
        return arrivals.more();
    }

    private static Arrivals read(MailAccount account, AccountActivity.Work<Arrivals> work)
            throws MailFailure, InterruptedException {
        return AccountActivity.get().watch(account.getId(), MailUse.READ, work);
    }

    @CheckForNull
    private static LastMail lastUnreadable(Arrivals arrivals) {
        List<String> problems = arrivals.problems();
        return problems.isEmpty() ? null : LastMail.unreadable(problems.get(problems.size() - 1), Instant.now());
    }

    private void schedule(ArrivalJournal journal, List<ArrivedMail> mails) {
        for (ArrivedMail mail : mails) {
            try {
                if (!MailBuilds.schedule(job, mail)) {
                    LOGGER.log(
                            Level.WARNING,
                            "The queue did not accept a build of {0} for the message {1}",
                            new Object[] {job.getFullName(), mail});
                    journal.forget(mail.key());
                }
            } catch (IOException | RuntimeException | Error e) {
                // Other plugins take part in it. The position is behind all of these messages, so each needs its turn.
                LOGGER.log(Level.WARNING, e, () -> "No build of " + job.getFullName() + " for the message " + mail);
                lose(journal, mail);
            }
        }
    }

    /** Has the job's page list it, where somebody can start its build. */
    private static void lose(ArrivalJournal journal, ArrivedMail mail) {
        try {
            journal.setLost(mail.key());
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot record that the message " + mail + " has started no build");
        }
    }

    private void logProblems(Arrivals arrivals, boolean lostTrack) {
        if (lostTrack) {
            LOGGER.log(
                    Level.WARNING,
                    "Account {1} has another mailbox, or the server has renumbered the messages in {0}; what has arrived"
                            + " since the last check starts no builds of {2}",
                    new Object[] {trigger.getFolder(), trigger.getAccount(), job.getFullName()});
        }
        for (String problem : arrivals.problems()) {
            LOGGER.log(Level.WARNING, "Skipped a message for {0}: {1}", new Object[] {job.getFullName(), problem});
        }
    }
}
