package io.jenkins.plugins.oauthmail.trigger;

import static io.jenkins.plugins.oauthmail.trigger.TriggerRig.ANN;
import static io.jenkins.plugins.oauthmail.trigger.TriggerRig.from;
import static io.jenkins.plugins.oauthmail.trigger.TriggerRig.queue;
import static io.jenkins.plugins.oauthmail.trigger.TriggerRig.queuedSubjects;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Action;
import hudson.model.PeriodicWork;
import hudson.model.Queue;
import hudson.model.listeners.ItemListener;
import io.jenkins.plugins.oauthmail.account.AccountActivity;
import io.jenkins.plugins.oauthmail.account.AccountFailure;
import io.jenkins.plugins.oauthmail.account.MailReaders;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.testing.VaultFake;
import io.jenkins.plugins.oauthmail.testing.mail.ByImapAndSmtp;
import io.jenkins.plugins.oauthmail.testing.mail.MailServerFake;
import io.jenkins.plugins.oauthmail.testing.mail.OnEveryServer;
import io.jenkins.plugins.oauthmail.watch.FolderWatches;
import jakarta.mail.Flags;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which mail starts a build, and with what. */
@OnEveryServer
@Timeout(60)
class OAuthMailTriggerTest {
    private TriggerRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = new TriggerRig();
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private String trouble() {
        return rig.trigger().watch().orElseThrow().trouble();
    }

    @Test
    void simultaneousMessagesStartOneBuildEach() throws Exception {
        rig.mail(ANN, "was there before");
        rig.watch(from(ANN));
        rig.mail("Ann <ANN@contoso.test>", "first");
        rig.mail(ANN, "second");
        Await.until(() -> queue().size() == 2);
        assertEquals(List.of("first", "second"), queuedSubjects());
        assertEquals(2, rig.journal().pending().size());
        assertNull(trouble());
    }

    @ParameterizedTest
    @CsvSource({"LISTS_NOTHING, There is no credential 'secret'", "THROWS, The credential 'secret' cannot be read"})
    void goesOnAfterAnUnavailableVault(VaultFake.State outage, String sentence) throws Exception {
        VaultFake vault = VaultFake.instead(rig.jenkins().jenkins());
        rig.watch(from(ANN));
        vault.becomeWithoutTokens(outage);
        // No connection from before is used again.
        MailReaders.get().authorized(JenkinsRig.ACCOUNT);
        FolderWatches.get().authorized(JenkinsRig.ACCOUNT);
        rig.check();
        assertTrue(trouble().contains(sentence), trouble());
        vault.become(VaultFake.State.AVAILABLE);
        rig.mail(ANN, "go");
        FolderWatches.get().authorized(JenkinsRig.ACCOUNT);
        // The build is in the queue before the check is over.
        Await.until(() -> queue().size() == 1 && trouble() == null);
    }

    /** Nothing arrives, so that only the watch finds out, and perhaps nobody else uses the account. */
    @ByImapAndSmtp
    @Test
    void recordsThatTheAccountIsRefusedWhileNothingArrives() throws Exception {
        rig.watch(from(ANN));
        MailServerFake server = rig.jenkins().mail();
        Await.until(() -> server.idling() == 1);
        // The check that begins with the watch has to be over.
        rig.check();
        server.imapScript().reply("AUTHENTICATE", "NO AUTHENTICATE failed.", Integer.MAX_VALUE);
        server.drop();
        Await.until(() -> failure().isPresent());
        assertTrue(failure().orElseThrow().needsAttention());
        server.imapScript().clear();
        FolderWatches.get().changed();
        Await.until(() -> failure().isEmpty());
    }

    private static Optional<AccountFailure> failure() {
        return AccountActivity.get().trouble(JenkinsRig.ACCOUNT, MailUse.READ);
    }

