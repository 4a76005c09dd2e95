package com.cloudbees.plugins.credentials;

import com.cloudbees.plugins.credentials.common.IdCredentials;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.util.ListBoxModel;
import io.jenkins.inmemory.InMemoryJenkins;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.springframework.security.core.Authentication;

/**
 * Where credentials come from: here the list that {@link InMemoryJenkins#credentials()} gives, then the providers that
 * are registered.
 */
@SuppressWarnings("rawtypes")
public abstract class CredentialsProvider implements ExtensionPoint {
    private static final Logger LOGGER = Logger.getLogger(CredentialsProvider.class.getName());

    /**
     * SYSTEM sees all of the controller's credentials; others, and jobs, those that are not for it alone. An exception of
     * any provider reaches the caller, as with the real one.
     */
    @NonNull
    public static <C extends Credentials> List<C> lookupCredentialsInItemGroup(
            @NonNull Class<C> type,
            @Nullable ItemGroup itemGroup,
            @Nullable Authentication authentication,
            @Nullable List<DomainRequirement> domainRequirements) {
        boolean all = authentication == null || authentication.equals(ACL.SYSTEM2);
        List<C> found = new ArrayList<>(find(type, all));
        List<DomainRequirement> requirements = domainRequirements == null ? List.of() : domainRequirements;
        for (CredentialsProvider provider : ExtensionList.lookup(CredentialsProvider.class)) {
            found.addAll(provider.getCredentialsInItemGroup(type, itemGroup, authentication, requirements));
        }
        return found;
    }

    /** Notes on the credential's page that something uses it; there is no such page here, only a log. */
    @CheckForNull
    public static <C extends Credentials> C track(@NonNull Run build, @CheckForNull C credentials) {
        LOGGER.log(Level.FINE, "{0} uses a credential", build);
        return credentials;
    }

    /** Notes on the credential's page that something uses it; there is no such page here. */
    @CheckForNull
    public static <C extends Credentials> C track(@NonNull Item item, @CheckForNull C credentials) {
        return credentials;
    }

    /** As the real one does: by the providers' order, with the job's default authentication, which is SYSTEM here. */
    @CheckForNull
    public static <C extends IdCredentials> C findCredentialById(
            @NonNull String id,
            @NonNull Class<C> type,
            @NonNull Run<?, ?> run,
            @Nullable List<DomainRequirement> domainRequirements) {
        List<DomainRequirement> requirements = domainRequirements == null ? List.of() : domainRequirements;
        Item item = run.getParent();
        for (CredentialsProvider provider : ExtensionList.lookup(CredentialsProvider.class)) {
            C found = item instanceof ItemGroup<?> group
                    ? provider.getCredentialByIdInItemGroup(id, type, group, ACL.SYSTEM2, requirements)
                    : provider.getCredentialByIdInItem(id, type, item, ACL.SYSTEM2, requirements);
            if (found != null) {
                return type.cast(found.forRun(run));
            }
        }
        return null;
    }

    /** A copy for an agent by the taker for the most specific type. */
    @SuppressWarnings("unchecked")
    public static <C extends Credentials> C snapshot(C credential) {
        CredentialsSnapshotTaker<C> best = null;
        for (CredentialsSnapshotTaker<C> taker : ExtensionList.lookup(CredentialsSnapshotTaker.class)) {
            if (taker.type().isInstance(credential)
                    && (best == null || best.type().isAssignableFrom(taker.type()))) {
                best = taker;
            }
        }
        return best == null ? credential : best.snapshot(credential);
    }

    public String getDisplayName() {
        return getClass().getSimpleName();
    }

    public String getIconClassName() {
        return "symbol-credentials plugin-credentials";
    }

    @NonNull
    public <C extends Credentials> List<C> getCredentialsInItemGroup(
            @NonNull Class<C> type,
            @Nullable ItemGroup itemGroup,
            @Nullable Authentication authentication,
            @NonNull List<DomainRequirement> domainRequirements) {
        throw new AbstractMethodError();
    }

    @NonNull
    public <C extends Credentials> List<C> getCredentialsInItem(
            @NonNull Class<C> type,
            @NonNull Item item,
            @Nullable Authentication authentication,
            @NonNull List<DomainRequirement> domainRequirements) {
        return getCredentialsInItemGroup(type, item.getParent(), authentication, domainRequirements);
    }

    @CheckForNull
    public <C extends IdCredentials> C getCredentialByIdInItemGroup(
            @NonNull String id,
            @NonNull Class<C> type,
            @NonNull ItemGroup<?> itemGroup,
            @NonNull Authentication authentication,
            @NonNull List<DomainRequirement> domainRequirements) {
        return CredentialsMatchers.firstOrNull(
                getCredentialsInItemGroup(type, itemGroup, authentication, domainRequirements),
                CredentialsMatchers.withId(id));
    }

    @CheckForNull
    public <C extends IdCredentials> C getCredentialByIdInItem(
            @NonNull String id,
            @NonNull Class<C> type,
            @NonNull Item item,
            @NonNull Authentication authentication,
            @NonNull List<DomainRequirement> domainRequirements) {
        return CredentialsMatchers.firstOrNull(
                getCredentialsInItem(type, item, authentication, domainRequirements), CredentialsMatchers.withId(id));
    }

    @NonNull
    public <C extends IdCredentials> ListBoxModel getCredentialIdsInItemGroup(
            @NonNull Class<C> type,
            @Nullable ItemGroup itemGroup,
            @Nullable Authentication authentication,
            @NonNull List<DomainRequirement> domainRequirements,
            @NonNull CredentialsMatcher matcher) {
        ListBoxModel ids = new ListBoxModel();
        getCredentialsInItemGroup(type, itemGroup, authentication, domainRequirements).stream()
                .filter(matcher::matches)
                .forEach(credential -> ids.add(credential.getId()));
        return ids;
    }

    @NonNull
    public <C extends IdCredentials> ListBoxModel getCredentialIdsInItem(
            @NonNull Class<C> type,
            @NonNull Item item,
            @Nullable Authentication authentication,
            @NonNull List<DomainRequirement> domainRequirements,
            @NonNull CredentialsMatcher matcher) {
        return getCredentialIdsInItemGroup(type, item.getParent(), authentication, domainRequirements, matcher);
    }

    private static <C extends Credentials> List<C> find(Class<C> type, boolean system) {
        return InMemoryJenkins.current().credentials().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .filter(credential -> system || credential.getScope() != CredentialsScope.SYSTEM)
                .toList();
    }
}
