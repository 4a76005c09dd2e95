package io.jenkins.plugins.oauthmail.trigger;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.init.InitMilestone;
import hudson.model.Job;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.oauthmail.account.AccountActivity;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.jobs.JobAccess;
import io.jenkins.plugins.oauthmail.mail.MailReader;
import io.jenkins.plugins.oauthmail.mail.model.Arrivals;
import io.jenkins.plugins.oauthmail.mail.model.FileFailure;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.watch.FolderWatches;
import io.jenkins.plugins.oauthmail.watch.SharedReading;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/**
 * A trigger at work: waits for mail in its folder and starts builds. Whatever keeps it from that it says on the job's
 * page, and tries again.
 */
final class ArrivalWatch implements FolderWatches.Listener {
    private static final Logger LOGGER = Logger.getLogger(ArrivalWatch.class.getName());

    /** Bodies of so many mails have room in memory. */
    private static final int AT_ONCE = 10;

    /** Whoever floods the mailbox fills no queue: further mails stay there until builds have begun. */
    private static final int MAX_PENDING = 100;

    /** A mail that cannot be read holds up the others for so many looks, as it may be the server that is not well. */
    private static final int MAX_TRIES = 3;

    private final OAuthMailTrigger trigger;
    private final Job<?, ?> job;

    private final Map<MailId, Integer> unreadable = new HashMap<>();
    private boolean joined;
    private boolean stopped;
    private boolean again;
    private volatile boolean full;
    private volatile String trouble;

    ArrivalWatch(@NonNull OAuthMailTrigger trigger, @NonNull Job<?, ?> job) {
        this.trigger = trigger;
        this.job = job;
    }

    /** What keeps it from starting builds, in a sentence; null for nothing. */
    @CheckForNull
    String trouble() {
        return trouble;
    }

    /** Begins to wait if it may and does not yet; looks again if the last look did not succeed. */
    void check() {
        synchronized (this) {
            if (stopped) {
                return;
            }
        }
        try {
            account();
        } catch (AbortException refusal) {
            leave(refusal.getMessage());
            return;
        }
        if (!isAtWork()) {
            leave(null);
            return;
        }
        LostMails.get().find(job);
        // Not in two steps: who leaves at the same moment must not take away what has joined.
        synchronized (this) {
            if (stopped) {
                return;
            }
            boolean lookAgain = again;
            again = false;
            if (!joined) {
                joined = true;
                FolderWatches.get().join(trigger.getAccount(), trigger.getFolder(), this);
            } else if (lookAgain) {
                FolderWatches.get().nudge(trigger.getAccount(), trigger.getFolder(), this);
            }
        }
    }

    /** A build has begun or was cancelled: if there was no room for more, there is now. */
    void roomMade() {
        if (full) {
            FolderWatches.get().nudge(trigger.getAccount(), trigger.getFolder(), this);
        }
    }

    /** Waits no longer, for good. */
    void stop() {
        synchronized (this) {
            stopped = true;
        }
        leave(null);
    }

    private synchronized boolean isStopped() {
        return stopped;
    }

    /**
     * Whether this is what its job does now. Nobody stops the trigger of a deleted job, nor one that is replaced by XML,
     * which must not go on with the senders that it knew. A job that is just being made is not yet in its place. While
     * the controller loads jobs, which Job DSL may save then, its queue is yet to come and forgets what was put into it.
     */
    private boolean isAtWork() {
        try (ACLContext system = ACL.as2(ACL.SYSTEM2)) {
            return !isStopped()
                    && Jenkins.get().getInitLevel() == InitMilestone.COMPLETED
                    && Jenkins.get().getItemByFullName(job.getFullName()) == job
                    && OAuthMailTrigger.find(job).filter(now -> now == trigger).isPresent();
        }
    }

    private void leave(@CheckForNull String why) {
        note(why);
        synchronized (this) {
            if (joined) {
                joined = false;
                FolderWatches.get().leave(trigger.getAccount(), trigger.getFolder(), this);
            }
        }
    }

    private void note(@CheckForNull String problem) {
        if (problem != null && !Objects.equals(problem, trouble)) {
            LOGGER.log(Level.WARNING, "No build of {0} can be started by mail: {1}", new Object[] {
                job.getFullName(), problem
            });
        }
        trouble = problem;
    }

