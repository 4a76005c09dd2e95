package io.jenkins.plugins.oauthmail.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/**
 * A setting that cannot be accepted. The message names the element (<i>account build-mail</i>), the field and the fix.
 * It is unchecked because Stapler's and configuration-as-code's setters are; both show the message as it is.
 */
public final class InvalidConfiguration extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final String field;

    InvalidConfiguration(String element, String field, String problem) {
        super(Messages.InvalidConfiguration_sentence(element, field, problem));
        this.field = field;
    }

    /** The name of the form field, as the bean property is called. */
    public String field() {
        return field;
    }

    /** Throws if there is a problem; does nothing on null. */
    static void refuse(String element, String field, @CheckForNull String problem) {
        if (problem != null) {
            throw new InvalidConfiguration(element, field, problem);
        }
    }
}
