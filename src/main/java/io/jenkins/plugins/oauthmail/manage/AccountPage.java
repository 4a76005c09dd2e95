package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.ModelObject;
import io.jenkins.plugins.oauthmail.account.AccountAdvice;
import io.jenkins.plugins.oauthmail.account.AuthorizationStore;
import io.jenkins.plugins.oauthmail.account.Mailboxes;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.mail.model.GraphService;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.Stapler;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.WebMethod;
import org.kohsuke.stapler.verb.GET;
import org.kohsuke.stapler.verb.POST;

/** Everything about one mail account: its state, who may use it, its settings, and its actions. */
@Restricted(NoExternalUse.class)
public final class AccountPage implements ModelObject {
    private final MailAccount account;

    AccountPage(@NonNull MailAccount account) {
        this.account = account;
    }

    @NonNull
    @Override
    public String getDisplayName() {
        return account.getId();
    }

    @NonNull
    public MailAccount getAccount() {
        return account;
    }

    @NonNull
    public AccountState getState() {
        return AccountState.of(account);
    }

    /** The URL of this page, relative to the context path. */
    @NonNull
    public String getPath() {
        return path(account.getId());
    }

    static String path(String accountId) {
        return MailAccountsPage.PATH + "account/" + accountId + "/";
    }

    /** The pending notice, which is shown only once; null if there is none. */
    @CheckForNull
    public Notice takeNotice() {
        return Notice.take(Stapler.getCurrentRequest2());
    }

    /** Host of the SMTP server, which other plugins have to connect to; null if the account has no application. */
    @CheckForNull
    public String getSmtpHost() {
        Mailbox mailbox = mailbox();
        return mailbox == null ? null : mailbox.smtp().host();
    }

    /** Port of the SMTP server as text, without separators; null if the account has no application. */
    @CheckForNull
    public String getSmtpPort() {
        Mailbox mailbox = mailbox();
        return mailbox == null ? null : Integer.toString(mailbox.smtp().port());
    }

    /** Whether the connection to the SMTP server begins with TLS, which other plugins call SSL. */
    public boolean isImplicitTls() {
        Mailbox mailbox = mailbox();
        return mailbox != null && mailbox.smtp().security() == Security.TLS;
    }

    /** What to change in other plugins, so that they can send with the account; one sentence each. */
    @NonNull
    public List<String> getAdvice() {
        return AccountAdvice.about(account.getId());
    }

    /** Port of the relay; null if it is off. */
    @CheckForNull
    public Integer getRelayPort() {
        return OAuthMailConfiguration.get().getRelayPort();
    }

    /** The SMTP server, for example {@code smtp.office365.com:587}; null if the account has no application. */
    @CheckForNull
    public String getSmtpServer() {
        Mailbox mailbox = mailbox();
        return mailbox == null ? null : mailbox.smtp().toString();
    }

    /** The IMAP server, likewise. */
    @CheckForNull
    public String getImapServer() {
        Mailbox mailbox = mailbox();
        return mailbox == null ? null : mailbox.imap().toString();
    }

    /** The URL of Microsoft Graph; null if it is not used, or the account has no application. */
    @CheckForNull
    public String getGraph() {
        Mailbox mailbox = mailbox();
        GraphService graph = mailbox == null ? null : mailbox.graph();
        return graph == null ? null : graph.toString();
    }

    @CheckForNull
    private Mailbox mailbox() {
        return Mailboxes.find(account).orElse(null);
    }

    /** The addresses it may send as beside its own. */
    @NonNull
    public List<String> getOtherSenders() {
        return account.senders().stream()
                .filter(sender -> !sender.equals(account.getAddress()))
                .toList();
    }

    /** The existing jobs that may send with it. */
    @NonNull
    public JobList getSendingJobs() {
        return JobList.of(account.getMaySend());
    }

    /** The existing jobs that may read it. */
    @NonNull
    public JobList getReadingJobs() {
        return JobList.of(account.getMayRead());
    }

    /** What it sent and read lately, and who waits for mail. */
    @NonNull
    public ActivityPage getActivity() {
        return ActivityPage.of(account, Clock.systemUTC().instant());
    }

    /** The recorded activity as a file for spreadsheets. */
    @GET
    @WebMethod(name = "activity.csv")
    public void doActivityCsv(StaplerResponse2 response) throws IOException {
        Jenkins.get().checkPermission(Jenkins.SYSTEM_READ);
        response.setContentType("text/csv; charset=UTF-8; header=present");
        response.setHeader("Content-Disposition", "attachment; filename=\"mail-activity-" + account.getId() + ".csv\"");
        // The entries change with every message.
        response.setHeader("Cache-Control", "no-store");
        ActivityCsv.write(account, response.getWriter());
    }

    /** The form with the settings. */
    @NonNull
    public AccountForm getConfigure() {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return new AccountForm(account.getId(), account, null);
    }

    /** The page of the test. */
    @NonNull
    public TestPage getTest() {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return new TestPage(account);
    }

    /** Whether Microsoft redirects the browser to Jenkins; if not, <i>Authorize</i> leads to {@link #getPaste}. */
    public boolean isRedirectable() {
        return OAuthMailConfiguration.get().redirectProblem() == null;
    }

    /** The page to sign in on without a redirect to Jenkins. */
    @NonNull
    public PastePage getPaste() {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return new PastePage(account);
    }

    /**
     * Redirects the browser to the identity provider to sign in, or to {@link #getPaste} if it could not be redirected
     * back.
     */
    @POST
    public HttpResponse doAuthorize(StaplerRequest2 request) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        if (!isRedirectable()) {
            return HttpResponses.redirectViaContextPath(PastePage.path(account.getId()));
        }
        return new SignInFlow(Clock.systemUTC()).leave(account, request, PendingSignIns.Way.REDIRECT, back());
    }

    /** Deletes the account's tokens here. Entra has no endpoint to revoke them. */
    @POST
    public HttpResponse doForget(StaplerRequest2 request) throws IOException {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        AuthorizationStore.get().forget(account.getId());
        Notice.success(Messages.AccountPage_forgotten(account.getId())).leave(request);
        return back();
    }

    /** Reloading the page that answered an action must not end in a 404. */
    @GET
    @WebMethod(name = {"authorize", "forget"})
    public HttpResponse doReloaded(StaplerRequest2 request) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        Notice.problem(Messages.DefinitionPage_reloaded()).leave(request);
        return back();
    }

    private HttpResponse back() {
        return HttpResponses.redirectViaContextPath(getPath());
    }
}
