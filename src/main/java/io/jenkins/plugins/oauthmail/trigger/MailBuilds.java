package io.jenkins.plugins.oauthmail.trigger;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.CauseAction;
import hudson.model.Job;
import hudson.model.Queue;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.RunListener;
import hudson.model.queue.CauseOfBlockage;
import hudson.model.queue.QueueListener;
import hudson.model.queue.QueueTaskDispatcher;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.jobs.JobAccess;
import io.jenkins.plugins.oauthmail.jobs.SavedBuild;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.ParameterizedJobMixIn;
import jenkins.util.Timer;

/** Handles builds started by mail on their way through the queue. */
final class MailBuilds {
    private static final Logger LOGGER = Logger.getLogger(MailBuilds.class.getName());

    private MailBuilds() {}

    /**
     * Schedules a build for a message that is in the journal.
     *
     * @return whether the queue accepted it
     */
    static boolean schedule(@NonNull Job<?, ?> job, @NonNull ArrivedMail mail) {
        return ParameterizedJobMixIn.scheduleBuild2(job, -1, new CauseAction(new MailCause(mail)), mail) != null;
    }

    @CheckForNull
    private static Job<?, ?> job(Queue.Item item) {
        return item.task instanceof Job<?, ?> job ? job : null;
    }

    private static void placeFreed(Job<?, ?> job) {
        OAuthMailTrigger.find(job).flatMap(OAuthMailTrigger::watch).ifPresent(ArrivalWatch::placeFreed);
    }

    /**
     * Removes a message from the journal, as its build has started.
     *
     * @throws IOException if that cannot be recorded
     */
    static void record(@NonNull Run<?, ?> build, @NonNull ArrivedMail mail) throws IOException {
        // From now on the build records what became of the message, even after a crash.
        SavedBuild.save(build);
        ArrivalJournal.of(build.getParent()).begun(mail, MailFile.of(build).toPath());
    }

    /** Removes a message from the journal when its build has started. */
    @Extension
    public static final class Begun extends RunListener<Run<?, ?>> {
        @Override
        public void onStarted(Run<?, ?> build, TaskListener listener) {
            ArrivedMail mail = build.getAction(ArrivedMail.class);
            if (mail == null) {
                return;
            }
            try {
                record(build, mail);
            } catch (IOException e) {
                LOGGER.log(
                        Level.WARNING, e, () -> "Cannot record that " + build + " has started for the message " + mail);
            }
            OAuthMailConfiguration.get()
                    .account(mail.getAccount())
                    .ifPresent(account -> JobAccess.track(account, build));
            placeFreed(build.getParent());
        }
    }

    /** Removes a message from the journal when its build was cancelled. */
    @Extension
    public static final class Cancelled extends QueueListener {
        @Override
        public void onLeft(Queue.LeftItem item) {
            ArrivedMail mail = item.getAction(ArrivedMail.class);
            Job<?, ?> job = job(item);
            if (mail == null || job == null || !item.isCancelled()) {
                return;
            }
            try {
                ArrivalJournal journal = ArrivalJournal.of(job);
                // A lost message stays on the job's page even if another item that was queued for it is cancelled.
                if (journal.isPending(mail)) {
                    journal.forget(mail.key());
                }
            } catch (IOException e) {
                LOGGER.log(
                        Level.WARNING,
                        e,
                        () -> "Cannot record that the build of " + job.getFullName() + " for the message " + mail
                                + " was cancelled");
            }
            placeFreed(job);
        }
    }

    /**
     * Blocks builds that have already started. After a crash the controller loads a queue that is up to a minute old,
     * which may contain items whose builds had started before the crash.
     */
    @Extension
    public static final class Once extends QueueTaskDispatcher {
        @CheckForNull
        @Override
        public CauseOfBlockage canRun(Queue.Item item) {
            ArrivedMail mail = item.getAction(ArrivedMail.class);
            Job<?, ?> job = job(item);
            if (mail == null || job == null) {
                return null;
            }
            try {
                if (ArrivalJournal.of(job).isPending(mail)) {
                    if (!LostMails.get().isOpen(job, mail)) {
                        return null;
                    }
                    // A build may have started without the journal being updated.
                    Timer.get().execute(() -> LostMails.get().find(job));
                    return CauseOfBlockage.fromMessage(Messages._MailBuilds_beingChecked());
                }
                // Not while the queue is iterating over its items.
                Timer.get().execute(() -> cancel(item, job, mail));
                return CauseOfBlockage.fromMessage(Messages._MailBuilds_begunBefore());
            } catch (IOException e) {
                LOGGER.log(
                        Level.WARNING,
                        e,
                        () -> "Cannot determine whether a build for the message " + mail + " has started");
                return CauseOfBlockage.fromMessage(Messages._MailBuilds_unknown(job.getFullName()));
            }
        }

        private static void cancel(Queue.Item item, Job<?, ?> job, ArrivedMail mail) {
            if (Queue.getInstance().cancel(item)) {
                LOGGER.log(
                        Level.INFO,
                        "A build of {0} for the mail {1} has begun before; the queue forgets it",
                        new Object[] {job.getFullName(), mail});
            }
        }
    }
}
