package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.init.InitMilestone;
import hudson.init.Initializer;
import hudson.model.InvisibleAction;
import hudson.model.Run;
import io.jenkins.plugins.oauthmail.account.ActivityEntry;
import io.jenkins.plugins.oauthmail.config.StoredXml;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.util.Timer;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.DoNotUse;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The messages that a build sent or tried to send, as its log reports them. Stored with the build, in batches, a few
 * seconds later.
 */
@Restricted(NoExternalUse.class)
public final class BuildMails extends InvisibleAction {
    private static final Logger LOGGER = Logger.getLogger(BuildMails.class.getName());

    /** Limits what is stored with a build. */
    static final int MAX = 200;

    private static final long SAVE_SECONDS = 5;

    /** Replaced instead of modified, since another branch may save the build at any time. */
    private volatile ArrayList<BuildMail> mails = new ArrayList<>();

    /** How many messages were left out. */
    private volatile int earlier;

    private transient boolean saving;

    private BuildMails() {}

    /** Called by Jenkins before it reads the first build. */
    @Initializer(before = InitMilestone.PLUGINS_STARTED)
    @Restricted(DoNotUse.class)
    public static void nameInFiles() {
        StoredXml.name(
                Run.XSTREAM2,
                new StoredXml.Name("buildMails", BuildMails.class),
                new StoredXml.Name("buildMail", BuildMail.class));
    }

    /** The messages of a build; null if it has not sent any. */
    @CheckForNull
    public static BuildMails find(@NonNull Run<?, ?> build) {
        return build.getAction(BuildMails.class);
    }

    /**
     * Branches of a pipeline may send at the same time. The first message is there before the build shows that it has
     * any.
     */
    static synchronized void remember(@NonNull Run<?, ?> build, @NonNull String account, @NonNull ActivityEntry entry) {
        BuildMail mail = new BuildMail(account, entry);
        BuildMails known = build.getAction(BuildMails.class);
        if (known == null) {
            BuildMails first = new BuildMails();
            first.add(mail, build);
            build.addAction(first);
        } else {
            known.add(mail, build);
        }
    }

    private synchronized void add(BuildMail mail, Run<?, ?> build) {
        ArrayList<BuildMail> more = new ArrayList<>(mails);
        if (more.size() >= MAX) {
            more.remove(0);
            earlier = Math.addExact(earlier, 1);
        }
        more.add(mail);
        mails = more;
        if (!saving) {
            try {
                Timer.get().schedule(() -> save(build), SAVE_SECONDS, TimeUnit.SECONDS);
                saving = true;
            } catch (RejectedExecutionException e) {
                LOGGER.log(Level.FINE, e, () -> "Jenkins is shutting down and saves " + build + " itself");
            }
        }
    }

    private void save(Run<?, ?> build) {
        synchronized (this) {
            saving = false;
        }
        try {
            // Saving a build that was deleted would bring back its directory. Jenkins deletes it with this lock.
            synchronized (build) {
                if (Files.isDirectory(build.getRootDir().toPath())) {
                    SavedBuild.save(build);
                }
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot save which messages " + build + " sent");
        }
    }

    /** The messages, oldest first. */
    @NonNull
    public List<BuildMail> getMails() {
        return List.copyOf(mails);
    }

    /** How many messages there were before these. */
    public int getEarlier() {
        return earlier;
    }
}