    /** As other plugins may, which decide what is queued. */
    @Test
    void listsMessagesWhoseBuildsCannotBeQueued() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        rig.jenkins().jenkins().register(new Queue.QueueDecisionHandler() {
            @Override
            public boolean shouldSchedule(Queue.Task task, List<Action> actions) {
                return switch (asked.incrementAndGet()) {
                    case 1 -> throw new IllegalStateException("a fault of another plugin");
                    case 2 -> throw new LinkageError("another fault");
                    case 3 -> false;
                    default -> true;
                };
            }
        });
        rig.watch(from(ANN));
        for (String subject : List.of("first", "second", "third", "fourth")) {
            rig.mail(ANN, subject);
        }
        Await.until(() -> queue().size() == 1);
        assertEquals(List.of("fourth"), queuedSubjects());
        assertEquals(
                List.of("first", "second"),
                rig.journal().lost().stream().map(ArrivedMail::getSubject).toList());
        assertEquals(1, rig.journal().pending().size());
    }

    /** Exchange gives a message another UID when somebody edits it, or a rule files it. */
    @ByImapAndSmtp
    @Test
    void editedMessageStartsNoSecondBuild() throws Exception {
        rig.watch(from(ANN));
        rig.mail(ANN, "first", "Message-ID: <one@contoso.test>");
        Await.until(() -> queue().size() == 1);
        rig.jenkins().mail().revise(JenkinsRig.ADDRESS, "INBOX", 0);
        rig.mail(ANN, "second", "Message-ID: <two@contoso.test>");
        Await.until(() -> queue().size() == 2);
        rig.begin(queue().get(0));
        rig.jenkins().mail().revise(JenkinsRig.ADDRESS, "INBOX", 0);
        rig.jenkins().mail().revise(JenkinsRig.ADDRESS, "INBOX", 0);
        rig.mail(ANN, "third", "Message-ID: <three@contoso.test>");
        Await.until(() -> queuedSubjects().contains("third"));
        assertEquals(List.of("first", "second", "third"), queuedSubjects());
    }

    /** Another message of the same ID, such as one that was sent again, is another message. */
    @Test
    void sameMessageIdAtAnotherTimeStartsABuild() throws Exception {
        rig.watch(from(ANN));
        String raw = "From: " + ANN + "\r\nSubject: again\r\nMessage-ID: <one@contoso.test>\r\n\r\nb\r\n";
        Instant noon = Instant.parse("2026-03-10T12:00:00Z");
        for (int i = 0; i < 2; i++) {
            rig.jenkins()
                    .mail()
                    .deliver(
                            JenkinsRig.ADDRESS,
                            "INBOX",
                            raw.getBytes(StandardCharsets.US_ASCII),
                            noon.plusSeconds(i),
                            new Flags());
            int count = i + 1;
            Await.until(() -> queue().size() == count);
        }
        assertEquals(List.of("again", "again"), queuedSubjects());
    }

    @ByImapAndSmtp
    @Test
    void recognizesAnEditedMessageAfterACrash() throws Exception {
        rig.watch(from(ANN));
        rig.mail(ANN, "first", "Message-ID: <one@contoso.test>");
        Await.until(() -> queue().size() == 1);
        rig.begin(queue().get(0));
        rig.crash();
        rig.jenkins().mail().revise(JenkinsRig.ADDRESS, "INBOX", 0);
        rig.mail(ANN, "second", "Message-ID: <two@contoso.test>");
        rig.start(from(ANN));
        Await.until(() -> queue().size() == 1);
        assertEquals(List.of("second"), queuedSubjects());
    }

    @Test
    void matchesTheAddressOfSendersOnly() throws Exception {
        OAuthMailTrigger trigger = from(ANN + ", @ops.contoso.test");
        trigger.setSubject("deploy");
        rig.watch(trigger);
        rig.mail("\"" + ANN + "\" <eve@evil.test>", "deploy: by name");
        rig.mail("x" + ANN, "deploy: by a longer address");
        rig.mail("eve@contoso.test.evil.test, " + ANN, "deploy: by two");
        rig.mail("eve@evil-ops.contoso.test", "deploy: by a longer domain");
        rig.mail(ANN, "something else");
        rig.mail("carl@OPS.contoso.test", "deploy: by a domain");
        rig.mail(ANN, "Deploy: by an address");
        Await.until(() -> queue().size() == 2);
        assertEquals(List.of("deploy: by a domain", "Deploy: by an address"), queuedSubjects());
    }

    @Test
    void automaticMessagesStartBuildsOnlyIfAllowed() throws Exception {
        rig.watch(from(ANN));
        rig.mail(ANN, "absence note", "Auto-Submitted: auto-replied");
        rig.mail(ANN, "person");
        Await.until(() -> queue().size() == 1);
        assertEquals(List.of("person"), queuedSubjects());
        OAuthMailTrigger robots = from(ANN);
        robots.setAutomatic(true);
        rig.watch(robots);
        rig.mail(ANN, "monitoring", "Auto-Submitted: auto-generated");
        Await.until(() -> queue().size() == 2);
        assertEquals(List.of("person", "monitoring"), queuedSubjects());
    }

    @ByImapAndSmtp
    @Test
    void requiresSendersOrAuthentication() throws Exception {
        rig.start(new OAuthMailTrigger(JenkinsRig.ACCOUNT));
        assertTrue(trouble().startsWith("from: list the senders"), trouble());
        rig.start(from("Ann"));
        assertTrue(trouble().startsWith("from: 'Ann' is neither an address"), trouble());
        rig.start(from("*@contoso.test"));
        assertTrue(trouble().startsWith("from: '*@contoso.test' is neither an address"), trouble());
        OAuthMailTrigger authenticated = new OAuthMailTrigger(JenkinsRig.ACCOUNT);
        authenticated.setRequireAuthenticated(true);
        rig.start(authenticated);
        assertTrue(trouble().startsWith("requireAuthenticated: the account"), trouble());
        assertEquals(0, rig.jenkins().mail().imapConnections());
    }

    @ByImapAndSmtp
    @Test
    void waitsUntilTheJobMayRead() throws Exception {
        mayRead("somebody/else");
        rig.start(from(ANN));
        assertTrue(trouble().contains("that the job demo/deploy may read"), trouble());
        assertEquals(0, rig.jenkins().mail().imapConnections());
        mayRead("demo/*");
        rig.trigger().run();
        Await.until(() -> rig.journal().position(JenkinsRig.ACCOUNT, "INBOX") != null);
        rig.mail(ANN, "now");
        Await.until(() -> queue().size() == 1);
        mayRead("-");
        rig.mail(ANN, "perhaps, if somebody is looking at this moment");
        Await.until(() -> trouble() != null);
        rig.mail(ANN, "no longer");
        rig.awaitNobodyInTheMailbox();
        assertFalse(queuedSubjects().contains("no longer"));
    }

    private static void mayRead(String jobs) throws Exception {
        MailAccount account =
                OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow();
        account.setMayRead(jobs);
        OAuthMailConfiguration.get().put(account, JenkinsRig.ACCOUNT);
    }

    @Test
    void ignoresMessagesReceivedWhileTheJobIsDisabled() throws Exception {
        rig.watch(from(ANN));
        rig.deploy().disable(true);
        mailAndLook("perhaps, if somebody is looking at this moment");
        mailAndLook("too early");
        rig.trigger().stop();
        rig.awaitNobodyInTheMailbox();
        rig.deploy().disable(false);
        rig.start(from(ANN));
        rig.mail(ANN, "in time");
        Await.until(() -> queuedSubjects().contains("in time"));
        assertFalse(queuedSubjects().contains("too early"));
    }

    private void mailAndLook(String subject) throws Exception {
        var before = rig.journal().position(JenkinsRig.ACCOUNT, "INBOX");
        rig.mail(ANN, subject);
        Await.until(() -> !before.equals(rig.journal().position(JenkinsRig.ACCOUNT, "INBOX")));
    }

    @Test
    void limitsBuildsInTheQueue() throws Exception {
        rig.watch(from(ANN));
        for (int i = 1; i <= 103; i++) {
            rig.mail(ANN, "mail " + i);
        }
        Await.until(() -> queue().size() == 100);
        Await.until(() -> trouble() != null && trouble().startsWith("100 builds started by mail are waiting"));
        assertEquals(100, rig.journal().pending().size());
        Queue.Item first = queue().get(0);
        rig.begin(first);
        Await.until(() -> queue().size() == 101);
        assertEquals("mail 101", queuedSubjects().get(100));
        Set<String> seen = new HashSet<>(queuedSubjects());
        assertEquals(101, seen.size());
        // The fourth is taken for one that somebody cancels.
        Queue.getInstance().cancel(queue().get(3));
        Await.until(() -> queue().size() == 101 && seen.addAll(queuedSubjects()));
        assertEquals(102, seen.size());
        assertEquals(100, rig.journal().pending().size());
    }

    @Test
    void startsNoBuildUntilItsMessageIsRecorded() throws Exception {
        rig.watch(from(ANN));
        var folder = rig.deploy().getRootDir().toPath().resolve("oauth-mail");
        Files.delete(folder.resolve("trigger.xml"));
        Files.delete(folder);
        Files.createFile(folder);
        rig.mail(ANN, "deploy");
        Await.until(() -> trouble() != null);
        assertTrue(trouble().contains("delete oauth-mail/trigger.xml"), trouble());
        assertEquals(List.of(), queue());
        Files.delete(folder);
        rig.trigger().run();
        Await.until(() -> queue().size() == 1);
        assertEquals(List.of("deploy"), queuedSubjects());
    }

    @Test
    void reportsADamagedJournal() throws Exception {
        rig.watch(from(ANN));
        rig.crash();
        var journal = rig.deploy().getRootDir().toPath().resolve("oauth-mail/trigger.xml");
        Files.writeString(journal, Files.readString(journal).replaceAll("(?s)<entries.*(</entries>|/>)", ""));
        rig.start(from(ANN));
        Await.until(() -> trouble() != null);
        assertTrue(trouble().contains("delete oauth-mail/trigger.xml"), trouble());
    }

    /** The administrator gives back the right just while the trigger lets go. */
    @Test
    void resumesAfterATemporaryLossOfPermission() throws Exception {
        rig.watch(from(ANN));
        CountDownLatch refused = new CountDownLatch(1);
        Handler log = new Handler() {
            @Override
            public void publish(LogRecord line) {
                try {
                    mayRead("demo/*");
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                rig.trigger().run();
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
            rig.mail(ANN, "perhaps, if somebody is looking at this moment");
            refused.await();
        } finally {
            logger.removeHandler(log);
        }
        rig.awaitNobodyInTheMailbox();
        rig.trigger().run();
        rig.mail(ANN, "now");
        Await.until(() -> queuedSubjects().contains("now"));
    }

    /** Jenkins does not stop the trigger of a deleted job, and still finds the job when it notifies listeners. */
    @Test
    void deletedJobReleasesTheMailbox() throws Exception {
        rig.watch(from(ANN));
        ItemListener.fireOnDeleted(rig.deploy());
        rig.jenkins().jenkins().items().clear();
        rig.awaitNobodyInTheMailbox();
        rig.mail(ANN, "too late");
        rig.trigger().run();
        assertFalse(queuedSubjects().contains("too late"));
    }

    /** As by POST of config.xml, by Job DSL and by the CLI, none of which stops the trigger that was there. */
    @Test
    void removedTriggerReleasesTheMailbox() throws Exception {
        rig.watch(from(ANN));
        rig.deploy().getTriggers().clear();
        ItemListener.fireOnUpdated(rig.deploy());
        rig.awaitNobodyInTheMailbox();
        rig.mail(ANN, "no longer allowed");
        rig.trigger().run();
        assertEquals(List.of(), queue());
    }

    /** As after reloading the configuration from disk, which no listener is told of. */
    @Test
    void reloadedTriggerReleasesTheMailboxWithinAMinute() throws Exception {
        rig.watch(from(ANN));
        rig.deploy().getTriggers().clear();
        PeriodicWork.all().get(AbandonedTriggers.EveryMinute.class).run();
        rig.awaitNobodyInTheMailbox();
    }

    @Test
    void abandonedTriggerStartsNoBuilds() throws Exception {
        rig.watch(from(ANN));
        rig.deploy().getTriggers().clear();
        rig.mail(ANN, "no longer allowed");
        rig.awaitNobodyInTheMailbox();
        assertEquals(List.of(), queue());
    }

    @Test
    void updateKeepsTheTrigger() throws Exception {
        rig.watch(from(ANN));
        ItemListener.fireOnUpdated(rig.deploy());
        PeriodicWork.all().get(AbandonedTriggers.EveryMinute.class).run();
        rig.mail(ANN, "still there");
        Await.until(() -> queue().size() == 1);
    }

    @Test
    void watchesAJobOnceItIsAdded() throws Exception {
        rig.jenkins().jenkins().items().clear();
        rig.start(from(ANN));
        rig.awaitNobodyInTheMailbox();
        rig.jenkins().jenkins().items().add(rig.deploy());
        rig.trigger().run();
        Await.until(() -> rig.journal().position(JenkinsRig.ACCOUNT, "INBOX") != null);
    }

    @Test
    void editedTriggerResumesFromTheOldPosition() throws Exception {
        rig.watch(from(ANN));
        rig.mail(ANN, "one");
        Await.until(() -> queue().size() == 1);
        rig.trigger().stop();
        rig.awaitNobodyInTheMailbox();
        rig.mail(ANN, "two");
        rig.start(from("@contoso.test"));
        Await.until(() -> queue().size() == 2);
        assertEquals(List.of("one", "two"), queuedSubjects());
        assertNotEquals(
                queue().get(0).getAction(ArrivedMail.class).key(),
                queue().get(1).getAction(ArrivedMail.class).key());
    }

    @Test
    void triggerThatWasRemovedAndAddedAgainIgnoresWhatCameInBetween() throws Exception {
        rig.watch(from(ANN));
        rig.trigger().stop();
        rig.awaitNobodyInTheMailbox();
        rig.deploy().getTriggers().clear();
        PeriodicWork.all().get(AbandonedTriggers.EveryMinute.class).run();
        PeriodicWork.all().get(AbandonedTriggers.EveryMinute.class).run();
        rig.mail(ANN, "in between");
        rig.watch(from(ANN));
        rig.mail(ANN, "in time");
        Await.until(() -> queuedSubjects().contains("in time"));
        assertEquals(List.of("in time"), queuedSubjects());
    }

    /** It may have left long before, as it was not allowed to read. */
    @Test
    void triggerThatWasRemovedWhileItDidNotWaitIgnoresWhatCameInBetween() throws Exception {
        rig.watch(from(ANN));
        mayRead("-");
        rig.trigger().run();
        rig.awaitNobodyInTheMailbox();
        for (int i = 0; i < 3; i++) {
            PeriodicWork.all().get(AbandonedTriggers.EveryMinute.class).run();
        }
        rig.trigger().stop();
        rig.deploy().getTriggers().clear();
        PeriodicWork.all().get(AbandonedTriggers.EveryMinute.class).run();
        PeriodicWork.all().get(AbandonedTriggers.EveryMinute.class).run();
        rig.mail(ANN, "in between");
        mayRead("demo/*");
        rig.watch(from(ANN));
        rig.mail(ANN, "in time");
        Await.until(() -> queuedSubjects().contains("in time"));
        assertEquals(List.of("in time"), queuedSubjects());
    }

    /** As by saving the form of the job, at whatever time. */
    @Test
    void triggerThatIsReplacedKeepsItsPosition() throws Exception {
        rig.watch(from(ANN));
        PeriodicWork.all().get(AbandonedTriggers.EveryMinute.class).run();
        rig.trigger().stop();
        rig.awaitNobodyInTheMailbox();
        rig.deploy().getTriggers().clear();
        PeriodicWork.all().get(AbandonedTriggers.EveryMinute.class).run();
        rig.mail(ANN, "in between");
        rig.start(from(ANN));
        PeriodicWork.all().get(AbandonedTriggers.EveryMinute.class).run();
        Await.until(() -> queuedSubjects().contains("in between"));
    }

    @Test
    void rejectsSeveralTriggersInOneJob() throws Exception {
        Path config = rig.deploy().getRootDir().toPath().resolve("config.xml");
        Files.createDirectories(config.getParent());
        String one = "<" + OAuthMailTrigger.class.getName() + "><spec>* * * * *</spec></"
                + OAuthMailTrigger.class.getName() + ">";
        Files.writeString(config, "<flow-definition><triggers>" + one + "</triggers></flow-definition>");
        rig.watch(from(ANN));
        rig.trigger().run();
        assertNull(trouble());
        Files.writeString(
                config,
                "<flow-definition><script>&lt;" + OAuthMailTrigger.class.getName() + "></script><triggers>" + one + one
                        + "</triggers></flow-definition>");
        rig.trigger().run();
        assertEquals(Messages.ArrivalWatch_several(), trouble());
        rig.awaitNobodyInTheMailbox();
    }

    /** Such as one that throttles. */
    @Test
    void startsTheBuildOfAMessageThatABusyServerDidNotReturnForAMoment() throws Exception {
        rig.watch(from(ANN));
        rig.jenkins().mail().imapScript().reply("FETCH", "NO [SERVERBUG] Internal error occurred.", 10_000);
        rig.jenkins().mail().graph().refuse("\\$value", Integer.MAX_VALUE, 400, "ErrorCorruptData", "SERVERBUG");
        rig.mail(ANN, "first");
        Await.until(() -> trouble() != null);
        // As with each message that arrives in the folder.
        for (int checks = 0; checks < 10; checks++) {
            rig.check();
        }
        rig.jenkins().mail().imapScript().clear();
        rig.jenkins().mail().graph().clear();
        rig.check();
        assertEquals(List.of("first"), queuedSubjects());
    }
}
