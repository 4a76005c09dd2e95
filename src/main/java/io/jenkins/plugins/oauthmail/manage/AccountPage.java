package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.account.AuthorizationStore;
import io.jenkins.plugins.oauthmail.config.InvalidConfiguration;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.time.Clock;
import jenkins.model.Jenkins;
import jenkins.util.ClientHttpRedirect;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/**
 * The form and the actions of one mail account. A form that was rejected is shown again with its values and the reason.
 */
@Restricted(NoExternalUse.class)
public final class AccountPage extends DefinitionPage<MailAccount> {
    AccountPage(@CheckForNull String id, @CheckForNull MailAccount account, @CheckForNull String problem) {
        super(MailAccount.class, id, account, problem);
    }

    @NonNull
    @Override
    public String getDisplayName() {
        String id = getId();
        return id == null ? Messages.AccountPage_new() : id;
    }

    @NonNull
    @Override
    public String getPath() {
        return MailAccountsPage.PATH + (getId() == null ? "newAccount" : "account/" + getId());
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
    public HttpResponse doSubmit(StaplerRequest2 request) throws ServletException {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        MailAccount submitted = request.bindJSON(MailAccount.class, request.getSubmittedForm());
        try {
            OAuthMailConfiguration.get().put(submitted, getId());
        } catch (InvalidConfiguration refusal) {
            return HttpResponses.forwardToView(new AccountPage(getId(), submitted, refusal.getMessage()), "index");
        }
        Notice.success(Messages.AccountPage_saved(submitted.getId())).leave(request);
        return MailAccountsPage.back();
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

    /** Redirects the browser to the identity provider to sign in. */
    @POST
    public HttpResponse doAuthorize(StaplerRequest2 request) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        MailAccount account = getInstance();
        if (account == null) {
            return MailAccountsPage.back();
        }
        try {
            return new ClientHttpRedirect(new SignInFlow(Clock.systemUTC())
                    .begin(account, Jenkins.getAuthentication2().getName(), request.getSession())
                    .toString());
        } catch (TokenFailure failure) {
            Notice.problem(failure.getMessage()).leave(request);
            return MailAccountsPage.back();
        }
    }

    /**
     * Tests the account as saved.
     *
     * @param message whether to send a message to the account itself as well
     */
    @POST
    public HttpResponse doTest(@QueryParameter boolean message) throws InterruptedException {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        MailAccount account = getInstance();
        if (account == null) {
            return MailAccountsPage.back();
        }
        return HttpResponses.forwardToView(message ? TestPage.withMessage(account) : TestPage.of(account), "index");
    }

    /** Deletes the account's tokens here. Entra has no endpoint to revoke them. */
    @POST
    public HttpResponse doForget(StaplerRequest2 request) throws IOException {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        String id = getId();
        if (id != null) {
            AuthorizationStore.get().forget(id);
            Notice.success(Messages.AccountPage_forgotten(id)).leave(request);
        }
        return MailAccountsPage.back();
    }
}
