package io.jenkins.plugins.oauthmail.trigger;

import static io.jenkins.plugins.oauthmail.trigger.TriggerRig.ANN;
import static io.jenkins.plugins.oauthmail.trigger.TriggerRig.from;
import static io.jenkins.plugins.oauthmail.trigger.TriggerRig.queuedSubjects;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.testing.mail.OnBothServers;
import io.jenkins.plugins.oauthmail.watch.Tries;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Mail that the server does not return is skipped, and what is behind it starts builds. */
@OnBothServers
class UnreadableMailTest {
    private static final int CHECKS_FOR_EACH = 4;

    private TriggerRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = new TriggerRig();
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    /** Anybody may send several, and the tries of one must not begin anew because of the next. */
    @Test
    void severalInARowAreTriedOneAfterTheOther() throws Exception {
        int bad = 3;
        rig.watch(from(ANN));
        rig.check();
        rig.trigger().stop();
        rig.awaitNobodyInTheMailbox();
        for (int i = 0; i < bad; i++) {
            rig.mail(ANN, "bad " + i);
        }
        for (int i = 0; i < bad; i++) {
            rig.jenkins().mail().exchange().unconvertible(JenkinsRig.ADDRESS, "INBOX", i, false);
        }
        rig.mail(ANN, "good");
        int checks = 0;
        try (Tries all = new Tries()) {
            rig.start(from(ANN));
            while (queuedSubjects().isEmpty() && checks <= bad * CHECKS_FOR_EACH) {
                rig.check();
                checks++;
            }
        }
        assertEquals(List.of("good"), queuedSubjects());
        assertTrue(checks <= bad * CHECKS_FOR_EACH, checks + " checks");
    }
}
