package io.jenkins.plugins.oauthmail.approval;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.ParameterDefinition;
import hudson.model.ParameterValue;
import io.jenkins.plugins.oauthmail.config.StoredXml;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** What the record says of a parameter that people are asked for. Kept with the build; holds no password. */
@ExportedBean(defaultVisibility = 3)
@Restricted(NoExternalUse.class)
public final class AskedParameter {
    private final String name;
    private final String description;
    private final Object defaultValue;
    private final boolean secret;
    private final boolean optional;

    private AskedParameter(String name, String description, Object defaultValue, boolean secret, boolean optional) {
        this.name = name;
        this.description = StoredXml.storable(description);
        this.defaultValue = defaultValue;
        this.secret = secret;
        this.optional = optional;
    }

    @NonNull
    static AskedParameter of(@NonNull ParameterDefinition definition) {
        ParameterValue value = definition.getDefaultParameterValue();
        boolean secret = value != null && value.isSensitive();
        Object plain = value == null ? null : GivenValues.plain(value);
        boolean optional = plain != null && !plain.equals("");
        return new AskedParameter(
                definition.getName(),
                definition.getDescription(),
                secret || !optional ? null : plain,
                secret,
                optional);
    }

    @Exported
    @NonNull
    public String getName() {
        return name;
    }

    @Exported
    @CheckForNull
    public String getDescription() {
        return description;
    }

    /** A text, a number or a truth value; null if there is none, or if it is a password. */
    @Exported
    @CheckForNull
    public Object getDefaultValue() {
        return defaultValue;
    }

    /** Whether values of it, such as passwords, are not recorded. */
    @Exported
    public boolean isSecret() {
        return secret;
    }

    /** Whether there is a default, so that it can be left to an answer by mail. */
    boolean isOptional() {
        return optional;
    }
}
