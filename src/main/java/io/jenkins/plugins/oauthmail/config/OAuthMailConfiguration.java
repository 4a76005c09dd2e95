package io.jenkins.plugins.oauthmail.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.Util;
import hudson.util.FormValidation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import jenkins.model.GlobalConfiguration;
import jenkins.model.Jenkins;
import jenkins.model.JenkinsLocationConfiguration;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.DoNotUse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/**
 * All that an admin defines: OAuth applications and mail accounts. It holds no token; see {@code AuthorizationStore}.
 * Its forms stand on the page at {@code manage/mail-accounts}.
 */
@Extension
@Symbol("oauthMail")
public final class OAuthMailConfiguration extends GlobalConfiguration {
    /** Behind the Jenkins URL; the redirect action answers there. */
    public static final String REDIRECT_PATH = "oauth-mail/redirect";

    private static final Pattern LOCALHOST = Pattern.compile("http://(localhost|127\\.0\\.0\\.1)[:/]");

    private List<OAuthApplication> applications = new ArrayList<>();
    private List<MailAccount> accounts = new ArrayList<>();

    @CheckForNull
    private String warningsTo;

    /** Called by Jenkins; use {@link #get()}. */
    public OAuthMailConfiguration() {
        load();
    }

    @NonNull
    public static OAuthMailConfiguration get() {
        return ExtensionList.lookupSingleton(OAuthMailConfiguration.class);
    }

    @NonNull
    public synchronized List<OAuthApplication> getApplications() {
        return List.copyOf(applications);
    }

    /**
     * Replaces all applications and saves.
     *
     * @throws InvalidConfiguration if one of them is not valid; nothing has changed then
     */
    public synchronized void setApplications(@CheckForNull List<OAuthApplication> applications) {
        List<OAuthApplication> replacement = new ArrayList<>(Util.fixNull(applications));
        refuseNothing(replacement, Messages.OAuthMailConfiguration_applications());
        replacement.forEach(OAuthApplication::validate);
        refuseSameId(replacement, OAuthApplication::getId, Messages::OAuthApplication_element);
        this.applications = replacement;
        save();
        ExtensionList.lookup(AccountsListener.class).forEach(AccountsListener::accountsChanged);
    }

    @NonNull
    public synchronized List<MailAccount> getAccounts() {
        return List.copyOf(accounts);
    }

    /**
     * Replaces all accounts and saves.
     *
     * @throws InvalidConfiguration if one of them is not valid; nothing has changed then
     */
    public synchronized void setAccounts(@CheckForNull List<MailAccount> accounts) {
        List<MailAccount> replacement = new ArrayList<>(Util.fixNull(accounts));
        refuseNothing(replacement, Messages.OAuthMailConfiguration_accounts());
        replacement.forEach(MailAccount::validate);
        refuseSameId(replacement, MailAccount::getId, Messages::MailAccount_element);
        this.accounts = replacement;
        save();
        ExtensionList.lookup(AccountsListener.class).forEach(AccountsListener::accountsChanged);
    }

    /** Addresses, separated by commas, that are told once when mail stops or soon will; null for none. */
    @CheckForNull
    public synchronized String getWarningsTo() {
        return warningsTo;
    }

    /**
     * Sets who is told, and saves.
     *
     * @throws InvalidConfiguration if one is no address; nothing has changed then
     */
    public synchronized void setWarningsTo(@CheckForNull String warningsTo) {
        String addresses = Util.fixEmptyAndTrim(warningsTo);
        InvalidConfiguration.refuse("OAuth Mail", "warningsTo", FieldRules.addresses(addresses));
        this.warningsTo = addresses;
        save();
    }

    /** Checks the field as it is typed. */
    @POST
    @Restricted(DoNotUse.class) // Stapler only
    public FormValidation doCheckWarningsTo(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return FieldRules.asTyped(value, FieldRules::addresses);
    }

    /**
     * Adds an application, or puts it in the place of another one.
     *
     * @param replaced id of the application whose place it takes; null to add it
     * @throws InvalidConfiguration if it is not valid or its id is taken; nothing has changed then
     */
    public synchronized void put(@NonNull OAuthApplication application, @CheckForNull String replaced) {
        setApplications(put(applications, application, OAuthApplication::getId, replaced));
    }

