package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Job;
import io.jenkins.plugins.oauthmail.account.ActivityEntry;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** What used an account: a job that the viewer may see, one that the viewer may not see or that is gone, or the plugin. */
@Restricted(NoExternalUse.class)
public abstract class ActivityUser {
    @CheckForNull
    private final String name;

    @CheckForNull
    private final Job<?, ?> job;

    private final boolean hidden;

    /**
     * @param name full name of the job; null if no job used the account
     * @param job the job; null if the viewer may not see it, or there is none
     */
    ActivityUser(@CheckForNull String name, @CheckForNull Job<?, ?> job) {
        this.name = name;
        this.job = job;
        this.hidden = isHidden(name, job);
    }

    /** The job; null if there is none that the viewer may see. */
    @CheckForNull
    public Job<?, ?> getJob() {
        return job;
    }

    /** Full name of the job; null if no job used the account or the viewer may not know which. */
    @CheckForNull
    public String getName() {
        return hidden ? null : name;
    }

    /** Number of the build; 0 for none. */
    public int getBuild() {
        return 0;
    }

    /** What used the account if it was no job; null if it was one. */
    @CheckForNull
    public String getText() {
        return null;
    }

    /** Whether the viewer may not know which job it was. */
    public boolean isHidden() {
        return hidden;
    }

    /** Administrators see the names of jobs that are gone. */
    static boolean isHidden(@CheckForNull String name, @CheckForNull Job<?, ?> job) {
        return name != null && isForAdministrators(job);
    }

    /**
     * What the viewer may see of an entry. Only administrators see the details if it is not known whether the viewer may see
     * the job, or which it is.
     *
     * @param own the account's address
     */
    static ActivityEntry visible(ActivityEntry entry, @CheckForNull Job<?, ?> job, String own) {
        return isForAdministrators(job) ? entry.withoutDetails(own) : entry;
    }

    private static boolean isForAdministrators(@CheckForNull Job<?, ?> job) {
        return job == null && !Jenkins.get().hasPermission(Jenkins.ADMINISTER);
    }
}
