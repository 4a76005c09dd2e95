package org.jenkinsci.plugins.workflow.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.ExtensionList;
import hudson.model.Descriptor;
import io.jenkins.inmemory.Binder;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/** Describes a step. */
public abstract class StepDescriptor extends Descriptor<Step> {
    protected StepDescriptor() {}

    public static ExtensionList<StepDescriptor> all() {
        return ExtensionList.lookup(StepDescriptor.class);
    }

    @Nullable
    public static StepDescriptor byFunctionName(String name) {
        return all().stream()
                .filter(descriptor -> descriptor.getFunctionName().equals(name))
                .findFirst()
                .orElse(null);
    }

    public abstract Set<? extends Class<?>> getRequiredContext();

    public Set<? extends Class<?>> getProvidedContext() {
        return Set.of();
    }

    public abstract String getFunctionName();

    public boolean takesImplicitBlockArgument() {
        return false;
    }

    public boolean isAdvanced() {
        return false;
    }

    /** Makes a step of named arguments, as a pipeline does. */
    public Step newInstance(Map<String, Object> arguments) throws Exception {
        return Binder.bind(clazz, arguments);
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
