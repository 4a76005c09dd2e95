package io.jenkins.plugins.oauthmail.steps;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.inmemory.InMemoryStepContext;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.testing.ManyWaits;
import io.jenkins.plugins.oauthmail.testing.mail.OnEveryServer;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that search the source of HTML do not find a text that is interrupted by markup. */
@OnEveryServer
@Timeout(value = 50, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WaitForTextTest {
    private static final String TEXT = "Order-No.:4711";

    private JenkinsRig rig;
    private ManyWaits waits;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
        waits = new ManyWaits(rig, "demo/pipeline");
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        rig.mail().deliver(JenkinsRig.ADDRESS, "Subject: another\r\n\r\nx\r\n");
    }

    @AfterEach
    void close() throws Exception {
        waits.close();
        rig.close();
    }

    private void deliver(String subject) throws Exception {
        rig.mail()
                .deliver(
                        JenkinsRig.ADDRESS,
                        "Subject: " + subject + "\r\nContent-Type: text/html; charset=us-ascii\r\n\r\n"
                                + "<p>Order-No.:<b>4711</b></p>\r\n");
    }

    @Test
    void findsWhatIsThere() throws Exception {
        deliver("a");
        InMemoryStepContext step = waits.start(Map.of("text", TEXT));
        waits.awaitStart();
        waits.awaitQuiet();
        assertTrue(step.isDone());
    }

    @Test
    void countsWhatArrives() throws Exception {
        InMemoryStepContext step = waits.start(Map.of("text", TEXT, "count", 2));
        waits.settle();
        deliver("a");
        waits.awaitAll();
        deliver("b");
        waits.awaitAll();
        assertTrue(step.isDone());
    }
}
