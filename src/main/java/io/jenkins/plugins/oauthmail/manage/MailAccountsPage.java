package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.BulkChange;
import hudson.Extension;
import hudson.model.ManagementLink;
import hudson.security.Permission;
import io.jenkins.plugins.oauthmail.account.AuthorizationStore;
import io.jenkins.plugins.oauthmail.config.InvalidConfiguration;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthApplication;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.jobs.SubmittedForm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import net.sf.json.JSONObject;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.Stapler;
import org.kohsuke.stapler.StaplerProxy;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/** The page Manage Jenkins, OAuth Mail: applications and accounts, their state and actions. */
@Extension
@Restricted(NoExternalUse.class)
public final class MailAccountsPage extends ManagementLink implements StaplerProxy {
    private static final String REFUSED_PORT = "oauthMailRefusedRelayPort";

    static final String URL_NAME = "mail-accounts";
    static final String PATH = "manage/" + URL_NAME + "/";

    @Override
    public String getIconFileName() {
        return "symbol-mail plugin-oauth-mail";
    }

    @Override
    public String getDisplayName() {
        return Messages.MailAccountsPage_displayName();
    }

    @Override
    public String getDescription() {
        return Messages.MailAccountsPage_description();
    }

    @Override
    public String getUrlName() {
        return URL_NAME;
    }

    @NonNull
    @Override
    public Category getCategory() {
        return Category.CONFIGURATION;
    }

    /** Users with permission to read the configuration see the page without actions. */
    @NonNull
    @Override
    public Permission getRequiredPermission() {
        return Jenkins.SYSTEM_READ;
    }

    /** Checks the permission, since Jenkins does not do so for management links. */
    @Override
    public Object getTarget() {
        Jenkins.get().checkPermission(Jenkins.SYSTEM_READ);
        return this;
    }

    @NonNull
    public List<OAuthApplication> getApplications() {
        return OAuthMailConfiguration.get().getApplications();
    }

    /**
     * What is left to do before an account works; null once one does.
     *
     * @param accounts from {@link #getAccounts}, which the page needs as well
     */
    @CheckForNull
    public SetUp setUp(@NonNull List<AccountState> accounts) {
        return SetUp.of(getApplications(), accounts);
    }

    @NonNull
    public List<AccountState> getAccounts() {
        return OAuthMailConfiguration.get().getAccounts().stream()
                .map(AccountState::of)
                .toList();
    }

    /** IDs of stored authorizations whose account no longer exists. */
    @NonNull
    public List<String> getOrphans() {
        Set<String> known = OAuthMailConfiguration.get().getAccounts().stream()
                .map(MailAccount::getId)
                .collect(Collectors.toSet());
        return AuthorizationStore.get().accountIds().stream()
                .filter(id -> !known.contains(id))
                .toList();
    }

    /** Null while Jenkins does not know its own URL. */
    @CheckForNull
    public String getRedirectUri() {
        return OAuthMailConfiguration.get().redirectUri();
    }

    /** The redirect URI of accounts that are authorized by pasting. */
    @NonNull
    public String getPastedRedirectUri() {
        return OAuthMailConfiguration.PASTED_REDIRECT_URI;
    }

    /** The addresses that warnings are sent to; null for none. */
    @CheckForNull
    public String getWarningsTo() {
        return OAuthMailConfiguration.get().getWarningsTo();
    }

    /** What is wrong with the Jenkins URL; null if it is valid. */
    @CheckForNull
    public String getRedirectProblem() {
        return OAuthMailConfiguration.get().redirectProblem();
    }

    /** The configuration, which has the help and checks for the fields of the page. */
    @NonNull
    public OAuthMailConfiguration getConfiguration() {
        return OAuthMailConfiguration.get();
    }

