package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Descriptor;
import hudson.model.ModelObject;
import io.jenkins.plugins.oauthmail.config.AuthorizationStore;
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

/** The form and the actions of one mail account. A refused form is shown again as it was filled in, with the reason. */
@Restricted(NoExternalUse.class)
public final class AccountPage implements ModelObject {
    private final String id;
    private final MailAccount account;
    private final String problem;

    /**
     * @param id of the account as it is stored; null for a new one
     * @param account what the form shows; null for an empty one
     * @param problem why the last attempt was refused; null if there was none
     */
    AccountPage(@CheckForNull String id, @CheckForNull MailAccount account, @CheckForNull String problem) {
        this.id = id;
        this.account = account;
        this.problem = problem;
    }

    @NonNull
    @Override
    public String getDisplayName() {
        return id == null ? Messages.AccountPage_new() : id;
    }

    @CheckForNull
    public String getId() {
        return id;
    }

    @CheckForNull
    public MailAccount getInstance() {
        return account;
    }

    @CheckForNull
    public String getProblem() {
        return problem;
    }

    @NonNull
    public Descriptor<?> getDescriptor() {
        return Jenkins.get().getDescriptorOrDie(MailAccount.class);
    }

    /** This page's URL behind the context path. */
    @NonNull
    public String getPath() {
        return MailAccountsPage.PATH + (id == null ? "newAccount" : "account/" + id);
    }

    /** Saves what the form holds. */
    @POST
    public HttpResponse doSubmit(StaplerRequest2 request) throws ServletException {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        MailAccount submitted = request.bindJSON(MailAccount.class, request.getSubmittedForm());
        try {
            OAuthMailConfiguration.get().put(submitted, id);
        } catch (InvalidConfiguration refusal) {
            return HttpResponses.forwardToView(new AccountPage(id, submitted, refusal.getMessage()), "index");
        }
        Notice.success(Messages.AccountPage_saved(submitted.getId())).leave(request);
        return MailAccountsPage.back();
    }

    /** Deletes the account and its authorization. */
    @POST
    public HttpResponse doDelete(StaplerRequest2 request) throws IOException {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        if (id != null) {
            OAuthMailConfiguration.get().removeAccount(id);
            AuthorizationStore.get().forget(id);
            Notice.success(Messages.AccountPage_deleted(id)).leave(request);
        }
        return MailAccountsPage.back();
    }

    /** Sends the browser to the identity provider to sign in. */
    @POST
    public HttpResponse doAuthorize(StaplerRequest2 request) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
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
     * Tries the account as it is saved.
     *
     * @param message whether to send a mail to the account itself, too
     */
    @POST
    public HttpResponse doTest(@QueryParameter boolean message) throws InterruptedException {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return account == null
                ? MailAccountsPage.back()
                : HttpResponses.forwardToView(TestPage.of(account, message), "index");
    }

    /** Deletes the account's tokens here. Entra has no end point that would revoke them there. */
    @POST
    public HttpResponse doForget(StaplerRequest2 request) throws IOException {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        if (id != null) {
            AuthorizationStore.get().forget(id);
            Notice.success(Messages.AccountPage_forgotten(id)).leave(request);
        }
        return MailAccountsPage.back();
    }
}
