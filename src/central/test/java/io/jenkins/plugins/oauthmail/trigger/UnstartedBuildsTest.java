package io.jenkins.plugins.oauthmail.trigger;

import static io.jenkins.plugins.oauthmail.trigger.TriggerRig.ANN;
import static io.jenkins.plugins.oauthmail.trigger.TriggerRig.from;
import static io.jenkins.plugins.oauthmail.trigger.TriggerRig.queue;
import static io.jenkins.plugins.oauthmail.trigger.TriggerRig.queuedSubjects;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Action;
import hudson.model.Queue;
import io.jenkins.inmemory.InMemoryRun;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages in the journal that are neither in the queue nor have started a build. */
@Timeout(60)
class UnstartedBuildsTest {
    private static final int MAX_PENDING = 100;

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

    /** Records messages as the trigger does before it schedules their builds. */
    private List<ArrivedMail> recorded(int howMany) throws Exception {
        Map<ArrivedMail, ReceivedMail> mails = new LinkedHashMap<>();
        for (int i = 0; i < howMany; i++) {
            mails.put(TriggerRig.arrived(i), TriggerRig.received(i));
        }
        FolderPosition here = rig.journal().position(JenkinsRig.ACCOUNT, "INBOX");
        assertTrue(rig.journal().move(rig.progress(here, false), mails));
        return List.copyOf(mails.keySet());
    }

    /** Jenkins takes a build from the queue before it creates it, which fails if the disk is full. */
    @Test
    void listsMessagesWhoseBuildsCannotBeCreatedAndGoesOn() throws Exception {
        recorded(MAX_PENDING);
        rig.mail(ANN, "later");
        rig.check();
        assertEquals(
                Messages.ArrivalWatch_full(MAX_PENDING),
                rig.trigger().watch().orElseThrow().trouble());
        rig.trigger().run();
        assertEquals(List.of(), rig.journal().lost(), "they may be starting just now");
        rig.trigger().run();
        assertEquals(MAX_PENDING, rig.journal().lost().size());
        Await.until(() -> queuedSubjects().equals(List.of("later")));
    }

    @Test
    void messagesInTheQueueAreNotLost() throws Exception {
        rig.mail(ANN, "deploy");
        Await.until(() -> queue().size() == 1);
        for (int minute = 0; minute < 3; minute++) {
            rig.trigger().run();
        }
        assertEquals(List.of(), rig.journal().lost());
        assertEquals(1, rig.journal().pending().size());
    }

    /** The build has started, but could not be saved at that moment. */
    @Test
    void startedBuildsAreNotLostEither() throws Exception {
        ArrivedMail mail = recorded(1).get(0);
        InMemoryRun build = rig.deploy().build();
        build.addAction(mail);
        assertTrue(build.getRootDir().mkdirs());
        rig.trigger().run();
        rig.trigger().run();
        assertEquals(List.of(), rig.journal().lost());
        assertEquals(List.of(), rig.journal().pending());
        assertTrue(MailFile.of(build).exists());
        assertTrue(build.saves() > 0);
    }

    @Test
    void messageStaysOnThePageIfItsStartFails() throws Exception {
        rig.jenkins().jenkins().register(new Queue.QueueDecisionHandler() {
            @Override
            public boolean shouldSchedule(Queue.Task task, List<Action> actions) {
                throw new IllegalStateException("a fault of another plugin");
            }
        });
        String key = recorded(1).get(0).key();
        rig.journal().setLost(key);
        new MailTriggerAction(rig.trigger()).doStart(rig.deploy(), key);
        assertEquals(1, rig.journal().lost().size());
        assertEquals(List.of(), rig.journal().pending());
    }
}
