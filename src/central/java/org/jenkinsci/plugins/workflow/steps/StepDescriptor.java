package org.jenkinsci.plugins.workflow.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Descriptor;
import io.jenkins.inmemory.Binder;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/** Describes a step. */
public abstract class StepDescriptor extends Descriptor<Step> {

    public abstract Set<? extends Class<?>> getRequiredContext();

    public abstract String getFunctionName();

    /** Makes a step of named arguments, as a pipeline does. */
    public Step newInstance(Map<String, Object> arguments) throws Exception {
        return Binder.bindArguments(clazz, arguments);
    }

    public final void checkContextAvailability(StepContext c)
            throws MissingContextVariableException, IOException, InterruptedException {
        for (Class<?> type : getRequiredContext()) {
            if (c.get(type) == null) {
                throw new MissingContextVariableException(type, this);
            }
        }
    }

    @CheckForNull
    public String argumentsToString(@NonNull Map<String, Object> namedArgs) {
        Object only = namedArgs.size() == 1 ? namedArgs.values().iterator().next() : null;
        return only instanceof CharSequence || only instanceof Number || only instanceof Boolean || only instanceof Enum
                ? only.toString()
                : null;
    }
}
