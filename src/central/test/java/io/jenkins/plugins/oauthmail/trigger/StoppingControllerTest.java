package io.jenkins.plugins.oauthmail.trigger;

import static io.jenkins.plugins.oauthmail.trigger.TriggerRig.ANN;
import static io.jenkins.plugins.oauthmail.trigger.TriggerRig.from;
import static io.jenkins.plugins.oauthmail.trigger.TriggerRig.queuedSubjects;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.watch.Stopping;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What comes while the controller is being stopped starts its build when it is back, as the queue is saved only once. */
@Timeout(60)
class StoppingControllerTest {
    private TriggerRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = new TriggerRig();
        rig.watch(from(ANN));
        rig.check();
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private FolderPosition position() throws Exception {
        return rig.journal().position(JenkinsRig.ACCOUNT, "INBOX");
    }

    @Test
    void leavesMailToTheTimeAfterTheStart() throws Exception {
        FolderPosition before = position();
        try (Stopping stopping = new Stopping()) {
            rig.mail(ANN, "order");
            rig.check();
            assertEquals(List.of(), queuedSubjects());
            assertEquals(before, position());
        }
        rig.start(from(ANN));
        rig.check();
        assertEquals(List.of("order"), queuedSubjects());
    }

    @Test
    void leavesMailThatItIsJustReading() throws Exception {
        FolderPosition before = position();
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch read = new CountDownLatch(1);
        rig.jenkins().mail().imapScript().before("FETCH", () -> {
            reading.countDown();
            read.await();
            return null;
        });
        rig.mail(ANN, "order");
        reading.await();
        try (Stopping stopping = new Stopping()) {
            read.countDown();
            stopping.awaitEndOf(ArrivalWatch.class);
            assertEquals(List.of(), queuedSubjects());
            assertEquals(before, position());
        }
    }
}
