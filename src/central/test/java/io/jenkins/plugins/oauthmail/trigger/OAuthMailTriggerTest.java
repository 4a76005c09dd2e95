package io.jenkins.plugins.oauthmail.trigger;

import static io.jenkins.plugins.oauthmail.trigger.TriggerStage.ANN;
import static io.jenkins.plugins.oauthmail.trigger.TriggerStage.await;
import static io.jenkins.plugins.oauthmail.trigger.TriggerStage.from;
import static io.jenkins.plugins.oauthmail.trigger.TriggerStage.queue;
import static io.jenkins.plugins.oauthmail.trigger.TriggerStage.queuedSubjects;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Queue;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.demo.Stage;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which mail starts a build, and with what. */
@Timeout(60)
class OAuthMailTriggerTest {
    private TriggerStage stage;

    @BeforeEach
    void open() throws Exception {
        stage = new TriggerStage();
    }

    @AfterEach
    void close() throws Exception {
        stage.close();
    }

    private String trouble() {
        return stage.trigger().watch().orElseThrow().trouble();
    }

    @Test
    void twoMailsThatComeTogetherStartOneBuildEach() throws Exception {
        stage.mail(ANN, "was there before");
        stage.watch(from(ANN));
        stage.mail("Ann <ANN@contoso.test>", "first");
        stage.mail(ANN, "second");
        await(() -> queue().size() == 2);
        assertEquals(List.of("first", "second"), queuedSubjects());
        assertEquals(2, stage.journal().pending().size());
        assertNull(trouble());
    }

    @Test
    void onlyTheAddressOfASenderCounts() throws Exception {
        OAuthMailTrigger trigger = from(ANN + ", @ops.contoso.test");
        trigger.setSubject("deploy");
        stage.watch(trigger);
        stage.mail("\"" + ANN + "\" <eve@evil.test>", "deploy: by name");
        stage.mail("x" + ANN, "deploy: by a longer address");
        stage.mail("eve@contoso.test.evil.test, " + ANN, "deploy: by two");
        stage.mail("eve@evil-ops.contoso.test", "deploy: by a longer domain");
        stage.mail(ANN, "something else");
        stage.mail("carl@OPS.contoso.test", "deploy: by a domain");
        stage.mail(ANN, "Deploy: by an address");
        await(() -> queue().size() == 2);
        assertEquals(List.of("deploy: by a domain", "Deploy: by an address"), queuedSubjects());
    }

    @Test
    void robotsStartBuildsOnlyWhereTheyAreMeantTo() throws Exception {
        stage.watch(from(ANN));
        stage.mail(ANN, "absence note", "Auto-Submitted: auto-replied");
        stage.mail(ANN, "person");
        await(() -> queue().size() == 1);
        assertEquals(List.of("person"), queuedSubjects());
        OAuthMailTrigger robots = from(ANN);
        robots.setAutomatic(true);
        stage.watch(robots);
        stage.mail(ANN, "monitoring", "Auto-Submitted: auto-generated");
        await(() -> queue().size() == 2);
        assertEquals(List.of("person", "monitoring"), queuedSubjects());
    }

    @Test
    void anybodyMayNotStartBuilds() throws Exception {
        stage.start(new OAuthMailTrigger(Stage.ACCOUNT));
        assertTrue(trouble().startsWith("from: list the senders"), trouble());
        stage.start(from("Ann"));
        assertTrue(trouble().startsWith("from: 'Ann' is neither an address"), trouble());
        stage.start(from("*@contoso.test"));
        assertTrue(trouble().startsWith("from: '*@contoso.test' is neither an address"), trouble());
        OAuthMailTrigger authenticated = new OAuthMailTrigger(Stage.ACCOUNT);
        authenticated.setRequireAuthenticated(true);
        stage.start(authenticated);
        assertTrue(trouble().startsWith("requireAuthenticated: the account"), trouble());
        assertEquals(0, stage.stage().mail().imapConnections());
    }

    @Test
    void aJobThatMayNotReadWaitsUntilItMay() throws Exception {
        mayRead("somebody/else");
        stage.start(from(ANN));
        assertTrue(trouble().contains("that the job demo/deploy may read"), trouble());
        assertEquals(0, stage.stage().mail().imapConnections());
        mayRead("demo/*");
        stage.trigger().run();
        await(() -> stage.journal().position(Stage.ACCOUNT, "INBOX") != null);
        stage.mail(ANN, "now");
        await(() -> queue().size() == 1);
        mayRead("-");
        stage.mail(ANN, "perhaps, if somebody is looking at this moment");
        await(() -> trouble() != null);
        stage.mail(ANN, "no longer");
        stage.awaitNobodyInTheMailbox();
        assertFalse(queuedSubjects().contains("no longer"));
    }

    private static void mayRead(String jobs) throws Exception {
        MailAccount account =
                OAuthMailConfiguration.get().account(Stage.ACCOUNT).orElseThrow();
        account.setMayRead(jobs);
        OAuthMailConfiguration.get().put(account, Stage.ACCOUNT);
    }

    @Test
    void mailThatComesWhileTheJobIsDisabledStartsNothingLater() throws Exception {
        stage.watch(from(ANN));
        stage.deploy().disable(true);
        mailAndLook("perhaps, if somebody is looking at this moment");
        mailAndLook("too early");
        stage.trigger().stop();
        stage.awaitNobodyInTheMailbox();
        stage.deploy().disable(false);
        stage.start(from(ANN));
        stage.mail(ANN, "in time");
        await(() -> queuedSubjects().contains("in time"));
        assertFalse(queuedSubjects().contains("too early"));
    }

