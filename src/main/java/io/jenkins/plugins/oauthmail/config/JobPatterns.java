package io.jenkins.plugins.oauthmail.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Job;
import java.io.File;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import jenkins.model.Jenkins;
import org.apache.tools.ant.types.selectors.SelectorUtils;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The jobs that a permission applies to: Ant patterns for full job names, one per line or separated by commas.
 * {@code **} matches every job, {@code team-a/**} everything in a folder.
 */
@Restricted(NoExternalUse.class)
public final class JobPatterns {
    /** Stands for no job where an empty text would be taken for an unset value. */
    static final String NO_JOB = "-";

    private static final Pattern SEPARATOR = Pattern.compile("[,\\r\\n]+");

    private final List<String> patterns;

    private JobPatterns(List<String> patterns) {
        this.patterns = patterns;
    }

    /** Parses patterns; null and blank text match no job. */
    @NonNull
    public static JobPatterns of(@CheckForNull String text) {
        return new JobPatterns(SEPARATOR
                .splitAsStream(Util.fixNull(text))
                .map(String::strip)
                .filter(pattern -> !pattern.isEmpty() && !pattern.equals(NO_JOB))
                .toList());
    }

    /** Whether there are no patterns, so that no job matches. */
    public boolean isEmpty() {
        return patterns.isEmpty();
    }

    /** Whether the job with this full name, for example {@code team-a/deploy}, matches. Case-sensitive. */
    public boolean matches(@NonNull String fullName) {
        String name = separated(fullName);
        return patterns.stream().anyMatch(pattern -> SelectorUtils.matchPath(separated(pattern), name));
    }

    /** The existing jobs that match and that the user may see, by full name. */
    @NonNull
    public List<Job<?, ?>> jobs() {
        List<Job<?, ?>> jobs = new ArrayList<>();
        if (!isEmpty()) {
            for (Job<?, ?> job : Jenkins.get().getAllItems(Job.class)) {
                if (matches(job.getFullName())) {
                    jobs.add(job);
                }
            }
            jobs.sort(Comparator.comparing(Item::getFullName));
        }
        return jobs;
    }

    /** A sentence about what is wrong with the patterns; null if they are valid. */
    @CheckForNull
    static String problem(@CheckForNull String text) {
        for (String pattern : of(text).patterns) {
            if (pattern.startsWith("/") || pattern.endsWith("/") || pattern.contains("//") || pattern.contains("\\")) {
                return Messages.JobPatterns_slashes(pattern);
            }
        }
        return null;
    }

    /** Ant's matcher splits names at the file separator of the platform. */
    private static String separated(String name) {
        return name.replace('/', File.separatorChar);
    }
}
