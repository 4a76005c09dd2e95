package com.cloudbees.plugins.credentials;

import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.ExtensionPoint;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Run;
import hudson.security.ACL;
import io.jenkins.inmemory.InMemoryJenkins;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.springframework.security.core.Authentication;

/** Where credentials come from: here the list that {@link InMemoryJenkins#credentials()} gives. */
@SuppressWarnings("rawtypes")
public abstract class CredentialsProvider implements ExtensionPoint {
    private static final Logger LOGGER = Logger.getLogger(CredentialsProvider.class.getName());

    /** SYSTEM sees all of the controller's credentials; others, and jobs, those that are not for it alone. */
    @NonNull
    public static <C extends Credentials> List<C> lookupCredentialsInItemGroup(
            @NonNull Class<C> type,
            @Nullable ItemGroup itemGroup,
            @Nullable Authentication authentication,
            @Nullable List<DomainRequirement> domainRequirements) {
        boolean all = authentication == null || authentication.equals(ACL.SYSTEM2);
        return find(type, all);
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

    private static <C extends Credentials> List<C> find(Class<C> type, boolean system) {
        return InMemoryJenkins.current().credentials().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .filter(credential -> system || credential.getScope() != CredentialsScope.SYSTEM)
                .toList();
    }
}