    private void mailAndLook(String subject) throws Exception {
        var before = stage.journal().position(Stage.ACCOUNT, "INBOX");
        stage.mail(ANN, subject);
        await(() -> !before.equals(stage.journal().position(Stage.ACCOUNT, "INBOX")));
    }

    @Test
    void aFloodFillsNoQueue() throws Exception {
        stage.watch(from(ANN));
        for (int i = 1; i <= 103; i++) {
            stage.mail(ANN, "mail " + i);
        }
        await(() -> queue().size() == 100);
        await(() -> trouble() != null && trouble().startsWith("100 builds started by mail are waiting"));
        assertEquals(100, stage.journal().pending().size());
        Queue.Item first = queue().get(0);
        stage.begin(first);
        await(() -> queue().size() == 101);
        assertEquals("mail 101", queuedSubjects().get(100));
        // The fourth is taken for one that somebody cancels.
        Queue.getInstance().cancel(queue().get(3));
        await(() -> queue().size() == 101 && queuedSubjects().contains("mail 102"));
        assertEquals(100, stage.journal().pending().size());
    }

    @Test
    void whatCannotBeRecordedStartsNoBuildUntilItCan() throws Exception {
        stage.watch(from(ANN));
        var folder = stage.deploy().getRootDir().toPath().resolve("oauth-mail");
        Files.delete(folder.resolve("trigger.xml"));
        Files.delete(folder);
        Files.createFile(folder);
        stage.mail(ANN, "deploy");
        await(() -> trouble() != null);
        assertTrue(trouble().contains("delete oauth-mail/trigger.xml"), trouble());
        assertEquals(List.of(), queue());
        Files.delete(folder);
        stage.trigger().run();
        await(() -> queue().size() == 1);
        assertEquals(List.of("deploy"), queuedSubjects());
    }

    @Test
    void aJournalThatIsDamagedIsSaidSo() throws Exception {
        stage.watch(from(ANN));
        stage.crash();
        var journal = stage.deploy().getRootDir().toPath().resolve("oauth-mail/trigger.xml");
        Files.writeString(journal, Files.readString(journal).replaceAll("(?s)<entries.*(</entries>|/>)", ""));
        stage.start(from(ANN));
        await(() -> trouble() != null);
        assertTrue(trouble().contains("delete oauth-mail/trigger.xml"), trouble());
    }

    /** The administrator gives back the right just while the trigger lets go. */
    @Test
    void aTriggerThatMayNotReadForAMomentIsNotForgotten() throws Exception {
        stage.watch(from(ANN));
        CountDownLatch refused = new CountDownLatch(1);
        Handler log = new Handler() {
            @Override
            public void publish(LogRecord line) {
                try {
                    mayRead("demo/*");
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                stage.trigger().run();
                refused.countDown();
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger(ArrivalWatch.class.getName());
        logger.addHandler(log);
        try {
            mayRead("-");
            stage.mail(ANN, "perhaps, if somebody is looking at this moment");
            refused.await();
        } finally {
            logger.removeHandler(log);
        }
        stage.awaitNobodyInTheMailbox();
        stage.trigger().run();
        stage.mail(ANN, "now");
        await(() -> queuedSubjects().contains("now"));
    }

    @Test
    void aDeletedJobLeavesTheMailbox() throws Exception {
        stage.watch(from(ANN));
        stage.stage().jenkins().items().clear();
        stage.mail(ANN, "perhaps, if somebody is looking at this moment");
        stage.awaitNobodyInTheMailbox();
        stage.mail(ANN, "too late");
        stage.trigger().run();
        assertFalse(queuedSubjects().contains("too late"));
    }

    /** As by POST of config.xml, by Job DSL and by the CLI, none of which stops the trigger that was there. */
    @Test
    void aTriggerThatXmlTookAwayStartsNoBuilds() throws Exception {
        stage.watch(from(ANN));
        stage.deploy().getTriggers().clear();
        stage.mail(ANN, "no longer allowed");
        stage.awaitNobodyInTheMailbox();
        assertEquals(List.of(), queue());
    }

    @Test
    void aJobThatIsNotYetInItsPlaceIsWatchedOnceItIs() throws Exception {
        stage.stage().jenkins().items().clear();
        stage.start(from(ANN));
        stage.awaitNobodyInTheMailbox();
        stage.stage().jenkins().items().add(stage.deploy());
        stage.trigger().run();
        await(() -> stage.journal().position(Stage.ACCOUNT, "INBOX") != null);
    }

    @Test
    void anEditedTriggerLooksOnWhereTheOldOneWas() throws Exception {
        stage.watch(from(ANN));
        stage.mail(ANN, "one");
        await(() -> queue().size() == 1);
        stage.trigger().stop();
        stage.awaitNobodyInTheMailbox();
        stage.mail(ANN, "two");
        stage.start(from("@contoso.test"));
        await(() -> queue().size() == 2);
        assertEquals(List.of("one", "two"), queuedSubjects());
        assertNotEquals(
                queue().get(0).getAction(ArrivedMail.class).key(),
                queue().get(1).getAction(ArrivedMail.class).key());
    }
}
