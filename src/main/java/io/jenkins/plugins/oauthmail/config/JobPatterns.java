package io.jenkins.plugins.oauthmail.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import java.io.File;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.tools.ant.types.selectors.SelectorUtils;

/**
 * Full job names a permission is given to: Ant patterns over the names as they stand in URLs without {@code job/},
 * one a line or separated by commas. {@code **} is every job, {@code team-a/**} a folder with all that is in it.
 */
public final class JobPatterns {
    /** Stands for no job where an empty text would be taken for one that is not set. */
    static final String NO_JOB = "-";

    private static final Pattern SEPARATOR = Pattern.compile("[,\\r\\n]+");

    private final List<String> patterns;

    private JobPatterns(List<String> patterns) {
        this.patterns = patterns;
    }

    /** Reads what an admin wrote; null and blank text match no job. */
    @NonNull
    public static JobPatterns of(@CheckForNull String text) {
        return new JobPatterns(SEPARATOR
                .splitAsStream(Util.fixNull(text))
                .map(String::strip)
                .filter(pattern -> !pattern.isEmpty() && !pattern.equals(NO_JOB))
                .toList());
    }

    /** Whether no job at all is named. */
    public boolean isEmpty() {
        return patterns.isEmpty();
    }

    /** Whether the job of this full name, for example {@code team-a/deploy}, is meant. Case matters. */
    public boolean matches(@NonNull String fullName) {
        String name = separated(fullName);
        return patterns.stream().anyMatch(pattern -> SelectorUtils.matchPath(separated(pattern), name));
    }

    /** What is wrong with the text, in a sentence, or null. */
    @CheckForNull
    static String problem(@CheckForNull String text) {
        for (String pattern : of(text).patterns) {
            if (pattern.startsWith("/") || pattern.endsWith("/") || pattern.contains("//") || pattern.contains("\\")) {
                return Messages.JobPatterns_slashes(pattern);
            }
        }
        return null;
    }

    /** Ant's matcher splits at the separator of the machine's file system. */
    private static String separated(String name) {
        return name.replace('/', File.separatorChar);
    }
}
