package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.ModelObject;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.WebMethod;
import org.kohsuke.stapler.verb.GET;
import org.kohsuke.stapler.verb.POST;

/** The page of the last <i>Test</i> of an account, which shows the layers as they finish. */
@Restricted(NoExternalUse.class)
public final class TestPage implements ModelObject {
    private final MailAccount account;

    TestPage(@NonNull MailAccount account) {
        this.account = account;
    }

    @NonNull
    @Override
    public String getDisplayName() {
        return Messages.TestPage_displayName();
    }

    @NonNull
    public MailAccount getAccount() {
        return account;
    }

    /** The URL of this page, relative to the context path. */
    @NonNull
    public String getPath() {
        return path(account.getId());
    }

    static String path(String accountId) {
        return AccountPage.path(accountId) + "test/";
    }

    /** The test to show; null if the account has not been tested since it was changed or Jenkins started. */
    @CheckForNull
    public AccountTest getTest() {
        return AccountTests.get().find(account).orElse(null);
    }

    /**
     * Starts a test, or joins the one that is running.
     *
     * @param mail whether to send a message to the account itself as well
     */
    @POST
    public HttpResponse doStart(@QueryParameter boolean mail) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        AccountTests.get().start(account, mail, Jenkins.getAuthentication2().getName());
        return back();
    }

    @POST
    public HttpResponse doCancel() {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        AccountTests.get().find(account).ifPresent(AccountTest::cancel);
        return back();
    }

    /** The address of the user, to whom a message can be sent; null if it is not known. */
    @CheckForNull
    public String getMyAddress() {
        return MailToMe.address();
    }

    /** Sends a message to the user. */
    @POST
    public HttpResponse doSendToMe(StaplerRequest2 request) throws InterruptedException {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        MailToMe.send(account).leave(request);
        return HttpResponses.redirectViaContextPath(AccountPage.path(account.getId()));
    }

    /** Reloading the page that answered an action must not end in a 404. */
    @GET
    @WebMethod(name = {"start", "cancel", "sendToMe"})
    public HttpResponse doReloaded() {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return back();
    }

    private HttpResponse back() {
        return HttpResponses.redirectViaContextPath(getPath());
    }
}
