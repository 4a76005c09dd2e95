package io.jenkins.plugins.oauthmail.manage;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.Metric;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.MetricSet;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import io.jenkins.plugins.oauthmail.config.AccountsListener;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.watch.FolderWatches;
import io.jenkins.plugins.oauthmail.watch.Waiter;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import jenkins.metrics.api.MetricProvider;
import jenkins.metrics.api.Metrics;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Shows in the registry of the Metrics plugin how many builds and triggers wait for mail of each account. Without that
 * plugin Jenkins cannot load this extension and ignores it.
 */
@Extension(optional = true)
@Restricted(NoExternalUse.class)
public final class WaitingMetrics extends MetricProvider implements AccountsListener {
    private Set<String> measured = Set.of();

    /** The metrics of the accounts that exist when Jenkins starts; the Metrics plugin registers them. */
    @NonNull
    @Override
    public synchronized MetricSet getMetricSet() {
        measured = accountIds();
        Map<String, Metric> metrics = new HashMap<>();
        measured.forEach(accountId -> metrics.putAll(gauges(accountId)));
        // Accounts may have been defined before the Metrics plugin asked, and it does not accept a name twice.
        metrics.keySet().forEach(Metrics.metricRegistry()::remove);
        return () -> metrics;
    }

    @Override
    public synchronized void changed() {
        MetricRegistry registry = Metrics.metricRegistry();
        Set<String> now = accountIds();
        for (String accountId : measured) {
            if (!now.contains(accountId)) {
                gauges(accountId).keySet().forEach(registry::remove);
            }
        }
        for (String accountId : now) {
            if (!measured.contains(accountId)) {
                gauges(accountId).forEach((name, gauge) -> {
                    registry.remove(name);
                    registry.register(name, gauge);
                });
            }
        }
        measured = now;
    }

    private static Set<String> accountIds() {
        return OAuthMailConfiguration.get().getAccounts().stream()
                .map(MailAccount::getId)
                .collect(Collectors.toSet());
    }

    /** By name, which is part of what is exported. */
    private static Map<String, Gauge<Long>> gauges(String accountId) {
        String prefix = AccountMetrics.PREFIX + accountId;
        return Map.of(
                prefix + ".waiting-builds", () -> waiting(accountId, waiter -> waiter.build() != 0),
                prefix + ".triggers", () -> waiting(accountId, waiter -> waiter.build() == 0));
    }

    private static long waiting(String accountId, Predicate<Waiter> who) {
        return FolderWatches.get().waiters(accountId).stream().filter(who).count();
    }
}
