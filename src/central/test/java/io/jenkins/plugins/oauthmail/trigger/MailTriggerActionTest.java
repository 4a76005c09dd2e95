package io.jenkins.plugins.oauthmail.trigger;

import static io.jenkins.plugins.oauthmail.trigger.TriggerRig.ANN;
import static io.jenkins.plugins.oauthmail.trigger.TriggerRig.from;
import static io.jenkins.plugins.oauthmail.trigger.TriggerRig.queue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Item;
import io.jenkins.plugins.oauthmail.account.ActivityLog;
import io.jenkins.plugins.oauthmail.account.ActivitySource;
import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.watch.FolderWatches;
import io.jenkins.plugins.oauthmail.watch.Waiter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the page of a job says about its trigger. */
@Timeout(60)
class MailTriggerActionTest {
    private TriggerRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = new TriggerRig();
        rig.jenkins().jenkins().grant("viewer", Item.READ);
        rig.jenkins().jenkins().grant("author", Item.READ, Item.CONFIGURE);
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private MailTriggerAction page() {
        return new MailTriggerAction(rig.trigger());
    }

    private void awaitVerdict(String text) throws Exception {
        Await.until(() -> page().getLast() != null && page().getLast().getText().equals(text));
    }

    @Test
    void showsWhatTheTriggerWatches() throws Exception {
        OAuthMailTrigger trigger = from(ANN);
        trigger.setSubject("deploy");
        rig.watch(trigger);
        Await.until(() -> page().getLooked() != null);
        assertEquals(JenkinsRig.ACCOUNT, page().getAccount());
        assertEquals("from ann@contoso.test; subject with deploy", page().getConditions());
        assertFalse(page().getSince().after(page().getLooked()));
        assertNull(page().getLast());
        assertEquals(
                List.of(new Waiter(
                        TriggerRig.JOB,
                        0,
                        JenkinsRig.ACCOUNT,
                        "INBOX",
                        "from ann@contoso.test; subject with deploy",
                        null)),
                FolderWatches.get().waiters(JenkinsRig.ACCOUNT));
        rig.trigger().stop();
        assertNull(page().getSince());
        assertEquals(List.of(), FolderWatches.get().waiters(JenkinsRig.ACCOUNT));
    }

    @Test
    void showsWhatBecameOfTheLastMessage() throws Exception {
        rig.watch(from("@contoso.test"));
        rig.mail(ANN, "first", "Message-ID: <one@contoso.test>");
        awaitVerdict(Messages.LastMail_started());
        assertEquals(ANN, page().getLast().getFrom());
        assertEquals("first", page().getLast().getSubject());
        Await.until(() -> queue().size() == 1);
        rig.mail(ANN, "out of office", "Auto-Submitted: auto-replied");
        awaitVerdict(Messages.LastMail_automatic());
        rig.mail("mallory@contoso.test.evil.test", "let me in");
        awaitVerdict(Messages.LastMail_otherSender());
        assertEquals(1, queue().size());
        rig.jenkins().mail().revise(JenkinsRig.ADDRESS, "INBOX", 0);
        rig.mail("mallory@contoso.test.evil.test", "again");
        Await.until(() -> page().getLast().getSubject().equals("again"));
    }

    @Test
    void lastMessageSurvivesACrash() throws Exception {
        rig.watch(from(ANN));
        rig.mail(ANN, "out of office \u0000\uFFFF", "Auto-Submitted: auto-replied");
        awaitVerdict(Messages.LastMail_automatic());
        rig.crash();
        rig.start(from(ANN));
        assertNotNull(page().getLast());
        assertEquals(Messages.LastMail_automatic(), page().getLast().getText());
    }

    @Test
    void showsRejectedMailToThoseWhoMayConfigureTheJob() throws Exception {
        rig.watch(from(ANN));
        try (var viewer = rig.jenkins().jenkins().as("viewer")) {
            assertNull(page().getConditions());
            assertFalse(page().isConfigured());
        }
        try (var author = rig.jenkins().jenkins().as("author")) {
            assertNotNull(page().getConditions());
            assertTrue(page().isConfigured());
        }
    }

    @Test
    void recordsStartedBuildsInTheActivity() throws Exception {
        rig.watch(from(ANN));
        rig.mail(ANN, "first");
        Await.until(() -> queue().size() == 1);
        List<String> uses = new ArrayList<>();
        ActivityLog.get().read(JenkinsRig.ACCOUNT, entry -> {
            if (entry.source() == ActivitySource.TRIGGER) {
                uses.add(entry.job() + " " + entry.count());
            }
        });
        assertEquals(List.of(TriggerRig.JOB + " 1"), uses);
    }
}
