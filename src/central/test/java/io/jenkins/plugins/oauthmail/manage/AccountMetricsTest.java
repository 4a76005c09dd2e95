package io.jenkins.plugins.oauthmail.manage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.health.HealthCheck;
import hudson.ExtensionList;
import io.jenkins.plugins.oauthmail.account.ActivityEntry;
import io.jenkins.plugins.oauthmail.account.ActivityLog;
import io.jenkins.plugins.oauthmail.account.ActivitySource;
import io.jenkins.plugins.oauthmail.account.AuthorizationStore;
import io.jenkins.plugins.oauthmail.account.TokenSources;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.watch.FolderWatches;
import io.jenkins.plugins.oauthmail.watch.SharedReading;
import io.jenkins.plugins.oauthmail.watch.Waiter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jenkins.metrics.api.HealthCheckProvider;
import jenkins.metrics.api.MetricProvider;
import jenkins.metrics.api.Metrics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What other plugins can export about accounts. */
class AccountMetricsTest {
    private JenkinsRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        // The registry is that of the whole JVM.
        Metrics.metricRegistry().getCounters().keySet().forEach(Metrics.metricRegistry()::remove);
        Metrics.metricRegistry().getGauges().keySet().stream()
                .filter(name -> !name.startsWith("oauth-mail." + JenkinsRig.ACCOUNT + "."))
                .forEach(Metrics.metricRegistry()::remove);
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private static long count(String name) {
        return Metrics.metricRegistry()
                .counter("oauth-mail." + JenkinsRig.ACCOUNT + "." + name)
                .getCount();
    }

    private static void record(MailUse use, int count, Duration delay, ActivityEntry.Outcome outcome) {
        ActivityLog.get()
                .record(
                        JenkinsRig.ACCOUNT,
                        new ActivityEntry(
                                Instant.now(),
                                use,
                                ActivitySource.SEND_STEP,
                                "app",
                                1,
                                count,
                                0,
                                delay,
                                outcome,
                                null,
                                null,
                                null));
    }

    @Test
    void countsMessagesAndDelays() {
        record(MailUse.SEND, 3, Duration.ofMillis(1600), ActivityEntry.Outcome.GOOD);
        record(MailUse.SEND, 1, Duration.ofSeconds(40), ActivityEntry.Outcome.PARTLY);
        record(MailUse.SEND, 1, Duration.ZERO, ActivityEntry.Outcome.FAILED);
        record(MailUse.SEND, 1, Duration.ZERO, ActivityEntry.Outcome.UNKNOWN);
        record(MailUse.READ, 5, Duration.ZERO, ActivityEntry.Outcome.GOOD);
        assertEquals(2, count("sent"));
        assertEquals(5, count("read"));
        assertEquals(2, count("failed"));
        assertEquals(2, count("delayed"));
        assertEquals(42, count("delay-seconds"));
    }

    @Test
    void countsEachNewTokenOnce() throws Exception {
        TokenSources.get().of(JenkinsRig.ACCOUNT, MailUse.SEND).token();
        long first = count("tokens-renewed");
        assertTrue(first <= 1, "The sign-in may have got the first one.");
        TokenSources.get().of(JenkinsRig.ACCOUNT, MailUse.SEND).token();
        assertEquals(first, count("tokens-renewed"));
    }

    @Test
    void forgetsAccountsThatAreRemoved() {
        record(MailUse.SEND, 1, Duration.ofSeconds(2), ActivityEntry.Outcome.GOOD);
        OAuthMailConfiguration.get().setAccounts(List.of());
        assertEquals(Map.of(), Metrics.metricRegistry().getCounters());
    }

    private static Object gauge(String account, String name) {
        return Metrics.metricRegistry()
                .getGauges()
                .get("oauth-mail." + account + "." + name)
                .getValue();
    }

    @Test
    void showsHowManyBuildsAndTriggersWait() {
        FolderWatches.Listener build = new Waiting("app", 7);
        FolderWatches.Listener other = new Waiting("app", 8);
        FolderWatches.Listener trigger = new Waiting("app", 0);
        FolderWatches.get().join(JenkinsRig.ACCOUNT, "INBOX", build);
        FolderWatches.get().join(JenkinsRig.ACCOUNT, "Archive", other);
        FolderWatches.get().join(JenkinsRig.ACCOUNT, "INBOX", trigger);
        assertEquals(2L, gauge(JenkinsRig.ACCOUNT, "waiting-builds"));
        assertEquals(1L, gauge(JenkinsRig.ACCOUNT, "triggers"));
        FolderWatches.get().leave(JenkinsRig.ACCOUNT, "INBOX", build);
        FolderWatches.get().leave(JenkinsRig.ACCOUNT, "Archive", other);
        FolderWatches.get().leave(JenkinsRig.ACCOUNT, "INBOX", trigger);
        assertEquals(0L, gauge(JenkinsRig.ACCOUNT, "waiting-builds"));
        assertEquals(0L, gauge(JenkinsRig.ACCOUNT, "triggers"));
    }

    @Test
    void showsWhoWaitsForEachAccountThatExists() {
        List<MailAccount> accounts = OAuthMailConfiguration.get().getAccounts();
        List<MailAccount> more = new ArrayList<>(accounts);
        more.add(new MailAccount("other", "other@contoso.test", JenkinsRig.APPLICATION));
        OAuthMailConfiguration.get().setAccounts(more);
        assertEquals(0L, gauge("other", "waiting-builds"));
        OAuthMailConfiguration.get().setAccounts(accounts);
        assertEquals(
                Set.of(
                        "oauth-mail." + JenkinsRig.ACCOUNT + ".triggers",
                        "oauth-mail." + JenkinsRig.ACCOUNT + ".waiting-builds"),
                Metrics.metricRegistry().getGauges().keySet());
    }

    /** The Metrics plugin asks late, and refuses to start if a name is taken. */
    @Test
    void offersWhatTheMetricsPluginMayRegister() {
        MetricProvider provider =
                ExtensionList.lookup(MetricProvider.class).stream().findFirst().orElseThrow();
        provider.getMetricSet().getMetrics().forEach(Metrics.metricRegistry()::register);
        assertEquals(0L, gauge(JenkinsRig.ACCOUNT, "triggers"));
        OAuthMailConfiguration.get().setAccounts(List.of());
        assertEquals(Set.of(), Metrics.metricRegistry().getGauges().keySet());
    }

    private record Waiting(String job, int build) implements FolderWatches.Listener {
        @Override
        public void checkForMail(SharedReading shared) {}

        @Override
        public void checkFailed(Throwable failure) {}

        @Override
        public void watchFailed(MailFailure failure) {}

        @Override
        public Optional<Waiter> waiter() {
            return Optional.of(new Waiter(job, build, JenkinsRig.ACCOUNT, "INBOX", "", null));
        }
    }

    @Test
    void isUnhealthyWhileAnAccountNeedsSomebody() throws IOException {
        HealthCheck check = ExtensionList.lookup(HealthCheckProvider.class).stream()
                .map(HealthCheckProvider::getHealthChecks)
                .map(checks -> checks.get("oauth-mail"))
                .findFirst()
                .orElseThrow();
        assertTrue(check.execute().isHealthy());
        AuthorizationStore.get().forget(JenkinsRig.ACCOUNT);
        HealthCheck.Result result = check.execute();
        assertFalse(result.isHealthy());
        assertTrue(result.getMessage().startsWith("1 problem needs"), result.getMessage());
        assertFalse(result.getMessage().contains(JenkinsRig.ACCOUNT), result.getMessage());
    }
}
