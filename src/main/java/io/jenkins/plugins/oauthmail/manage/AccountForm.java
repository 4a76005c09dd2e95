package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.account.AuthorizationStore;
import io.jenkins.plugins.oauthmail.config.InvalidConfiguration;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.jobs.SubmittedForm;
import java.io.IOException;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/** The form of one mail account. */
@Restricted(NoExternalUse.class)
public final class AccountForm extends DefinitionPage<MailAccount> {
    AccountForm(@CheckForNull String id, @CheckForNull MailAccount account, @CheckForNull String problem) {
        super(MailAccount.class, id, account, problem);
    }

    @NonNull
    @Override
    public String getDisplayName() {
        return getId() == null ? Messages.AccountForm_new() : Messages.AccountForm_edit();
    }

    @NonNull
    @Override
    public String getPath() {
        return getId() == null ? MailAccountsPage.PATH + "newAccount" : AccountPage.path(getId()) + "configure";
    }

    @NonNull
    @Override
    public String getParentPath() {
        return getId() == null ? MailAccountsPage.PATH : AccountPage.path(getId());
    }

    @NonNull
    @Override
    public String getDeleteQuestion() {
        return Messages.AccountPage_deleteQuestion(getId());
    }

    @NonNull
    @Override
    public String getDeleteWarning() {
        return Messages.AccountPage_deleteWarning();
    }

    /** Saves what the form holds. */
    @POST
    public HttpResponse doSubmit(StaplerRequest2 request) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        MailAccount submitted = SubmittedForm.bind(request, MailAccount.class);
        try {
            OAuthMailConfiguration.get().put(submitted, getId());
        } catch (InvalidConfiguration refusal) {
            return HttpResponses.forwardToView(new AccountForm(getId(), submitted, refusal.getMessage()), "index");
        }
        Notice.success(Messages.AccountPage_saved(submitted.getId())).leave(request);
        return HttpResponses.redirectViaContextPath(AccountPage.path(submitted.getId()));
    }

    /** Deletes the account and its authorization. */
    @POST
    public HttpResponse doDelete(StaplerRequest2 request) throws IOException {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        String id = getId();
        if (id != null) {
            OAuthMailConfiguration.get().removeAccount(id);
            AuthorizationStore.get().forget(id);
            Notice.success(Messages.AccountPage_deleted(id)).leave(request);
        }
        return MailAccountsPage.back();
    }
}