    /** Saves the addresses that warnings are sent to. */
    @POST
    public HttpResponse doWarnings(StaplerRequest2 request) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        String addresses = SubmittedForm.of(request).optString("warningsTo");
        return save(
                request,
                "oauthMailRefusedWarningsTo",
                addresses,
                () -> OAuthMailConfiguration.get().setWarningsTo(addresses),
                Messages.MailAccountsPage_warningsSaved());
    }

    /** Saves what notifications contain if their jobs do not say so. */
    @POST
    public HttpResponse doDefaults(StaplerRequest2 request) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        JSONObject form = SubmittedForm.of(request);
        OAuthMailConfiguration configuration = OAuthMailConfiguration.get();
        try (BulkChange change = new BulkChange(configuration)) {
            configuration.setCommitterDomains(form.optString("committerDomains"));
            configuration.setDefaultRecipients(form.optString("defaultRecipients"));
            configuration.setDefaultSubject(form.optString("defaultSubject"));
            configuration.setDefaultBody(form.optString("defaultBody"));
            configuration.setDefaultHtml(form.optString("defaultHtml"));
            change.commit();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Notice.success(Messages.MailAccountsPage_defaultsSaved()).leave(request);
        return back();
    }

    /** Saves the port of the relay; none switches it off. */
    @POST
    public HttpResponse doRelay(StaplerRequest2 request) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        String typed = SubmittedForm.text(request, "relayPort");
        Integer port;
        try {
            port = typed.isEmpty() ? null : Integer.valueOf(typed);
        } catch (NumberFormatException e) {
            return refuse(request, REFUSED_PORT, typed, Messages.MailAccountsPage_noPort(typed));
        }
        return save(
                request,
                REFUSED_PORT,
                typed,
                () -> OAuthMailConfiguration.get().setRelayPort(port),
                Messages.MailAccountsPage_relaySaved());
    }

    /** Saves what was typed into one of the forms of the page. */
    private HttpResponse save(StaplerRequest2 request, String attribute, String typed, Runnable setting, String saved) {
        try {
            setting.run();
        } catch (InvalidConfiguration refusal) {
            return refuse(request, attribute, typed, refusal.getMessage());
        }
        Notice.success(saved).leave(request);
        return back();
    }

    /**
     * Shows the page again.
     *
     * @param attribute of the request, with which the form shows what was typed
     */
    private HttpResponse refuse(StaplerRequest2 request, String attribute, String typed, String why) {
        Notice.problem(why).leave(request);
        request.setAttribute(attribute, typed);
        return HttpResponses.forwardToView(this, "index");
    }

    /** The pending notice, which is shown only once; null if there is none. */
    @CheckForNull
    public Notice takeNotice() {
        return Notice.take(Stapler.getCurrentRequest2());
    }

    /** The form of a new application. */
    @NonNull
    public ApplicationPage getNewApplication() {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return new ApplicationPage(null, null, null);
    }

    /** The form of an application; null, which results in 404, if there is none with that ID. */
    @CheckForNull
    public ApplicationPage getApplication(String id) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return OAuthMailConfiguration.get()
                .application(id)
                .map(application -> new ApplicationPage(id, application, null))
                .orElse(null);
    }

    /** The form of a new account. */
    @NonNull
    public AccountForm getNewAccount() {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return new AccountForm(null, null, null);
    }

    /** The page of an account; null, which results in 404, if there is none with that ID. */
    @CheckForNull
    public AccountPage getAccount(String id) {
        return OAuthMailConfiguration.get().account(id).map(AccountPage::new).orElse(null);
    }

    /** Deletes a stored authorization whose account no longer exists. */
    @POST
    public HttpResponse doDeleteOrphan(@QueryParameter String id) throws IOException {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        if (getOrphans().contains(id)) {
            AuthorizationStore.get().forget(id);
            Notice.success(Messages.MailAccountsPage_orphanDeleted(id)).leave(Stapler.getCurrentRequest2());
        }
        return back();
    }

    static HttpResponse back() {
        return HttpResponses.redirectViaContextPath(PATH);
    }
}
