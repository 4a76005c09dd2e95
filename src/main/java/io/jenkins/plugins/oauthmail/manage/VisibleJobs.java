package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Item;
import hudson.model.Job;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.springframework.security.access.AccessDeniedException;

/** The jobs that the user may see, each looked up once. */
final class VisibleJobs {
    private final Map<String, Optional<Job<?, ?>>> known = new HashMap<>();

    /** @return null if there is no such job, or the user may not see it */
    @CheckForNull
    Job<?, ?> find(@CheckForNull String fullName) {
        return fullName == null
                ? null
                : known.computeIfAbsent(fullName, VisibleJobs::look).orElse(null);
    }

    private static Optional<Job<?, ?>> look(String fullName) {
        try {
            Job<?, ?> job = Jenkins.get().getItemByFullName(fullName, Job.class);
            return Optional.<Job<?, ?>>ofNullable(job).filter(found -> found.hasPermission(Item.READ));
        } catch (AccessDeniedException discoverable) {
            // The user may know that there is something, but not see it.
            return Optional.empty();
        }
    }
}
