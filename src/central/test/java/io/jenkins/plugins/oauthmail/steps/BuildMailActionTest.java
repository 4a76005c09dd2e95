package io.jenkins.plugins.oauthmail.steps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.AbortException;
import hudson.model.Item;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.inmemory.Binder;
import io.jenkins.inmemory.InMemoryJob;
import io.jenkins.inmemory.InMemoryRun;
import io.jenkins.inmemory.InMemoryStepContext;
import io.jenkins.plugins.oauthmail.jobs.BuildMail;
import io.jenkins.plugins.oauthmail.jobs.BuildMails;
import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The page of a build names the mail that it sent and the mail that it waits for. */
@Timeout(60)
class BuildMailActionTest {
    private JenkinsRig rig;
    private InMemoryRun build;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        build = new InMemoryJob("demo/deploy").build();
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private InMemoryStepContext pipeline() {
        return new InMemoryStepContext().with(Run.class, build).with(TaskListener.class, TaskListener.NULL);
    }

    private void send(String to, String subject) throws Exception {
        pipeline()
                .run(Binder.bind(
                        OAuthMailSendStep.class,
                        Map.of("account", JenkinsRig.ACCOUNT, "to", to, "subject", subject, "body", "b")));
    }

    private List<BuildMailAction> pages() {
        return new BuildMailAction.Factory()
                .createFor(build).stream().map(BuildMailAction.class::cast).toList();
    }

    @Test
    void buildWithoutMailHasNoPage() {
        assertEquals(List.of(), pages());
    }

    @Test
    void listsMessagesWithTheirResult() throws Exception {
        send(JenkinsRig.ADDRESS, "one \uFFFF");
        assertThrows(AbortException.class, () -> send("no address", "two"));
        List<BuildMail> mails = pages().get(0).getMails();
        assertEquals(2, mails.size());
        assertTrue(mails.get(0).isGood());
        assertEquals(JenkinsRig.ADDRESS, mails.get(0).getRecipients());
        assertEquals("oauthMailSend", mails.get(0).getStep());
        assertEquals("one \uFFFD", mails.get(0).getSubject());
        assertTrue(mails.get(1).isFailed());
        assertTrue(
                mails.get(1).getSentence().contains("no address"), mails.get(1).getSentence());
        assertEquals(List.of(), pages().get(0).getWaits());
    }

    @Test
    void storesTheListUnderStableNames() throws Exception {
        BuildMails.nameInFiles();
        send(JenkinsRig.ADDRESS, "one");
        String xml = Run.XSTREAM2.toXML(BuildMails.find(build));
        assertTrue(xml.contains("<oauthMail.buildMails>"), xml);
        assertTrue(xml.contains("<oauthMail.buildMail>"), xml);
        assertFalse(xml.contains("io.jenkins"), xml);
        BuildMails again = (BuildMails) Run.XSTREAM2.fromXML(xml);
        assertEquals("one", again.getMails().get(0).getSubject());
        assertTrue(again.getMails().get(0).isGood());
    }

    /** Otherwise the directory of a build could come back that is being deleted. */
    @Test
    void isSavedWithTheLockWithWhichJenkinsDeletes() throws Exception {
        Files.createDirectories(build.getRootDir().toPath());
        CompletableFuture<Boolean> locked = new CompletableFuture<>();
        build.onSave(() -> locked.complete(Thread.holdsLock(build)));
        send(JenkinsRig.ADDRESS, "one");
        assertTrue(locked.get(1, TimeUnit.MINUTES));
    }

    @Test
    void keepsTheLastMessagesOnly() throws Exception {
        for (int i = 1; i <= 203; i++) {
            assertThrows(AbortException.class, () -> send("no address", "mail"));
        }
        assertEquals(200, pages().get(0).getMails().size());
        assertEquals(3, pages().get(0).getEarlier());
    }

    @Test
    void listsWhatABuildWaitsFor() throws Exception {
        rig.jenkins().grant("viewer", Item.READ);
        InMemoryStepContext context = pipeline();
        Step step = Binder.bind(
                OAuthMailReadStep.class,
                Map.of("account", JenkinsRig.ACCOUNT, "waitFor", "1h", "subject", "go", "unseen", true));
        step.start(context).start();
        Await.until(() -> !pages().isEmpty());
        BuildMailAction.Wait wait = pages().get(0).getWaits().get(0);
        assertEquals("subject with go; unseen", wait.getWhat());
        assertEquals("INBOX", wait.getFolder());
        assertEquals(JenkinsRig.ACCOUNT, wait.getAccount());
        assertTrue(wait.getUntil().getTime() > System.currentTimeMillis() + 3_000_000);
        try (var viewer = rig.jenkins().as("viewer")) {
            assertNull(pages().get(0).getWaits().get(0).getWhat());
        }
        send(JenkinsRig.ADDRESS, "go");
        Await.until(() -> pages().get(0).getWaits().isEmpty());
    }
}