    /** Adds an account, or puts it in the place of another one; as {@link #put(OAuthApplication, String)}. */
    public synchronized void put(@NonNull MailAccount account, @CheckForNull String replaced) {
        setAccounts(put(accounts, account, MailAccount::getId, replaced));
    }

    /**
     * Removes an application.
     *
     * @throws InvalidConfiguration if an account still uses it
     */
    public synchronized void removeApplication(@NonNull String id) {
        for (MailAccount account : accounts) {
            InvalidConfiguration.refuse(
                    Messages.OAuthApplication_element(id),
                    "id",
                    account.getApplication().equals(id)
                            ? Messages.OAuthMailConfiguration_inUse(account.getId())
                            : null);
        }
        setApplications(applications.stream()
                .filter(application -> !application.getId().equals(id))
                .toList());
    }

    /** Removes an account; its authorization is the caller's to delete. */
    public synchronized void removeAccount(@NonNull String id) {
        setAccounts(
                accounts.stream().filter(account -> !account.getId().equals(id)).toList());
    }

    @NonNull
    public Optional<OAuthApplication> application(@CheckForNull String id) {
        return getApplications().stream()
                .filter(application -> application.getId().equals(id))
                .findFirst();
    }

    @NonNull
    public Optional<MailAccount> account(@CheckForNull String id) {
        return getAccounts().stream()
                .filter(account -> account.getId().equals(id))
                .findFirst();
    }

    /** What is to be copied into the app registration; null while Jenkins does not know its own URL. */
    @CheckForNull
    public String redirectUri() {
        // Not Jenkins.getRootUrl, which makes one up from the request while none is set.
        String root = JenkinsLocationConfiguration.get().getUrl();
        return root == null ? null : root + REDIRECT_PATH;
    }

    /** Why Microsoft would not send a browser back to {@link #redirectUri()}, and what to do; null if it would. */
    @CheckForNull
    public String redirectProblem() {
        String uri = redirectUri();
        if (uri == null) {
            return Messages.OAuthMailConfiguration_noUrl();
        }
        // https://learn.microsoft.com/entra/identity-platform/reply-url: http is for localhost only.
        return uri.startsWith("https://") || LOCALHOST.matcher(uri).lookingAt()
                ? null
                : Messages.OAuthMailConfiguration_notHttps(uri);
    }

    /**
     * Jenkins calls this when the System page is saved. None of our fields is on that page, so that there is nothing to
     * take over; the inherited method would empty both lists.
     */
    @Override
    public boolean configure(StaplerRequest2 req, JSONObject json) {
        return true;
    }

    private static <T> List<T> put(List<T> elements, T element, Function<T, String> id, @CheckForNull String replaced) {
        InvalidConfiguration.refuse(
                id.apply(element),
                "id",
                replaced == null || replaced.equals(id.apply(element))
                        ? null
                        : Messages.OAuthMailConfiguration_idFixed(replaced));
        List<T> changed = new ArrayList<>(elements);
        int place = replaced == null ? -1 : elements.stream().map(id).toList().indexOf(replaced);
        if (place < 0) {
            changed.add(element);
        } else {
            changed.set(place, element);
        }
        return changed;
    }

    /** A list item without fields, such as a lone hyphen in YAML, arrives as null. */
    private static void refuseNothing(List<?> elements, String kind) {
        int place = elements.indexOf(null);
        InvalidConfiguration.refuse(
                kind,
                Messages.OAuthMailConfiguration_item(place + 1),
                place < 0 ? null : Messages.OAuthMailConfiguration_emptyItem());
    }

    private static <T> void refuseSameId(List<T> elements, Function<T, String> id, Function<Object, String> element) {
        Set<String> seen = new HashSet<>();
        for (T each : elements) {
            if (!seen.add(id.apply(each))) {
                throw new InvalidConfiguration(
                        element.apply(id.apply(each)), "id", Messages.OAuthMailConfiguration_idTaken());
            }
        }
    }
}
