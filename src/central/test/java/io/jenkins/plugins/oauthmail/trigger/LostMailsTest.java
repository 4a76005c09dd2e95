package io.jenkins.plugins.oauthmail.trigger;

import static io.jenkins.plugins.oauthmail.trigger.TriggerRig.ANN;
import static io.jenkins.plugins.oauthmail.trigger.TriggerRig.from;
import static io.jenkins.plugins.oauthmail.trigger.TriggerRig.queue;
import static io.jenkins.plugins.oauthmail.trigger.TriggerRig.queuedSubjects;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.init.InitMilestone;
import hudson.model.Queue;
import io.jenkins.inmemory.InMemoryJenkins;
import io.jenkins.inmemory.InMemoryRun;
import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.testing.mail.OnEveryServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A mail starts one build at most, whenever the controller dies, and none goes unnoticed. */
@OnEveryServer
@Timeout(60)
class LostMailsTest {
    private TriggerRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = new TriggerRig();
        rig.watch(from(ANN));
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private void queued(String subject) throws Exception {
        int before = queue().size();
        rig.mail(ANN, subject);
        Await.until(() -> queue().size() == before + 1);
    }

    private List<String> lost() throws Exception {
        return rig.journal().lost().stream().map(ArrivedMail::getSubject).toList();
    }

    @Test
    void reportsBuildsLostInACrashWithoutStartingThem() throws Exception {
        queued("deploy");
        rig.crash();
        StringBuilder log = new StringBuilder();
        Handler handler = listen(log);
        try {
            rig.mail(ANN, "came while nobody looked");
            rig.start(from(ANN));
            Await.until(() -> queue().size() == 1);
        } finally {
            Logger.getLogger(LostMails.class.getName()).removeHandler(handler);
        }
        assertEquals(List.of("came while nobody looked"), queuedSubjects());
        assertEquals(List.of("deploy"), lost());
        assertTrue(log.toString().contains(ANN) && log.toString().contains(TriggerRig.JOB), log::toString);
        assertEquals(
                List.of("deploy"),
                page().getLost().stream().map(ArrivedMail::getSubject).toList());
    }

