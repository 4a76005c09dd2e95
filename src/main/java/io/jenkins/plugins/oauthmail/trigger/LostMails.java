package io.jenkins.plugins.oauthmail.trigger;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Job;
import hudson.model.Queue;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Finds messages that were recorded to start a build when the controller crashed before the queue was saved. Their
 * builds are not started automatically, as it is unknown how far they got; the log and the job's page list them.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class LostMails {
    private static final Logger LOGGER = Logger.getLogger(LostMails.class.getName());

    /** Identifies this run of the controller; its clock may have been set back since earlier ones. */
    private final String life = UUID.randomUUID().toString();

    private final Set<String> begun = ConcurrentHashMap.newKeySet();
    private final Set<String> done = ConcurrentHashMap.newKeySet();

    @NonNull
    static LostMails get() {
        return ExtensionList.lookupSingleton(LostMails.class);
    }

    @NonNull
    String life() {
        return life;
    }

    /** Runs once for each job, after the controller has loaded the saved queue. */
    void find(@NonNull Job<?, ?> job) {
        String name = job.getFullName();
        if (!begun.add(name)) {
            return;
        }
        try {
            ArrivalJournal journal = ArrivalJournal.of(job);
            Set<String> queued = queued(job);
            for (ArrivedMail mail : journal.pending()) {
                if (mail.isOf(life)) {
                    continue;
                }
                Run<?, ?> build = build(job, mail);
                if (build != null) {
                    journal.begun(mail, MailFile.of(build).toPath());
                } else if (!queued.contains(mail.key())) {
                    journal.setLost(mail.key());
                    LOGGER.log(
                            Level.WARNING,
                            "The message {0} from {1} was to start a build of {2}, but the controller stopped before;"
                                    + " start the build on the job''s page if it is still wanted",
                            new Object[] {mail, mail.getFrom(), job.getFullName()});
                }
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot read which messages were to start builds of " + name);
        } finally {
            done.add(name);
        }
    }

    /**
     * Whether it is not yet known if the build of a message in the journal had started before the controller crashed.
     */
    boolean isOpen(@NonNull Job<?, ?> job, @NonNull ArrivedMail mail) {
        return !mail.isOf(life) && !done.contains(job.getFullName());
    }

    /** The keys of the messages whose builds are in the queue. */
    @NonNull
    static Set<String> queued(@NonNull Job<?, ?> job) {
        Set<String> keys = new HashSet<>();
        // Users see only those items of the queue whose jobs they may see.
        try (ACLContext system = ACL.as2(ACL.SYSTEM2)) {
            for (Queue.Item item : Queue.getInstance().getItems()) {
                ArrivedMail mail = item.getAction(ArrivedMail.class);
                if (mail != null
                        && item.task instanceof Job<?, ?> other
                        && other.getFullName().equals(job.getFullName())) {
                    keys.add(mail.key());
                }
            }
        }
        return keys;
    }

    /** The build of a message; null if none has started. */
    @CheckForNull
    static Run<?, ?> build(@NonNull Job<?, ?> job, @NonNull ArrivedMail mail) {
        for (Run<?, ?> build = job.getLastBuild();
                build != null && build.getStartTimeInMillis() >= mail.recorded();
                build = build.getPreviousBuild()) {
            if (isFor(build.getAction(ArrivedMail.class), mail)) {
                return build;
            }
        }
        return null;
    }

    private static boolean isFor(ArrivedMail some, ArrivedMail mail) {
        return some != null && some.key().equals(mail.key());
    }
}