    /** Checked each time anew, as an administrator may change the account. */
    private MailAccount account() throws AbortException {
        MailQuery query = trigger.query(AT_ONCE);
        MailAccount account = JobAccess.account(trigger.getAccount(), MailUse.READ, job.getFullName());
        JobAccess.checkRule(account, query);
        return account;
    }

    @Override
    public void checkForMail(@NonNull SharedReading shared) throws MailFailure, InterruptedException {
        if (!isAtWork()) {
            leave(null);
            return;
        }
        boolean well = false;
        try {
            while (lookOn(account())) {
                if (!isAtWork()) {
                    return;
                }
            }
            note(full ? Messages.ArrivalWatch_full(MAX_PENDING) : null);
            well = true;
        } catch (AbortException refusal) {
            leave(refusal.getMessage());
        } catch (MailFailure failure) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            note(failure.getMessage());
            if (failure.passing()) {
                throw failure;
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "The mail trigger of " + job.getFullName() + " cannot keep its journal");
            note(Messages.ArrivalWatch_journal(FileFailure.reason(e)));
        } finally {
            synchronized (this) {
                again = !well;
            }
        }
    }

    @Override
    public void watchFailed(@NonNull MailFailure failure) {
        note(failure.getMessage());
    }

    /** Said rather than only logged: it may come back with each look. */
    @Override
    public void checkFailed(@NonNull Throwable unforeseen) {
        note(Messages.ArrivalWatch_unforeseen(FileFailure.withoutPaths(unforeseen.toString())));
    }

    /** Whether there may be more. */
    private boolean lookOn(MailAccount account) throws IOException, MailFailure, InterruptedException {
        String folder = trigger.getFolder();
        ArrivalJournal journal = ArrivalJournal.of(job);
        FolderPosition here = journal.position(account.getId(), folder);
        int room = MAX_PENDING - journal.pending().size();
        full = room <= 0;
        if (full) {
            return false;
        }
        // What comes while the job is disabled starts nothing later either, as with all triggers.
        FolderPosition from = job.isBuildable() ? here : null;
        MailQuery query = trigger.query(Math.min(AT_ONCE, room));
        MailReader reader = JobAccess.reader(account);
        Arrivals arrivals = AccountActivity.get()
                .watch(account.getId(), MailUse.READ, () -> reader.arrivals(query, from, this::isHopeless));
        if (!isAtWork()) {
            // Reading took its time; whoever is at work now finds the same mails.
            return false;
        }
        tell(arrivals);
        Map<ArrivedMail, ReceivedMail> mails = new LinkedHashMap<>();
        for (ReceivedMail mail : arrivals.mails()) {
            if (trigger.isWanted(mail)) {
                mails.put(
                        new ArrivedMail(
                                account.getId(), folder, mail, LostMails.get().life()),
                        mail);
            }
        }
        // The job may have been renamed meanwhile, and its folder with it.
        ArrivalJournal present = ArrivalJournal.of(job);
        if (present.move(account.getId(), folder, here, arrivals.position(), mails)) {
            schedule(present, List.copyOf(mails.keySet()));
        }
        return arrivals.more();
    }

    /** Whether a mail could not be read often enough to be passed over. */
    private synchronized boolean isHopeless(MailId mail) {
        boolean hopeless = unreadable.merge(mail, 1, Integer::sum) > MAX_TRIES;
        if (hopeless) {
            unreadable.remove(mail);
        }
        return hopeless;
    }

    private void schedule(ArrivalJournal journal, List<ArrivedMail> mails) throws IOException {
        for (ArrivedMail mail : mails) {
            if (!MailBuilds.schedule(job, mail)) {
                LOGGER.log(Level.WARNING, "The queue takes no build of {0} for the mail {1}", new Object[] {
                    job.getFullName(), mail
                });
                journal.forget(mail.key());
            }
        }
    }

    private void tell(Arrivals arrivals) {
        if (arrivals.renumbered()) {
            LOGGER.log(
                    Level.WARNING,
                    "The server has numbered the mails of {0} anew; mail that came to account {1} since the last look"
                            + " starts no build of {2}",
                    new Object[] {trigger.getFolder(), trigger.getAccount(), job.getFullName()});
        }
        for (String problem : arrivals.problems()) {
            LOGGER.log(Level.WARNING, "A mail is passed over for {0}: {1}", new Object[] {job.getFullName(), problem});
        }
    }
}
