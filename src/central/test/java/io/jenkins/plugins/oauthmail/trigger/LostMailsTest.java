package io.jenkins.plugins.oauthmail.trigger;

import static io.jenkins.plugins.oauthmail.trigger.TriggerStage.ANN;
import static io.jenkins.plugins.oauthmail.trigger.TriggerStage.await;
import static io.jenkins.plugins.oauthmail.trigger.TriggerStage.from;
import static io.jenkins.plugins.oauthmail.trigger.TriggerStage.queue;
import static io.jenkins.plugins.oauthmail.trigger.TriggerStage.queuedSubjects;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.init.InitMilestone;
import hudson.model.Queue;
import io.jenkins.inmemory.InMemoryJenkins;
import io.jenkins.inmemory.InMemoryRun;
import io.jenkins.plugins.oauthmail.demo.Stage;
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
@Timeout(60)
class LostMailsTest {
    private TriggerStage stage;

    @BeforeEach
    void open() throws Exception {
        stage = new TriggerStage();
        stage.watch(from(ANN));
    }

    @AfterEach
    void close() throws Exception {
        stage.close();
    }

    private void queued(String subject) throws Exception {
        int before = queue().size();
        stage.mail(ANN, subject);
        await(() -> queue().size() == before + 1);
    }

    private List<String> lost() throws Exception {
        return stage.journal().lost().stream().map(ArrivedMail::getSubject).toList();
    }

    @Test
    void aBuildThatACrashTookOutOfTheQueueIsNamedAndNotStarted() throws Exception {
        queued("deploy");
        stage.crash();
        StringBuilder log = new StringBuilder();
        Handler handler = listen(log);
        try {
            stage.mail(ANN, "came while nobody looked");
            stage.start(from(ANN));
            await(() -> queue().size() == 1);
        } finally {
            Logger.getLogger(LostMails.class.getName()).removeHandler(handler);
        }
        assertEquals(List.of("came while nobody looked"), queuedSubjects());
        assertEquals(List.of("deploy"), lost());
        assertTrue(log.toString().contains(ANN) && log.toString().contains(TriggerStage.JOB), log::toString);
        assertEquals(
                List.of("deploy"),
                page().getLost().stream().map(ArrivedMail::getSubject).toList());
    }

