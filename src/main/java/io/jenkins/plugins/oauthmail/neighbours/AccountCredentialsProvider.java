package io.jenkins.plugins.oauthmail.neighbours;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsMatcher;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.IdCredentials;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import com.cloudbees.plugins.credentials.domains.HostnamePortRequirement;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.Extension;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Job;
import hudson.security.ACL;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.springframework.security.core.Authentication;

/**
 * Offers each account that allows it as a credential. Such a credential is a bearer token for everybody who can get it,
 * so a job gets it only if the requirements are exactly the host and port of the account's SMTP server. Bindings
 * such as {@code withCredentials} require nothing, Git and HTTP clients require more. Administrators can choose it in
 * forms of the controller; nobody else sees it listed.
 *
 * <p>Comes last: a credential with the same ID in a real store is found first.
 */
@Extension(ordinal = -1000)
@Restricted(NoExternalUse.class)
public class AccountCredentialsProvider extends CredentialsProvider {

    @NonNull
    @Override
    public String getDisplayName() {
        return Messages.AccountCredentialsProvider_displayName();
    }

    @NonNull
    @Override
    public String getIconClassName() {
        return "symbol-mail-outline plugin-ionicons-api";
    }

    /** A multi-configuration job is a group as well; folders and the controller itself get nothing. */
    @NonNull
    @Override
    @SuppressWarnings("rawtypes")
    public <C extends Credentials> List<C> getCredentialsInItemGroup(
            @NonNull Class<C> type,
            @Nullable ItemGroup itemGroup,
            @Nullable Authentication authentication,
            @NonNull List<DomainRequirement> domainRequirements) {
        return itemGroup instanceof Job<?, ?> job ? usable(type, job, authentication, domainRequirements) : List.of();
    }

    @NonNull
    @Override
    public <C extends Credentials> List<C> getCredentialsInItem(
            @NonNull Class<C> type,
            @NonNull Item item,
            @Nullable Authentication authentication,
            @NonNull List<DomainRequirement> domainRequirements) {
        return item instanceof Job<?, ?> job ? usable(type, job, authentication, domainRequirements) : List.of();
    }

    @CheckForNull
    @Override
    public <C extends IdCredentials> C getCredentialByIdInItemGroup(
            @NonNull String id,
            @NonNull Class<C> type,
            @NonNull ItemGroup<?> itemGroup,
            @NonNull Authentication authentication,
            @NonNull List<DomainRequirement> domainRequirements) {
        return itemGroup instanceof Job<?, ?> job ? find(id, type, job, authentication, domainRequirements) : null;
    }

    @CheckForNull
    @Override
    public <C extends IdCredentials> C getCredentialByIdInItem(
            @NonNull String id,
            @NonNull Class<C> type,
            @NonNull Item item,
            @NonNull Authentication authentication,
            @NonNull List<DomainRequirement> domainRequirements) {
        return item instanceof Job<?, ?> job ? find(id, type, job, authentication, domainRequirements) : null;
    }

    /** For the drop-down lists in forms of the controller, which administrators fill in. */
    @NonNull
    @Override
    @SuppressWarnings("rawtypes")
    public <C extends IdCredentials> ListBoxModel getCredentialIdsInItemGroup(
            @NonNull Class<C> type,
            @Nullable ItemGroup itemGroup,
            @Nullable Authentication authentication,
            @NonNull List<DomainRequirement> domainRequirements,
            @NonNull CredentialsMatcher matcher) {
        ListBoxModel choices = new ListBoxModel();
        boolean global = itemGroup == null || itemGroup.equals(Jenkins.get());
        if (global
                && type.isAssignableFrom(AccountCredentials.class)
                && domainRequirements.isEmpty()
                && Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
            offered()
                    .map(AccountCredentials::toChoose)
                    .filter(matcher::matches)
                    .forEach(choice -> choices.add(choice.getDescription(), choice.getId()));
        }
        return choices;
    }

    @NonNull
    @Override
    public <C extends IdCredentials> ListBoxModel getCredentialIdsInItem(
            @NonNull Class<C> type,
            @NonNull Item item,
            @Nullable Authentication authentication,
            @NonNull List<DomainRequirement> domainRequirements,
            @NonNull CredentialsMatcher matcher) {
        return new ListBoxModel();
    }

    private static Stream<MailAccount> offered() {
        return OAuthMailConfiguration.get().getAccounts().stream().filter(MailAccount::isOtherPluginsMaySend);
    }

    private static <C extends Credentials> List<C> usable(
            Class<C> type, Job<?, ?> job, Authentication authentication, List<DomainRequirement> requirements) {
        return offered()
                .map(account -> find(
                        AccountCredentials.id(account), AccountCredentials.class, job, authentication, requirements))
                .filter(Objects::nonNull)
                .filter(AccountCredentials::isUsable)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    @CheckForNull
    private static <C extends Credentials> C find(
            String id,
            Class<C> type,
            Job<?, ?> job,
            Authentication authentication,
            List<DomainRequirement> requirements) {
        // Like the credentials of a store, only what runs as SYSTEM, or may use the job's credentials, gets it.
        boolean system = authentication == null || ACL.SYSTEM2.equals(authentication);
        if (!system || !type.isAssignableFrom(AccountCredentials.class) || requirements.size() != 1) {
            return null;
        }
        // Subclasses may mean something else.
        DomainRequirement only = requirements.get(0);
        return only != null && only.getClass() == HostnamePortRequirement.class
                ? type.cast(AccountCredentials.of(id, job, (HostnamePortRequirement) only))
                : null;
    }
}
