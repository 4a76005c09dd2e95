package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.Serializable;

/** What somebody gave for a {@link ParameterDefinition}. */
public abstract class ParameterValue implements Serializable {
    private static final long serialVersionUID = 1;

    protected final String name;

    protected ParameterValue(String name) {
        this.name = name;
    }

    public final String getName() {
        return name;
    }

    public boolean isSensitive() {
        return false;
    }

    @CheckForNull
    public Object getValue() {
        return null;
    }
}