    @Test
    void whatAKilledWriteHasLeftIsDeletedAtTheNextStartAndNothingElse() throws Exception {
        queued("deploy");
        Path folder = stage.deploy().getRootDir().toPath().resolve("oauth-mail");
        List<String> before = names(folder);
        stage.crash();
        Files.writeString(folder.resolve("7-8-abc12345.json"), "{}");
        Files.writeString(folder.resolve("atomic123456.tmp"), "half");
        Files.writeString(folder.resolve("notes.json"), "somebody's");
        Files.writeString(folder.getParent().resolve("atomic1.tmp"), "of another plugin");
        stage.start(from(ANN));
        await(() -> !lost().isEmpty());
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
        return (MailTriggerAction)
                stage.trigger().getProjectActions().iterator().next();
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
    void aLostMailCanBeStartedOnceOrDismissed() throws Exception {
        queued("deploy");
        queued("rollback");
        stage.crash();
        stage.start(from(ANN));
        assertEquals(List.of("deploy", "rollback"), lost());
        String deploy = stage.journal().lost().get(0).key();
        String rollback = stage.journal().lost().get(1).key();
        page().doStart(stage.deploy(), deploy);
        page().doStart(stage.deploy(), deploy);
        assertEquals(List.of("deploy"), queuedSubjects());
        page().doDismiss(stage.deploy(), deploy);
        assertEquals(1, stage.journal().pending().size(), "dismissed what is not lost");
        page().doDismiss(stage.deploy(), rollback);
        assertEquals(List.of(), lost());
        InMemoryRun build = stage.begin(queue().get(0));
        assertTrue(MailFile.of(build).exists());
        assertEquals(List.of(), stage.journal().pending());
    }

    @Test
    void aBuildThatBeganJustBeforeTheCrashIsNotLost() throws Exception {
        queued("deploy");
        ArrivedMail mail = queue().get(0).getAction(ArrivedMail.class);
        stage.crash();
        // Its build was saved, but the journal was not.
        stage.deploy().build().addAction(mail);
        stage.deploy().getLastBuild().getRootDir().mkdirs();
        stage.start(from(ANN));
        assertEquals(List.of(), lost());
        assertEquals(List.of(), stage.journal().pending());
        assertTrue(MailFile.of(stage.deploy().getLastBuild()).exists());
    }

    @Test
    void aBuildThatIsStillInTheQueueIsNotLost() throws Exception {
        queued("deploy");
        ArrivedMail mail = queue().get(0).getAction(ArrivedMail.class);
        stage.crash();
        Queue.getInstance().schedule2(stage.deploy(), 0, List.of(mail));
        stage.start(from(ANN));
        assertEquals(List.of(), lost());
        assertNull(new MailBuilds.Once().canRun(queue().get(0)));
    }

    @Test
    void aQueueThatIsOlderThanTheBuildsStartsNoneTwice() throws Exception {
        queued("deploy");
        ArrivedMail mail = queue().get(0).getAction(ArrivedMail.class);
        stage.begin(queue().get(0));
        stage.crash();
        Queue.getInstance().schedule2(stage.deploy(), 0, List.of(mail));
        assertNotNull(new MailBuilds.Once().canRun(queue().get(0)));
        await(() -> queue().isEmpty());
        stage.start(from(ANN));
        assertEquals(List.of(), lost());
    }

    /** The build was saved, but neither journal nor queue; the queue asks before anybody looks for lost mails. */
    @Test
    void aQueueAndAJournalThatAreOlderThanTheBuildsStartNoneTwice() throws Exception {
        queued("deploy");
        ArrivedMail mail = queue().get(0).getAction(ArrivedMail.class);
        stage.crash();
        stage.deploy().build().addAction(mail);
        stage.deploy().getLastBuild().getRootDir().mkdirs();
        Queue.getInstance().schedule2(stage.deploy(), 0, List.of(mail));
        Queue.Item item = queue().get(0);
        assertNotNull(new MailBuilds.Once().canRun(item));
        await(() -> stage.journal().pending().isEmpty());
        assertNotNull(new MailBuilds.Once().canRun(item));
        await(() -> queue().isEmpty());
        assertEquals(List.of(), lost());
    }

    /** As with Job DSL in configuration as code, which saves jobs while the controller starts. */
    @Test
    void nothingIsLostBeforeTheQueueIsLoaded() throws Exception {
        queued("deploy");
        ArrivedMail mail = queue().get(0).getAction(ArrivedMail.class);
        stage.crash();
        InMemoryJenkins.current().initLevel(InitMilestone.JOB_LOADED);
        int before = stage.stage().mail().imapConnections();
        stage.start(from(ANN));
        assertEquals(List.of(), lost());
        assertEquals(before, stage.stage().mail().imapConnections());
        Queue.getInstance().schedule2(stage.deploy(), 0, List.of(mail));
        InMemoryJenkins.current().initLevel(InitMilestone.COMPLETED);
        stage.trigger().run();
        assertEquals(List.of(), lost());
        assertNull(new MailBuilds.Once().canRun(queue().get(0)));
    }

    @Test
    void aClockThatWasPutBackHidesNoLostMail() throws Exception {
        queued("deploy");
        stage.crash();
        Path journal = stage.deploy().getRootDir().toPath().resolve("oauth-mail/trigger.xml");
        Files.writeString(
                journal, Files.readString(journal).replaceAll("<recorded>\\d+", "<recorded>" + Long.MAX_VALUE));
        stage.start(from(ANN));
        assertEquals(List.of("deploy"), lost());
    }

    @Test
    void aLostMailIsNamedUntilSomebodyDecides() throws Exception {
        queued("deploy");
        ArrivedMail mail = queue().get(0).getAction(ArrivedMail.class);
        stage.crash();
        stage.start(from(ANN));
        Queue.getInstance().schedule2(stage.deploy(), 0, List.of(mail));
        assertNotNull(new MailBuilds.Once().canRun(queue().get(0)));
        await(() -> queue().isEmpty());
        assertEquals(List.of("deploy"), lost());
    }

    @Test
    void twoWhoLookFromTheSamePlaceDoNotBothTakeTheMail() throws Exception {
        var here = stage.journal().position(Stage.ACCOUNT, "INBOX");
        queued("deploy");
        ArrivedMail mail = queue().get(0).getAction(ArrivedMail.class);
        assertFalse(stage.journal().move(Stage.ACCOUNT, "INBOX", here, here, java.util.Map.of()));
        assertTrue(stage.journal().isPending(mail));
    }
}
