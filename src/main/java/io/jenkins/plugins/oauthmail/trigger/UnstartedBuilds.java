package io.jenkins.plugins.oauthmail.trigger;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import hudson.model.Run;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Finds messages whose builds have left the queue without the journal being updated: Jenkins takes a build from the queue
 * before it creates it, which fails, and is only logged, if the disk is full. Such messages would never start a build, and
 * would keep others from starting theirs.
 */
final class UnstartedBuilds {
    private static final Logger LOGGER = Logger.getLogger(UnstartedBuilds.class.getName());

    private final Job<?, ?> job;

    /** Keys of the messages that were not in the queue at the last check. */
    private Set<String> absent = Set.of();

    UnstartedBuilds(@NonNull Job<?, ?> job) {
        this.job = job;
    }

    /**
     * Updates the journal for messages that are not in the queue for the second time in a row, as a build that is just
     * being created is neither in the queue nor among the builds. Called every minute.
     *
     * @return whether there is room for more builds in the queue now
     */
    synchronized boolean check() {
        boolean freed = false;
        Set<String> before = absent;
        absent = new HashSet<>();
        try {
            ArrivalJournal journal = ArrivalJournal.of(job);
            Set<String> queued = LostMails.queued(job);
            for (ArrivedMail mail : journal.pending()) {
                if (queued.contains(mail.key())) {
                    continue;
                }
                absent.add(mail.key());
                if (before.contains(mail.key())) {
                    settle(journal, mail);
                    freed = true;
                }
            }
        } catch (IOException e) {
            LOGGER.log(
                    Level.WARNING, e, () -> "Cannot record which messages have started builds of " + job.getFullName());
        }
        return freed;
    }

    private void settle(ArrivalJournal journal, ArrivedMail mail) throws IOException {
        Run<?, ?> build = LostMails.build(job, mail);
        if (build != null) {
            MailBuilds.record(build, mail);
            return;
        }
        journal.setLost(mail.key());
        LOGGER.log(
                Level.WARNING,
                "The message {0} from {1} was to start a build of {2}, which left the queue but was not created; the Jenkins"
                        + " log may say why. Start the build on the job''s page if it is still wanted",
                new Object[] {mail, mail.getFrom(), job.getFullName()});
    }
}
