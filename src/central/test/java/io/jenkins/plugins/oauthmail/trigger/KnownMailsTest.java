package io.jenkins.plugins.oauthmail.trigger;

import static io.jenkins.plugins.oauthmail.trigger.TriggerRig.ANN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Queue;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.config.Transport;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A trigger knows what it has read even if its position is of no use any more, so that no message starts two builds or none. */
class KnownMailsTest {
    private static final int BATCH = 100;

    /** More than are known once all have been read. */
    private static final int MANY = 1300;

    private static final FolderPosition NOWHERE = new FolderPosition("4711:1");

    private TriggerRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = new TriggerRig();
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private boolean isKnown(int number) throws Exception {
        return rig.journal().isKnown(TriggerRig.arrived(number));
    }

    /** While a long backlog is read, the server may list it again from its beginning. */
    @Test
    void forgetsNoneOfALongBacklogWhileItIsRead() throws Exception {
        rig.watch(TriggerRig.from(ANN));
        rig.trigger().stop();
        rig.awaitNobodyInTheMailbox();
        FolderPosition here = rig.journal().position(JenkinsRig.ACCOUNT, "INBOX");
        for (int from = 0; from < MANY; from += BATCH) {
            Map<ArrivedMail, ReceivedMail> mails = new LinkedHashMap<>();
            for (int i = from; i < from + BATCH; i++) {
                mails.put(TriggerRig.arrived(i), TriggerRig.received(i));
            }
            boolean more = from + BATCH < MANY;
            assertTrue(rig.journal().move(rig.progress(here, more), mails));
            assertEquals(more, isKnown(0), "of " + (from + BATCH));
            for (ArrivedMail one : mails.keySet()) {
                rig.journal().forget(one.key());
            }
        }
        assertFalse(isKnown(MANY - 1001));
        assertTrue(isKnown(MANY - 1000));
    }

    private void switchToGraph() throws Exception {
        MailAccount account =
                OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow();
        account.setTransport(Transport.GRAPH);
        OAuthMailConfiguration.get().put(account, JenkinsRig.ACCOUNT);
        assertTrue(rig.jenkins().authorizeAs(JenkinsRig.ADDRESS).good());
    }

    /** A tenant switches IMAP off, so that nothing can be read until the account has the other transport. */
    @Test
    void mailThatCameBeforeTheTransportWasChangedStartsItsBuild() throws Exception {
        rig.mail(ANN, "long before", Instant.now().minusSeconds(86_400));
        rig.watch(TriggerRig.from(ANN));
        rig.mail(ANN, "friday", "Message-ID: <friday@contoso.test>");
        Await.until(() -> TriggerRig.queuedSubjects().contains("friday"));
        rig.trigger().stop();
        rig.awaitNobodyInTheMailbox();
        FolderPosition before = rig.journal().position(JenkinsRig.ACCOUNT, "INBOX");
        rig.mail(ANN, "weekend");
        switchToGraph();
        rig.start(TriggerRig.from(ANN));
        Await.until(() -> !before.equals(rig.journal().position(JenkinsRig.ACCOUNT, "INBOX")));
        rig.mail(ANN, "monday");
        Await.until(() -> TriggerRig.queuedSubjects().contains("monday"));
        assertEquals(List.of("friday", "weekend", "monday"), TriggerRig.queuedSubjects());
    }

    /** What is behind the position when the queue is full came before that was read. */
    @Test
    void whatWaitsInTheMailboxStartsItsBuildAfterTheTransportWasChanged() throws Exception {
        rig.watch(TriggerRig.from(ANN));
        rig.trigger().stop();
        rig.awaitNobodyInTheMailbox();
        rig.journal().forgetPosition();
        Instant begun = Instant.now().minusSeconds(3600);
        FolderPosition begin = FolderPosition.since(begun);
        assertTrue(rig.journal()
                .move(
                        new Progress(JenkinsRig.ACCOUNT, JenkinsRig.ADDRESS, "INBOX", begun, null, begin, false, null),
                        Map.of()));
        Set<String> expected = new HashSet<>();
        for (int i = 0; i < 130; i++) {
            rig.mail(ANN, "mail " + i, begun.plusSeconds(60 + i), "Message-ID: <" + i + "@contoso.test>");
            expected.add("mail " + i);
        }
        rig.start(TriggerRig.from(ANN));
        Await.until(() -> rig.journal().pending().size() == 100);
        rig.trigger().stop();
        rig.awaitNobodyInTheMailbox();
        Set<String> subjects = new HashSet<>(TriggerRig.queuedSubjects());
        for (Queue.Item item : TriggerRig.queue()) {
            rig.begin(item);
        }
        switchToGraph();
        rig.start(TriggerRig.from(ANN));
        rig.mail(ANN, "later");
        Await.until(() -> TriggerRig.queuedSubjects().contains("later"));
        subjects.addAll(TriggerRig.queuedSubjects());
        expected.add("later");
        assertEquals(expected, subjects);
    }

    /** Has the trigger stop at a position that the mailbox does not know. @param mailbox of which that position is */
    private void loseTrack(String mailbox) throws Exception {
        rig.watch(TriggerRig.from(ANN));
        rig.trigger().stop();
        rig.awaitNobodyInTheMailbox();
        FolderPosition here = rig.journal().position(JenkinsRig.ACCOUNT, "INBOX");
        Progress lost = new Progress(
                JenkinsRig.ACCOUNT, mailbox, "INBOX", Instant.now().minusSeconds(60), here, NOWHERE, false, null);
        assertTrue(rig.journal().move(lost, Map.of()));
    }

    /** Nobody knows what is new there. */
    @Test
    void reportsThatItHasLostTrackInAnotherMailbox() throws Exception {
        loseTrack("another@contoso.test");
        rig.mail(ANN, "old");
        rig.start(TriggerRig.from(ANN));
        Await.until(() -> !NOWHERE.equals(rig.journal().position(JenkinsRig.ACCOUNT, "INBOX")));
        assertEquals(
                Messages.LastMail_lostTrack(),
                rig.journal().last(JenkinsRig.ACCOUNT, "INBOX").getText());
        rig.mail(ANN, "new");
        Await.until(() -> TriggerRig.queuedSubjects().contains("new"));
        assertEquals(List.of("new"), TriggerRig.queuedSubjects());
    }

    /** As after a mailbox was moved or restored. */
    @Test
    void readsARenumberedMailboxSinceTheLastLook() throws Exception {
        rig.mail(ANN, "long before", Instant.now().minusSeconds(86_400));
        loseTrack(JenkinsRig.ADDRESS);
        rig.mail(ANN, "meanwhile");
        for (int years = 1; years <= 5; years++) {
            rig.mail(ANN, years + " years ago", Instant.now().minusSeconds(years * 31_536_000L));
        }
        rig.start(TriggerRig.from(ANN));
        Await.until(() -> TriggerRig.queuedSubjects().contains("meanwhile"));
        rig.mail(ANN, "later");
        Await.until(() -> TriggerRig.queuedSubjects().contains("later"));
        assertEquals(List.of("meanwhile", "later"), TriggerRig.queuedSubjects());
    }
}
