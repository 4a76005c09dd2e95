package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import io.jenkins.plugins.oauthmail.config.JobPatterns;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The existing jobs that patterns cover, as far as the user may see them.
 *
 * @param patterns the patterns; null for none, which cover no job
 * @param jobs the first of them, by full name
 * @param more how many there are beside these
 */
@Restricted(NoExternalUse.class)
public record JobList(
        @CheckForNull String patterns, @NonNull List<Job<?, ?>> jobs, int more) {
    private static final int MAX = 20;

    @NonNull
    static JobList of(@CheckForNull String patterns) {
        JobPatterns covered = JobPatterns.of(patterns);
        List<Job<?, ?>> jobs = covered.jobs();
        int shown = Math.min(jobs.size(), MAX);
        return new JobList(
                covered.isEmpty() ? null : patterns, List.copyOf(jobs.subList(0, shown)), jobs.size() - shown);
    }

    // Jelly needs getters; the accessors of a record are none.

    @CheckForNull
    public String getPatterns() {
        return patterns;
    }

    @NonNull
    public List<Job<?, ?>> getJobs() {
        return jobs;
    }

    public int getMore() {
        return more;
    }
}
