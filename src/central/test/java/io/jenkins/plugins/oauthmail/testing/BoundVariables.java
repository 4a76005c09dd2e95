package io.jenkins.plugins.oauthmail.testing;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import java.util.Map;
import java.util.Set;
import org.jenkinsci.plugins.workflow.steps.EnvironmentExpander;

/** What {@code withCredentials} and {@code withEnv} around a step bind. */
public final class BoundVariables extends EnvironmentExpander {
    private static final long serialVersionUID = 1;

    private final Map<String, String> variables;
    private final Set<String> secret;

    /** @param secret names of variables, bound or not */
    public BoundVariables(@NonNull Map<String, String> variables, @NonNull Set<String> secret) {
        this.variables = Map.copyOf(variables);
        this.secret = Set.copyOf(secret);
    }

    @Override
    public void expand(@NonNull EnvVars env) {
        env.putAll(variables);
    }

    @NonNull
    @Override
    public Set<String> getSensitiveVariables() {
        return secret;
    }
}
