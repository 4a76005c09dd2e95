package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.jenkinsci.plugins.workflow.steps.EnvironmentExpander;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The secrets that are bound around a step, such as by {@code withCredentials}, which the build log masks. */
@Restricted(NoExternalUse.class)
public final class BoundSecrets {
    private static final Logger LOGGER = Logger.getLogger(BoundSecrets.class.getName());

    /** As in the build log. */
    private static final String MASK = "****";

    private BoundSecrets() {}

    /** Their values. */
    @NonNull
    public static List<String> of(@NonNull StepContext context) throws InterruptedException {
        try {
            EnvironmentExpander bound = context.get(EnvironmentExpander.class);
            if (bound == null || bound.getSensitiveVariables().isEmpty()) {
                return List.of();
            }
            EnvVars variables = new EnvVars();
            bound.expand(variables);
            return bound.getSensitiveVariables().stream()
                    .map(variables::get)
                    .filter(Objects::nonNull)
                    .filter(value -> !value.isBlank())
                    .toList();
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "The variables of a step are not available", e);
            return List.of();
        }
    }

    /** Replaces secrets in a text. */
    @NonNull
    public static String mask(@NonNull String text, @NonNull Collection<String> secrets) {
        String masked = text;
        // The longest one first, as one may contain another.
        for (String secret : secrets.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList()) {
            // Some parts of addresses may be written in another case.
            masked = Pattern.compile(Pattern.quote(secret), Pattern.CASE_INSENSITIVE)
                    .matcher(masked)
                    .replaceAll(MASK);
        }
        return masked;
    }
}
