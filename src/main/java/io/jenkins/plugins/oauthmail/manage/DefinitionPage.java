package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.ModelObject;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.WebMethod;
import org.kohsuke.stapler.verb.GET;

/**
 * The form of one application or account. A form that was rejected is shown again with its values and the reason.
 *
 * @param <T> type of the definition
 */
@Restricted(NoExternalUse.class)
public abstract class DefinitionPage<T extends Describable<T>> implements ModelObject {
    private final Class<T> type;
    private final String id;
    private final T instance;
    private final String problem;

    /**
     * @param id ID of the stored definition; null for a new one
     * @param instance the values of the form; null for an empty one
     * @param problem why the last attempt was rejected; null if there was none
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

    /** The URL of this page relative to the context path, without a trailing slash. */
    @NonNull
    public abstract String getPath();

    /** The URL of the page to return to, relative to the context path. */
    @NonNull
    public String getParentPath() {
        return MailAccountsPage.PATH;
    }

    /** Reloading the page that answered a submission must not end in a 404. */
    @GET
    @WebMethod(name = {"submit", "delete"})
    public HttpResponse doReloaded(StaplerRequest2 request) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        Notice.problem(Messages.DefinitionPage_reloaded()).leave(request);
        return HttpResponses.redirectViaContextPath(MailAccountsPage.PATH);
    }

    /** The question to confirm deletion. */
    @NonNull
    public abstract String getDeleteQuestion();

    /** The consequences of deletion. */
    @NonNull
    public abstract String getDeleteWarning();
}
