package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.ModelObject;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The form of one application or account. A refused one is shown again as it was filled in, with the reason.
 *
 * @param <T> what is defined
 */
@Restricted(NoExternalUse.class)
public abstract class DefinitionPage<T extends Describable<T>> implements ModelObject {
    private final Class<T> type;
    private final String id;
    private final T instance;
    private final String problem;

    /**
     * @param id as it is stored; null for a new one
     * @param instance what the form shows; null for an empty one
     * @param problem why the last attempt was refused; null if there was none
     */
    DefinitionPage(
            @NonNull Class<T> type, @CheckForNull String id, @CheckForNull T instance, @CheckForNull String problem) {
        this.type = type;
        this.id = id;
        this.instance = instance;
        this.problem = problem;
    }

    @CheckForNull
    public String getId() {
        return id;
    }

    @CheckForNull
    public T getInstance() {
        return instance;
    }

    @CheckForNull
    public String getProblem() {
        return problem;
    }

    @NonNull
    public Descriptor<?> getDescriptor() {
        return Jenkins.get().getDescriptorOrDie(type);
    }

    /** This page's URL behind the context path, without a slash at its end. */
    @NonNull
    public abstract String getPath();

    /** The URL of the page that lists it, behind the context path. */
    @NonNull
    public String getListPath() {
        return MailAccountsPage.PATH;
    }

    /** What Delete asks before it deletes. */
    @NonNull
    public abstract String getDeleteQuestion();

    /** What goes with it. */
    @NonNull
    public abstract String getDeleteWarning();
}
