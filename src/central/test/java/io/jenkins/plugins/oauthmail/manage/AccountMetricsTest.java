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
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import jenkins.metrics.api.HealthCheckProvider;
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
