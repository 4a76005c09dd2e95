package io.jenkins.plugins.oauthmail.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Item;
import hudson.util.FormValidation;
import java.util.List;

/** Shows in the form which existing jobs match the patterns, so that typing errors are noticed before a build fails. */
final class JobPreview {
    private static final int MAX = 20;

    private JobPreview() {}

    /**
     * Reports invalid patterns, or else the jobs that match. Callers must have checked that the user is an
     * administrator.
     */
    static FormValidation of(@CheckForNull String text) {
        String problem = JobPatterns.problem(text);
        if (problem != null) {
            return FormValidation.error(problem);
        }
        JobPatterns patterns = JobPatterns.of(text);
        if (patterns.isEmpty()) {
            return FormValidation.ok(Messages.JobPreview_noPattern());
        }
        List<String> names = patterns.jobs().stream().map(Item::getFullName).toList();
        String shown = String.join(", ", names.subList(0, Math.min(names.size(), MAX)));
        if (names.isEmpty()) {
            return FormValidation.ok(Messages.JobPreview_none());
        }
        return FormValidation.ok(
                names.size() > MAX
                        ? Messages.JobPreview_many(names.size(), shown)
                        : Messages.JobPreview_some(names.size(), shown));
    }
}
