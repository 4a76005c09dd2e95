package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Descriptor;
import hudson.model.ModelObject;
import io.jenkins.plugins.oauthmail.config.InvalidConfiguration;
import io.jenkins.plugins.oauthmail.config.OAuthApplication;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import jakarta.servlet.ServletException;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/** The form of one OAuth application. A refused one is shown again as it was filled in, with the reason. */
@Restricted(NoExternalUse.class)
public final class ApplicationPage implements ModelObject {
    private final String id;
    private final OAuthApplication application;
    private final String problem;

    /**
     * @param id of the application as it is stored; null for a new one
     * @param application what the form shows; null for an empty one
     * @param problem why the last attempt was refused; null if there was none
     */
    ApplicationPage(@CheckForNull String id, @CheckForNull OAuthApplication application, @CheckForNull String problem) {
        this.id = id;
        this.application = application;
        this.problem = problem;
    }

    @NonNull
    @Override
    public String getDisplayName() {
        return id == null ? Messages.ApplicationPage_new() : id;
    }

    @CheckForNull
    public String getId() {
        return id;
    }

    @CheckForNull
    public OAuthApplication getInstance() {
        return application;
    }

    @CheckForNull
    public String getProblem() {
        return problem;
    }

    @NonNull
    public Descriptor<?> getDescriptor() {
        return Jenkins.get().getDescriptorOrDie(OAuthApplication.class);
    }

    /** This page's URL behind the context path. */
    @NonNull
    public String getPath() {
        return MailAccountsPage.PATH + (id == null ? "newApplication" : "application/" + id);
    }

    /** Saves what the form holds. */
    @POST
    public HttpResponse doSubmit(StaplerRequest2 request) throws ServletException {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        OAuthApplication submitted = request.bindJSON(OAuthApplication.class, request.getSubmittedForm());
        try {
            OAuthMailConfiguration.get().put(submitted, id);
        } catch (InvalidConfiguration refusal) {
            return HttpResponses.forwardToView(new ApplicationPage(id, submitted, refusal.getMessage()), "index");
        }
        Notice.success(Messages.ApplicationPage_saved(submitted.getId())).leave(request);
        return MailAccountsPage.back();
    }

    /** Deletes the application unless an account uses it. */
    @POST
    public HttpResponse doDelete(StaplerRequest2 request) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        if (id != null) {
            try {
                OAuthMailConfiguration.get().removeApplication(id);
                Notice.success(Messages.ApplicationPage_deleted(id)).leave(request);
            } catch (InvalidConfiguration refusal) {
                Notice.problem(refusal.getMessage()).leave(request);
            }
        }
        return MailAccountsPage.back();
    }
}
