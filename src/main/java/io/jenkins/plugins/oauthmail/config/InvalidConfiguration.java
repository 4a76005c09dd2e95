package io.jenkins.plugins.oauthmail.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * A setting that was rejected. The message names the element (<i>Mail account build-mail</i>), the field and the fix.
 * It is unchecked because the setters called by Stapler and configuration as code are; both show the message unchanged.
 */
@Restricted(NoExternalUse.class)
public final class InvalidConfiguration extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final String field;

    InvalidConfiguration(String element, String field, String problem) {
        super(Messages.InvalidConfiguration_sentence(element, field, problem));
        this.field = field;
    }

    /** The name of the form field, which is that of the bean property. */
    public String field() {
        return field;
    }

    /** Throws unless the problem is null. */
    static void refuse(String element, String field, @CheckForNull String problem) {
        if (problem != null) {
            throw new InvalidConfiguration(element, field, problem);
        }
    }
}
