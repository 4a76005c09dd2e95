package io.jenkins.plugins.oauthmail.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.BulkChange;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.Util;
import hudson.XmlFile;
import hudson.util.FormValidation;
import hudson.util.XStream2;
import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jenkins.model.GlobalConfiguration;
import jenkins.model.Jenkins;
import jenkins.model.JenkinsLocationConfiguration;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.DoNotUse;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/**
 * Everything that administrators define: OAuth applications and mail accounts. It holds no tokens; see
 * {@code AuthorizationStore}. Its forms are at {@code manage/mail-accounts}.
 */
@Extension
@Symbol("oauthMail")
@Restricted(NoExternalUse.class)
public final class OAuthMailConfiguration extends GlobalConfiguration {
    /** Relative to the Jenkins URL; handled by the redirect action. */
    public static final String REDIRECT_PATH = "oauth-mail/redirect";

    /**
     * The redirect URI of a sign-in whose address is copied by hand, for a controller that Microsoft does not redirect
     * to. Nothing has to answer there.
     */
    public static final String PASTED_REDIRECT_URI = "http://localhost/oauth-mail";

    private static final Logger LOGGER = Logger.getLogger(OAuthMailConfiguration.class.getName());
    private static final String FILE = "oauth-mail.xml";

    private static final XStream2 XML = StoredXml.of(
            new StoredXml.Name("configuration", OAuthMailConfiguration.class),
            new StoredXml.Name("application", OAuthApplication.class),
            new StoredXml.Name("account", MailAccount.class),
            new StoredXml.Name("clientSecret", ClientSecret.class),
            new StoredXml.Name("clientCertificate", ClientCertificate.class),
            new StoredXml.Name("federatedToken", FederatedToken.class));

    private static final Pattern LOCALHOST = Pattern.compile("http://(localhost|127\\.0\\.0\\.1)[:/]");

    private static final Pattern DOMAIN_SEPARATOR = Pattern.compile("[,;\\s]+");
    private static final Pattern DOMAIN = Pattern.compile("[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+");

    private List<OAuthApplication> applications = new ArrayList<>();
    private List<MailAccount> accounts = new ArrayList<>();

    @CheckForNull
    private String warningsTo;

    @CheckForNull
    private Integer relayPort;

    @CheckForNull
    private String committerDomains;

    @CheckForNull
    private String defaultRecipients;

    @CheckForNull
    private String defaultSubject;

    @CheckForNull
    private String defaultBody;

    @CheckForNull
    private String defaultHtml;

    /** Whether listeners have yet to be told that applications or accounts changed. */
    private transient boolean changed;

    private transient List<String> unusableApplications = List.of();
    private transient List<String> unusableAccounts = List.of();

    /** Called by Jenkins; use {@link #get()}. */
    public OAuthMailConfiguration() {
        load();
    }

    /**
     * Reads the file, which somebody may have edited. A definition that is not valid is not used, because it would keep
     * those that are from being used.
     */
    @Override
    public synchronized void load() {
        super.load();
        List<String> problems = new ArrayList<>();
        applications = usable(
                applications,
                OAuthApplication.class,
                OAuthApplication::validate,
                OAuthApplication::getId,
                Messages::OAuthApplication_element,
                Messages.OAuthMailConfiguration_applications(),
                problems);
        unusableApplications = List.copyOf(problems);
        problems.clear();
        accounts = usable(
                accounts,
                MailAccount.class,
                MailAccount::validate,
                MailAccount::getId,
                Messages::MailAccount_element,
                Messages.OAuthMailConfiguration_accounts(),
                problems);
        unusableAccounts = List.copyOf(problems);
        if (!getUnusable().isEmpty()) {
            keepUnusable();
        }
    }

