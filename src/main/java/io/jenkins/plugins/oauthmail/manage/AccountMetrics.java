package io.jenkins.plugins.oauthmail.manage;

import com.codahale.metrics.Counter;
import com.codahale.metrics.health.HealthCheck;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import io.jenkins.plugins.oauthmail.account.ActivityEntry;
import io.jenkins.plugins.oauthmail.account.ActivitySource;
import io.jenkins.plugins.oauthmail.account.UsageListener;
import io.jenkins.plugins.oauthmail.config.AccountsListener;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import jenkins.metrics.api.HealthCheckProvider;
import jenkins.metrics.api.Metrics;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Counts what accounts do in the registry of the Metrics plugin, from which other plugins export it, and checks their
 * health. Without that plugin Jenkins cannot load this extension and ignores it.
 */
@Extension(optional = true)
@Restricted(NoExternalUse.class)
public final class AccountMetrics extends HealthCheckProvider implements UsageListener, AccountsListener {
    static final String PREFIX = "oauth-mail.";

    private final Set<String> counted = ConcurrentHashMap.newKeySet();

    /** What is counted for each account. The names are part of what is exported. */
    private enum Count {
        SENT("sent"),
        READ("read"),
        FAILED("failed"),
        DELAYED("delayed"),
        DELAY_SECONDS("delay-seconds"),
        TOKENS_RENEWED("tokens-renewed");

        private final String name;

        Count(String name) {
            this.name = name;
        }

        String of(String accountId) {
            return PREFIX + accountId + '.' + name;
        }
    }

    @Override
    public void used(@NonNull String accountId, @NonNull ActivityEntry entry) {
        if (entry.source() == ActivitySource.OTHER_PLUGIN) {
            // It got a token; what it sends is not known here.
            return;
        }
        if (entry.outcome() == ActivityEntry.Outcome.FAILED || entry.outcome() == ActivityEntry.Outcome.UNKNOWN) {
            counter(accountId, Count.FAILED).inc();
        } else if (entry.use() == MailUse.SEND) {
            counter(accountId, Count.SENT).inc();
        } else {
            counter(accountId, Count.READ).inc(entry.count());
        }
        if (!entry.delay().isZero()) {
            counter(accountId, Count.DELAYED).inc();
            counter(accountId, Count.DELAY_SECONDS)
                    .inc(entry.delay().plusMillis(500).toSeconds());
        }
    }

    @Override
    public void tokenRenewed(@NonNull String accountId) {
        counter(accountId, Count.TOKENS_RENEWED).inc();
    }

    private Counter counter(String accountId, Count count) {
        counted.add(accountId);
        return Metrics.metricRegistry().counter(count.of(accountId));
    }

    /** Removes the counters of accounts that no longer exist. */
    @Override
    public void changed() {
        Set<String> known = OAuthMailConfiguration.get().getAccounts().stream()
                .map(MailAccount::getId)
                .collect(Collectors.toSet());
        for (String accountId : counted) {
            if (!known.contains(accountId)) {
                counted.remove(accountId);
                for (Count count : Count.values()) {
                    Metrics.metricRegistry().remove(count.of(accountId));
                }
            }
        }
    }

    @NonNull
    @Override
    public Map<String, HealthCheck> getHealthChecks() {
        return Map.of("oauth-mail", new Health());
    }

    /** Unhealthy while an administrator has to do something; what, only administrators may read. */
    private static final class Health extends HealthCheck {
        @Override
        protected Result check() {
            long urgent = Problems.at(Clock.systemUTC().instant()).stream()
                    .filter(Problem::urgent)
                    .count();
            return urgent == 0 ? Result.healthy() : Result.unhealthy(Messages.AccountMetrics_unhealthy(urgent));
        }
    }
}
