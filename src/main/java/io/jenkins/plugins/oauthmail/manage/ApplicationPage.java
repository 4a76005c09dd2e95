package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.config.InvalidConfiguration;
import io.jenkins.plugins.oauthmail.config.OAuthApplication;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.jobs.SubmittedForm;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/** The form of one OAuth application. A form that was rejected is shown again with its values and the reason. */
@Restricted(NoExternalUse.class)
public final class ApplicationPage extends DefinitionPage<OAuthApplication> {
    ApplicationPage(@CheckForNull String id, @CheckForNull OAuthApplication application, @CheckForNull String problem) {
        super(OAuthApplication.class, id, application, problem);
    }

    @NonNull
    @Override
    public String getDisplayName() {
        String id = getId();
        return id == null ? Messages.ApplicationPage_new() : id;
    }

    @NonNull
    @Override
    public String getPath() {
        return MailAccountsPage.PATH + (getId() == null ? "newApplication" : "application/" + getId());
    }

    @NonNull
    @Override
    public String getDeleteQuestion() {
        return Messages.ApplicationPage_deleteQuestion(getId());
    }

    @NonNull
    @Override
    public String getDeleteWarning() {
        return Messages.ApplicationPage_deleteWarning();
    }

    /** Saves what the form holds. */
    @POST
    public HttpResponse doSubmit(StaplerRequest2 request) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        OAuthApplication submitted = SubmittedForm.bind(request, OAuthApplication.class);
        try {
            OAuthMailConfiguration.get().put(submitted, getId());
        } catch (InvalidConfiguration refusal) {
            return HttpResponses.forwardToView(new ApplicationPage(getId(), submitted, refusal.getMessage()), "index");
        }
        Notice.success(Messages.ApplicationPage_saved(submitted.getId())).leave(request);
        return MailAccountsPage.back();
    }

    /** Deletes the application unless an account uses it. */
    @POST
    public HttpResponse doDelete(StaplerRequest2 request) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        String id = getId();
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