    private static <T> List<T> usable(
            @CheckForNull List<?> read,
            Class<T> type,
            Consumer<T> validate,
            Function<T, String> id,
            Function<Object, String> element,
            String kind,
            List<String> problems) {
        List<T> usable = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        int item = 0;
        for (Object each : Util.fixNull(read)) {
            item++;
            try {
                InvalidConfiguration.refuse(
                        kind,
                        Messages.OAuthMailConfiguration_item(item),
                        type.isInstance(each) ? null : Messages.OAuthMailConfiguration_otherItem());
                T definition = type.cast(each);
                validate.accept(definition);
                InvalidConfiguration.refuse(
                        element.apply(id.apply(definition)),
                        "id",
                        ids.add(id.apply(definition)) ? null : Messages.OAuthMailConfiguration_idTaken());
                usable.add(definition);
            } catch (InvalidConfiguration refusal) {
                String problem = Messages.OAuthMailConfiguration_unusable(FILE, refusal.getMessage());
                LOGGER.log(Level.WARNING, problem);
                problems.add(problem);
            }
        }
        return usable;
    }

    /** The next change is saved without the definitions that are not used. */
    private void keepUnusable() {
        Path file = getConfigFile().getFile().toPath();
        try {
            Files.copy(file, file.resolveSibling(FILE + ".unusable"), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot copy " + file);
        }
    }

    /** The definitions in the file that are not used, one sentence each; none once the file is saved. */
    @NonNull
    public synchronized List<String> getUnusable() {
        return Stream.concat(unusableApplications.stream(), unusableAccounts.stream())
                .toList();
    }

    @NonNull
    public static OAuthMailConfiguration get() {
        return ExtensionList.lookupSingleton(OAuthMailConfiguration.class);
    }

    @NonNull
    public synchronized List<OAuthApplication> getApplications() {
        // Never changed, only replaced.
        return Collections.unmodifiableList(applications);
    }

    /**
     * Replaces all applications and saves.
     *
     * @throws InvalidConfiguration if one of them is invalid; nothing is changed in that case
     */
    public void setApplications(@CheckForNull List<OAuthApplication> applications) {
        replaceApplications(Util.fixNull(applications));
        save();
    }

    private synchronized void replaceApplications(List<OAuthApplication> applications) {
        List<OAuthApplication> replacement = new ArrayList<>(applications);
        refuseNothing(replacement, Messages.OAuthMailConfiguration_applications());
        replacement.forEach(OAuthApplication::validate);
        refuseSameId(replacement, OAuthApplication::getId, Messages::OAuthApplication_element);
        this.applications = replacement;
        unusableApplications = List.of();
        changed = true;
    }

    @NonNull
    public synchronized List<MailAccount> getAccounts() {
        return Collections.unmodifiableList(accounts);
    }

    /**
     * Replaces all accounts and saves.
     *
     * @throws InvalidConfiguration if one of them is invalid; nothing is changed in that case
     */
    public void setAccounts(@CheckForNull List<MailAccount> accounts) {
        replaceAccounts(Util.fixNull(accounts));
        save();
    }

    private synchronized void replaceAccounts(List<MailAccount> accounts) {
        List<MailAccount> replacement = new ArrayList<>(accounts);
        refuseNothing(replacement, Messages.OAuthMailConfiguration_accounts());
        replacement.forEach(MailAccount::validate);
        refuseSameId(replacement, MailAccount::getId, Messages::MailAccount_element);
        this.accounts = replacement;
        unusableAccounts = List.of();
        changed = true;
    }

    @Override
    protected XmlFile getConfigFile() {
        return StoredXml.configuration(XML, FILE, "config.OAuthMailConfiguration");
    }

    /**
     * Saves, and then tells the listeners what changed since they were told last; in a {@link BulkChange}, such as
     * that of configuration as code, only at its end.
     */
    @Override
    public void save() {
        super.save();
        if (!BulkChange.contains(this) && takeChanged()) {
            AccountsListener.fire(AccountsListener::changed);
        }
    }

    private synchronized boolean takeChanged() {
        boolean told = changed;
        changed = false;
        return told;
    }

    /** Addresses, separated by commas, that are notified once when mail stops working or soon will; null for none. */
    @CheckForNull
    public synchronized String getWarningsTo() {
        return warningsTo;
    }

    /**
     * Sets the addresses to notify and saves.
     *
     * @throws InvalidConfiguration if one of them is invalid; nothing is changed in that case
     */
    public void setWarningsTo(@CheckForNull String warningsTo) {
        String addresses = Util.fixEmptyAndTrim(warningsTo);
        InvalidConfiguration.refuse("OAuth Mail", "warningsTo", FieldRules.addresses(addresses));
        synchronized (this) {
            this.warningsTo = addresses;
        }
        save();
    }

    /** Port of the relay on the loopback interface; null if it is off. */
    @CheckForNull
    public synchronized Integer getRelayPort() {
        return relayPort;
    }

    /**
     * Switches the relay on or off and saves.
     *
     * @param relayPort 1 to 65535; null or 0 to switch it off
     * @throws InvalidConfiguration if it is not a port; nothing is changed in that case
     */
    public void setRelayPort(@CheckForNull Integer relayPort) {
        Integer port = relayPort == null || relayPort == 0 ? null : relayPort;
        InvalidConfiguration.refuse("OAuth Mail", "relayPort", port == null ? null : FieldRules.port(port));
        synchronized (this) {
            this.relayPort = port;
            changed = true;
        }
        save();
    }

    /** Mail domains whose addresses get notifications about their commits without an account; null for none. */
    @CheckForNull
    public synchronized String getCommitterDomains() {
        return committerDomains;
    }

    /** Sets the domains, separated by commas or white space, and saves. What is no domain matches no address. */
    public void setCommitterDomains(@CheckForNull String committerDomains) {
        synchronized (this) {
            this.committerDomains = Util.fixEmptyAndTrim(committerDomains);
        }
        save();
    }

    /** {@link #getCommitterDomains} one by one, in lower case. */
    @NonNull
    public Set<String> committerDomains() {
        return DOMAIN_SEPARATOR
                .splitAsStream(Util.fixNull(getCommitterDomains()))
                .filter(domain -> !domain.isEmpty())
                .map(CaseFolding::asciiLower)
                .collect(Collectors.toSet());
    }

    /** Checks the field while it is being edited. */
    @POST
    @Restricted(DoNotUse.class) // Stapler only
    public FormValidation doCheckCommitterDomains(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return DOMAIN_SEPARATOR
                .splitAsStream(Util.fixNull(value))
                .filter(domain -> !domain.isEmpty() && !DOMAIN.matcher(domain).matches())
                .findFirst()
                .map(wrong -> FormValidation.error(Messages.OAuthMailConfiguration_domain(wrong)))
                .orElse(FormValidation.ok());
    }

    /** Recipients of notifications whose jobs name nobody, with build variables; null for none. */
    @CheckForNull
    public synchronized String getDefaultRecipients() {
        return defaultRecipients;
    }

    /** Sets the recipients and saves. They are not checked, since variables may stand for addresses. */
    public void setDefaultRecipients(@CheckForNull String defaultRecipients) {
        synchronized (this) {
            this.defaultRecipients = Util.fixEmptyAndTrim(defaultRecipients);
        }
        save();
    }

    /** Subject of notifications whose jobs have none, with build variables; null for that of the report. */
    @CheckForNull
    public synchronized String getDefaultSubject() {
        return defaultSubject;
    }

    /** Sets the subject and saves. */
    public void setDefaultSubject(@CheckForNull String defaultSubject) {
        synchronized (this) {
            this.defaultSubject = Util.fixEmptyAndTrim(defaultSubject);
        }
        save();
    }

    /**
     * Plain text of notifications whose jobs have neither text nor HTML, with build variables. Null for none, or for the
     * report if {@link #getDefaultHtml} is null, too.
     */
    @CheckForNull
    public synchronized String getDefaultBody() {
        return defaultBody;
    }

    /** Sets the text and saves. */
    public void setDefaultBody(@CheckForNull String defaultBody) {
        synchronized (this) {
            this.defaultBody = Util.fixEmptyAndTrim(defaultBody);
        }
        save();
    }

    /** HTML of such notifications, with build variables whose values are escaped; see {@link #getDefaultBody}. */
    @CheckForNull
    public synchronized String getDefaultHtml() {
        return defaultHtml;
    }

    /** Sets the HTML and saves. */
    public void setDefaultHtml(@CheckForNull String defaultHtml) {
        synchronized (this) {
            this.defaultHtml = Util.fixEmptyAndTrim(defaultHtml);
        }
        save();
    }

    /** Checks the field while it is being edited. */
    @POST
    @Restricted(DoNotUse.class) // Stapler only
    public FormValidation doCheckRelayPort(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return Util.fixEmptyAndTrim(value) == null
                ? FormValidation.ok()
                : FormValidation.validateIntegerInRange(value, 1, 65535);
    }

    /** Checks the field while it is being edited. */
    @POST
    @Restricted(DoNotUse.class) // Stapler only
    public FormValidation doCheckWarningsTo(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return FieldRules.asTyped(value, FieldRules::addresses);
    }

    /**
     * Adds or replaces an application.
     *
     * @param replaced ID of the application to replace; null to add one
     * @throws InvalidConfiguration if it is invalid or its ID is in use; nothing is changed in that case
     */
    public void put(@NonNull OAuthApplication application, @CheckForNull String replaced) {
        synchronized (this) {
            replaceApplications(put(applications, application, OAuthApplication::getId, replaced));
        }
        save();
    }

    /** Adds or replaces an account; see {@link #put(OAuthApplication, String)}. */
    public void put(@NonNull MailAccount account, @CheckForNull String replaced) {
        synchronized (this) {
            replaceAccounts(put(accounts, account, MailAccount::getId, replaced));
        }
        save();
    }

    /**
     * Removes an application.
     *
     * @throws InvalidConfiguration if an account still uses it
     */
    public void removeApplication(@NonNull String id) {
        synchronized (this) {
            refuseInUse(id);
            replaceApplications(applications.stream()
                    .filter(application -> !application.getId().equals(id))
                    .toList());
        }
        save();
    }

    private void refuseInUse(String id) {
        for (MailAccount account : accounts) {
            InvalidConfiguration.refuse(
                    Messages.OAuthApplication_element(id),
                    "id",
                    account.getApplication().equals(id)
                            ? Messages.OAuthMailConfiguration_inUse(account.getId())
                            : null);
        }
    }

    /** Removes an account; the caller has to delete its authorization. */
    public void removeAccount(@NonNull String id) {
        synchronized (this) {
            replaceAccounts(accounts.stream()
                    .filter(account -> !account.getId().equals(id))
                    .toList());
        }
        save();
    }

    @NonNull
    public Optional<OAuthApplication> application(@CheckForNull String id) {
        return find(getApplications(), OAuthApplication::getId, id);
    }

    @NonNull
    public Optional<MailAccount> account(@CheckForNull String id) {
        return find(getAccounts(), MailAccount::getId, id);
    }

    /** Without a stream, because each use of each account asks for it. */
    private static <T> Optional<T> find(List<T> elements, Function<T, String> idOf, @CheckForNull String id) {
        for (T element : elements) {
            if (idOf.apply(element).equals(id)) {
                return Optional.of(element);
            }
        }
        return Optional.empty();
    }

    /** The redirect URI to register with the identity provider; null while Jenkins does not know its own URL. */
    @CheckForNull
    public String redirectUri() {
        // Jenkins.getRootUrl would derive a URL from the request while none is configured.
        String root = JenkinsLocationConfiguration.get().getUrl();
        return root == null ? null : root + REDIRECT_PATH;
    }

    /** Why Microsoft would reject {@link #redirectUri()}, and the fix; null if it would not. */
    @CheckForNull
    public String redirectProblem() {
        String uri = redirectUri();
        if (uri == null) {
            return Messages.OAuthMailConfiguration_noUrl();
        }
        // https://learn.microsoft.com/entra/identity-platform/reply-url: http is allowed for localhost only.
        return uri.startsWith("https://") || LOCALHOST.matcher(uri).lookingAt()
                ? null
                : Messages.OAuthMailConfiguration_notHttps(uri);
    }

    /**
     * Called by Jenkins when the System page is saved. None of our fields are on that page, so there is nothing to
     * apply; the inherited method would clear both lists.
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

    /** Rejects null, which is what a list item without fields becomes, such as a lone hyphen in YAML. */
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