    @Test
    void deletesOnlyLeftoversOfKilledWrites() throws Exception {
        queued("deploy");
        Path folder = rig.deploy().getRootDir().toPath().resolve("oauth-mail");
        List<String> before = names(folder);
        rig.crash();
        Files.writeString(folder.resolve("7-8-abc12345.json"), "{}");
        Files.writeString(folder.resolve("atomic123456.tmp"), "half");
        Files.writeString(folder.resolve("notes.json"), "somebody's");
        Files.writeString(folder.getParent().resolve("atomic1.tmp"), "of another plugin");
        rig.start(from(ANN));
        Await.until(() -> !lost().isEmpty());
        List<String> after = new ArrayList<>(before);
        after.add("notes.json");
        after.sort(null);
        assertEquals(after, names(folder));
        assertTrue(Files.exists(folder.getParent().resolve("atomic1.tmp")));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private MailTriggerAction page() {
        return (MailTriggerAction) rig.trigger().getProjectActions().iterator().next();
    }

    private static Handler listen(StringBuilder log) {
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                log.append(line.getMessage()).append(List.of(line.getParameters()));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger.getLogger(LostMails.class.getName()).addHandler(handler);
        return handler;
    }

    @Test
    void lostMessageCanBeStartedOnceOrDismissed() throws Exception {
        queued("deploy");
        queued("rollback");
        rig.crash();
        rig.start(from(ANN));
        assertEquals(List.of("deploy", "rollback"), lost());
        String deploy = rig.journal().lost().get(0).key();
        String rollback = rig.journal().lost().get(1).key();
        page().doStart(rig.deploy(), deploy);
        page().doStart(rig.deploy(), deploy);
        assertEquals(List.of("deploy"), queuedSubjects());
        page().doDismiss(rig.deploy(), deploy);
        assertEquals(1, rig.journal().pending().size(), "dismissed what is not lost");
        page().doDismiss(rig.deploy(), rollback);
        assertEquals(List.of(), lost());
        InMemoryRun build = rig.begin(queue().get(0));
        assertTrue(MailFile.of(build).exists());
        assertEquals(List.of(), rig.journal().pending());
    }

    @Test
    void buildStartedJustBeforeTheCrashIsNotLost() throws Exception {
        queued("deploy");
        ArrivedMail mail = queue().get(0).getAction(ArrivedMail.class);
        rig.crash();
        // Its build was saved, but the journal was not.
        rig.deploy().build().addAction(mail);
        rig.deploy().getLastBuild().getRootDir().mkdirs();
        rig.start(from(ANN));
        assertEquals(List.of(), lost());
        assertEquals(List.of(), rig.journal().pending());
        assertTrue(MailFile.of(rig.deploy().getLastBuild()).exists());
    }

    @Test
    void queuedBuildIsNotLost() throws Exception {
        queued("deploy");
        ArrivedMail mail = queue().get(0).getAction(ArrivedMail.class);
        rig.crash();
        Queue.getInstance().schedule2(rig.deploy(), 0, List.of(mail));
        rig.start(from(ANN));
        assertEquals(List.of(), lost());
        assertNull(new MailBuilds.Once().canRun(queue().get(0)));
    }

    @Test
    void outdatedQueueStartsNoBuildTwice() throws Exception {
        queued("deploy");
        ArrivedMail mail = queue().get(0).getAction(ArrivedMail.class);
        rig.begin(queue().get(0));
        rig.crash();
        Queue.getInstance().schedule2(rig.deploy(), 0, List.of(mail));
        assertNotNull(new MailBuilds.Once().canRun(queue().get(0)));
        Await.until(() -> queue().isEmpty());
        rig.start(from(ANN));
        assertEquals(List.of(), lost());
    }

    /** The build was saved, but neither journal nor queue; the queue asks before anybody looks for lost mails. */
    @Test
    void outdatedQueueAndJournalStartNoBuildTwice() throws Exception {
        queued("deploy");
        ArrivedMail mail = queue().get(0).getAction(ArrivedMail.class);
        rig.crash();
        rig.deploy().build().addAction(mail);
        rig.deploy().getLastBuild().getRootDir().mkdirs();
        Queue.getInstance().schedule2(rig.deploy(), 0, List.of(mail));
        Queue.Item item = queue().get(0);
        assertNotNull(new MailBuilds.Once().canRun(item));
        Await.until(() -> rig.journal().pending().isEmpty());
        assertNotNull(new MailBuilds.Once().canRun(item));
        Await.until(() -> queue().isEmpty());
        assertEquals(List.of(), lost());
    }

    /** As with Job DSL in configuration as code, which saves jobs while the controller starts. */
    @Test
    void reportsNothingLostBeforeTheQueueIsLoaded() throws Exception {
        queued("deploy");
        ArrivedMail mail = queue().get(0).getAction(ArrivedMail.class);
        rig.crash();
        InMemoryJenkins.current().initLevel(InitMilestone.JOB_LOADED);
        int before = rig.jenkins().visits();
        rig.start(from(ANN));
        assertEquals(List.of(), lost());
        assertEquals(before, rig.jenkins().visits());
        Queue.getInstance().schedule2(rig.deploy(), 0, List.of(mail));
        InMemoryJenkins.current().initLevel(InitMilestone.COMPLETED);
        rig.trigger().run();
        assertEquals(List.of(), lost());
        assertNull(new MailBuilds.Once().canRun(queue().get(0)));
    }

    @Test
    void clockSetBackHidesNoLostMessage() throws Exception {
        queued("deploy");
        rig.crash();
        Path journal = rig.deploy().getRootDir().toPath().resolve("oauth-mail/trigger.xml");
        Files.writeString(
                journal, Files.readString(journal).replaceAll("<recorded>\\d+", "<recorded>" + Long.MAX_VALUE));
        rig.start(from(ANN));
        assertEquals(List.of("deploy"), lost());
    }

    @Test
    void reportsALostMessageUntilSomebodyDecides() throws Exception {
        queued("deploy");
        ArrivedMail mail = queue().get(0).getAction(ArrivedMail.class);
        rig.crash();
        rig.start(from(ANN));
        Queue.getInstance().schedule2(rig.deploy(), 0, List.of(mail));
        assertNotNull(new MailBuilds.Once().canRun(queue().get(0)));
        Await.until(() -> queue().isEmpty());
        assertEquals(List.of("deploy"), lost());
    }

    @Test
    void onlyOneOfTwoWatchesRecordsAMessage() throws Exception {
        var here = rig.journal().position(JenkinsRig.ACCOUNT, "INBOX");
        queued("deploy");
        ArrivedMail mail = queue().get(0).getAction(ArrivedMail.class);
        assertFalse(rig.journal().move(rig.progress(here, false), java.util.Map.of()));
        assertTrue(rig.journal().isPending(mail));
    }
}
