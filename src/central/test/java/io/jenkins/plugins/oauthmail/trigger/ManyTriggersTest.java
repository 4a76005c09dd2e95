package io.jenkins.plugins.oauthmail.trigger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.inmemory.InMemoryJenkins;
import io.jenkins.inmemory.InMemoryJob;
import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.testing.ManyWaits;
import io.jenkins.plugins.oauthmail.testing.mail.OnEveryServer;
import jakarta.mail.Flags;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** However many jobs mail starts, the mail server is asked for one. */
@OnEveryServer
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ManyTriggersTest {
    private static final int MANY = 50;
    private static final int MAX_COMMANDS = 12;

    private final List<OAuthMailTrigger> triggers = new ArrayList<>();
    private JenkinsRig rig;
    private ManyWaits waits;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
        waits = new ManyWaits(rig, "demo/pipeline");
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        deliver("an old one");
        for (int i = 0; i < MANY; i++) {
            InMemoryJob job = new InMemoryJob("demo/deploy-" + i);
            InMemoryJenkins.current().items().add(job);
            OAuthMailTrigger trigger = new OAuthMailTrigger(JenkinsRig.ACCOUNT);
            trigger.setFrom("ann@contoso.test");
            trigger.setSubject("deploy " + i + " now");
            triggers.add(trigger);
            job.trigger(trigger);
            trigger.start(job, true);
            Await.until(() -> ArrivalJournal.of(job).position(JenkinsRig.ACCOUNT, "INBOX") != null);
        }
        waits.settle();
    }

    @AfterEach
    void close() throws Exception {
        triggers.forEach(OAuthMailTrigger::stop);
        waits.close();
        rig.close();
    }

    private void deliver(String subject) {
        rig.mail().deliver(JenkinsRig.ADDRESS, "INBOX", ManyWaits.mail(subject), Instant.now(), new Flags());
    }

    @Test
    void fetchesAMessageForOneOnce() throws Exception {
        deliver("deploy 17 now");
        Await.until(() -> TriggerRig.queue().size() == 1);
        assertCheap();
        assertEquals(List.of("deploy 17 now"), TriggerRig.queuedSubjects());
    }

    @Test
    void messageForNobodyCostsTheSame() throws Exception {
        deliver("for nobody");
        assertCheap();
        assertEquals(0, TriggerRig.queue().size());
    }

    private void assertCheap() throws Exception {
        waits.awaitAll();
        assertTrue(waits.connections() <= 1, () -> waits.connections() + " connections");
        assertTrue(waits.commands().size() <= MAX_COMMANDS, () -> String.join("\n", waits.commands()));
    }
}
