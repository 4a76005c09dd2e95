package io.jenkins.plugins.oauthmail.trigger;

import static io.jenkins.plugins.oauthmail.trigger.TriggerRig.ANN;
import static io.jenkins.plugins.oauthmail.trigger.TriggerRig.from;
import static io.jenkins.plugins.oauthmail.trigger.TriggerRig.queuedSubjects;
import static org.junit.jupiter.api.Assertions.assertEquals;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Action;
import hudson.model.Queue;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.testing.mail.ByImapAndSmtp;
import io.jenkins.plugins.oauthmail.testing.mail.OnEveryServer;
import io.jenkins.plugins.oauthmail.watch.FolderWatches;
import io.jenkins.plugins.oauthmail.watch.SharedReading;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a trigger that has much to read, such as after a downtime, means for others who wait for mail in the folder. */
@OnEveryServer
@Timeout(60)
class LongBacklogTest {
    private static final String FOLDER = "INBOX";

    private final Gate gate = new Gate();
    private final Other other = new Other();
    private TriggerRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = new TriggerRig();
        rig.watch(from(ANN));
        FolderWatches.get().join(JenkinsRig.ACCOUNT, FOLDER, gate);
        gate.reached.await();
    }

    @AfterEach
    void close() throws Exception {
        gate.opened.countDown();
        FolderWatches.get().leave(JenkinsRig.ACCOUNT, FOLDER, gate);
        FolderWatches.get().leave(JenkinsRig.ACCOUNT, FOLDER, other);
        rig.close();
    }

    private abstract static class Neighbour implements FolderWatches.Listener {
        @Override
        public void watchFailed(@NonNull MailFailure failure) {
            throw new AssertionError(failure);
        }

        @Override
        public void checkFailed(@NonNull Throwable unforeseen) {
            throw new AssertionError(unforeseen);
        }
    }

    /** Has its turn until all messages are there. */
    private static final class Gate extends Neighbour {
        final CountDownLatch reached = new CountDownLatch(1);
        final CountDownLatch opened = new CountDownLatch(1);

        @Override
        public void checkForMail(@NonNull SharedReading shared) throws InterruptedException {
            reached.countDown();
            opened.await();
        }
    }

    /** Notes how far the trigger is when it has its turn. */
    private final class Other extends Neighbour {
        final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        volatile boolean notes;

        @Override
        public void checkForMail(@NonNull SharedReading shared) {
            LastMail last = last();
            if (notes && last != null) {
                seen.add(last.getSubject());
            }
        }
    }

    private LastMail last() {
        try {
            return rig.journal().last(JenkinsRig.ACCOUNT, FOLDER);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Messages that start no builds, so that no full queue ends the turn. */
    private void mailAutomatic(int count) {
        for (int i = 0; i < count; i++) {
            rig.mail(ANN, "automatic " + i, "Auto-Submitted: auto-generated");
        }
    }

    private void nudgeTrigger() {
        FolderWatches.get()
                .nudge(JenkinsRig.ACCOUNT, FOLDER, rig.trigger().watch().orElseThrow());
    }

    /** Microsoft Graph lists that many in no particular order. */
    @ByImapAndSmtp
    @Test
    void othersGetTheirTurnMeanwhile() throws Exception {
        int turn = ArrivalWatch.AT_ONCE * ArrivalWatch.BATCHES;
        mailAutomatic(turn + 1);
        rig.mail(ANN, "by hand");
        nudgeTrigger();
        other.notes = true;
        FolderWatches.get().join(JenkinsRig.ACCOUNT, FOLDER, other);
        gate.opened.countDown();
        assertEquals("automatic " + (turn - 1), other.seen.take());
        Await.until(() -> queuedSubjects().equals(List.of("by hand")));
    }

    /** Whose last check it is must not fail because of that, although its message is there. */
    @Test
    void othersInAHurryWaitForOneBatchAtMost() throws Exception {
        FolderWatches.get().join(JenkinsRig.ACCOUNT, FOLDER, other);
        rig.jenkins().jenkins().register(new Queue.QueueDecisionHandler() {
            @Override
            public boolean shouldSchedule(Queue.Task task, List<Action> actions) {
                other.notes = true;
                FolderWatches.get().nudgeFirst(JenkinsRig.ACCOUNT, FOLDER, other);
                return true;
            }
        });
        rig.mail(ANN, "by hand");
        mailAutomatic(3 * ArrivalWatch.AT_ONCE);
        nudgeTrigger();
        gate.opened.countDown();
        assertEquals("automatic " + (ArrivalWatch.AT_ONCE - 2), other.seen.take());
        Await.until(() -> last().getSubject().equals("automatic " + (3 * ArrivalWatch.AT_ONCE - 1)));
        assertEquals(List.of("by hand"), queuedSubjects());
    }
}
