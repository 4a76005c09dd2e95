package hudson.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import org.kohsuke.stapler.DataBoundConstructor;

/** Asks for a file. */
public class FileParameterDefinition extends ParameterDefinition {
    private static final long serialVersionUID = 1;

    @DataBoundConstructor
    public FileParameterDefinition(@NonNull String name) {
        super(name);
    }
}
