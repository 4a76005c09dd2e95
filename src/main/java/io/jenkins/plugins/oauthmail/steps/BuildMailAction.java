package io.jenkins.plugins.oauthmail.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Action;
import hudson.model.Item;
import hudson.model.Run;
import io.jenkins.plugins.oauthmail.jobs.BuildMail;
import io.jenkins.plugins.oauthmail.jobs.BuildMails;
import io.jenkins.plugins.oauthmail.watch.FolderWatches;
import io.jenkins.plugins.oauthmail.watch.Waiter;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import jenkins.model.TransientActionFactory;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The page of a build with the mail that it sent, and the mail that it waits for. */
@Restricted(NoExternalUse.class)
public final class BuildMailAction implements Action {
    private final Run<?, ?> run;

    BuildMailAction(@NonNull Run<?, ?> run) {
        this.run = run;
    }

    @NonNull
    @Override
    public String getIconFileName() {
        return "symbol-mail plugin-oauth-mail";
    }

    @NonNull
    @Override
    public String getDisplayName() {
        return Messages.BuildMailAction_displayName();
    }

    @NonNull
    @Override
    public String getUrlName() {
        return "oauth-mail";
    }

    @NonNull
    public Run<?, ?> getRun() {
        return run;
    }

    /** The messages it sent, oldest first. */
    @NonNull
    public List<BuildMail> getMails() {
        BuildMails mails = BuildMails.find(run);
        return mails == null ? List.of() : mails.getMails();
    }

    /** How many messages it sent before these. */
    public int getEarlier() {
        BuildMails mails = BuildMails.find(run);
        return mails == null ? 0 : mails.getEarlier();
    }

    /** What it waits for at the moment. */
    @NonNull
    public List<Wait> getWaits() {
        boolean configured = run.getParent().hasPermission(Item.EXTENDED_READ);
        return waiters(run).stream().map(waiter -> new Wait(waiter, configured)).toList();
    }

    private static List<Waiter> waiters(Run<?, ?> run) {
        return run.isBuilding()
                ? FolderWatches.get().waiters(run.getParent().getFullName(), run.getNumber())
                : List.of();
    }

    /** A step that waits for mail. Not a record, because Jelly needs getters. */
    @Restricted(NoExternalUse.class)
    public static final class Wait {
        private final Waiter waiter;
        private final boolean configured;

        Wait(Waiter waiter, boolean configured) {
            this.waiter = waiter;
            this.configured = configured;
        }

        @NonNull
        public String getAccount() {
            return waiter.account();
        }

        @NonNull
        public String getFolder() {
            return waiter.folder();
        }

        /** The conditions, in words; null if there are none, or the user may not see what jobs are configured. */
        @CheckForNull
        public String getWhat() {
            return configured ? Util.fixEmpty(waiter.what()) : null;
        }

        /** When it stops waiting; null if it does not. */
        @CheckForNull
        public Date getUntil() {
            return waiter.until() == null ? null : Date.from(waiter.until());
        }
    }

    /** Gives the page to builds that have something to show on it. */
    @Extension
    @Restricted(NoExternalUse.class)
    @SuppressWarnings("rawtypes") // as the type of the class
    public static final class Factory extends TransientActionFactory<Run> {
        @Override
        public Class<Run> type() {
            return Run.class;
        }

        @Override
        public Class<? extends Action> actionType() {
            return BuildMailAction.class;
        }

        @NonNull
        @Override
        public Collection<? extends Action> createFor(@NonNull Run target) {
            Run<?, ?> run = target;
            return BuildMails.find(run) == null && waiters(run).isEmpty()
                    ? List.of()
                    : List.of(new BuildMailAction(run));
        }
    }
}
