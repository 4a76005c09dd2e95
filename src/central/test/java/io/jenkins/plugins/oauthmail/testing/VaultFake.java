package io.jenkins.plugins.oauthmail.testing;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.model.ItemGroup;
import io.jenkins.inmemory.InMemoryJenkins;
import io.jenkins.plugins.oauthmail.account.TokenSources;
import java.util.List;
import org.springframework.security.core.Authentication;

/** A provider whose credentials are in a vault elsewhere, which it cannot always reach. */
public final class VaultFake extends CredentialsProvider {
    /** What the provider does. */
    public enum State {
        AVAILABLE,
        /** It logs why and lists nothing, as the providers for AWS Secrets Manager and Kubernetes do. */
        LISTS_NOTHING,
        /** It lets the exception through, which {@link CredentialsProvider} then does, too. */
        THROWS
    }

    private final List<Credentials> stored;
    private volatile State state = State.AVAILABLE;

    private VaultFake(List<Credentials> stored) {
        this.stored = stored;
    }

    /** Has the controller's credentials in a vault from now on. */
    @NonNull
    public static VaultFake instead(@NonNull InMemoryJenkins jenkins) {
        VaultFake vault = new VaultFake(List.copyOf(jenkins.credentials()));
        jenkins.credentials().clear();
        jenkins.register(vault);
        return vault;
    }

    public void become(@NonNull State next) {
        state = next;
    }

    /** As {@link #become}, when no token is at hand that would do. */
    public void becomeWithoutTokens(@NonNull State next) {
        become(next);
        TokenSources.get().changed();
    }

    @NonNull
    @Override
    @SuppressWarnings("rawtypes")
    public <C extends Credentials> List<C> getCredentialsInItemGroup(
            @NonNull Class<C> type,
            @Nullable ItemGroup itemGroup,
            @Nullable Authentication authentication,
            @NonNull List<DomainRequirement> domainRequirements) {
        return switch (state) {
            case AVAILABLE ->
                stored.stream().filter(type::isInstance).map(type::cast).toList();
            case LISTS_NOTHING -> List.of();
            case THROWS -> throw new IllegalStateException("the vault is sealed");
        };
    }
}
