package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.AsyncPeriodicWork;
import hudson.model.TaskListener;
import io.jenkins.plugins.oauthmail.account.AuthorizationStore;
import io.jenkins.plugins.oauthmail.account.TokenSources;
import io.jenkins.plugins.oauthmail.config.Grant;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Refreshes delegated grants that no build has used for a while, and those that could not be refreshed last, so that it is
 * known how long that has lasted. A refresh token at Microsoft expires if it is not used for 90 days; each use returns a
 * new one that is valid for another 90 days.
 *
 * @see <a href="https://learn.microsoft.com/entra/identity-platform/refresh-tokens">Refresh tokens</a>
 */
@Extension
@Restricted(NoExternalUse.class)
public final class KeepAlive extends AsyncPeriodicWork {
    /** Leaves more than eighty daily attempts before an idle refresh token expires. */
    private static final Duration IDLE = Duration.ofDays(7);

    public KeepAlive() {
        super("OAuth Mail keep-alive");
    }

    @Override
    public long getRecurrencePeriod() {
        return DAY;
    }

    /** Short, since a controller that is restarted every night might never reach a longer delay. */
    @Override
    public long getInitialDelay() {
        return HOUR;
    }

    @Override
    protected void execute(@NonNull TaskListener listener) throws InterruptedException {
        for (MailAccount account : OAuthMailConfiguration.get().getAccounts()) {
            try {
                TokenSources.get().saveAgain(account.getId());
                if (account.getGrant() == Grant.DELEGATED && isDue(account)) {
                    TokenSources.get().refresh(account.getId());
                    listener.getLogger().println("Refreshed the grant of mail account " + account.getId());
                }
            } catch (TokenFailure | UncheckedIOException failure) {
                listener.error("Mail account " + account.getId() + ": " + failure.getMessage());
            }
        }
    }

    private static boolean isDue(MailAccount account) {
        return OAuthMailConfiguration.get()
                .application(account.getApplication())
                .flatMap(application -> AuthorizationStore.get().find(account, application))
                .filter(authorization -> authorization.getTrouble() != null
                        || authorization.getRefreshedAt().isBefore(Instant.now().minus(IDLE)))
                .isPresent();
    }
}
