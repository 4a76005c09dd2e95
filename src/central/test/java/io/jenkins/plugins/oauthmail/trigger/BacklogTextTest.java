package io.jenkins.plugins.oauthmail.trigger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.testing.mail.OnEveryServer;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Servers that search the source of HTML do not find a text that is interrupted by markup, in however many messages. */
@OnEveryServer
@Timeout(60)
class BacklogTextTest {
    private TriggerRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = new TriggerRig();
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @ParameterizedTest
    @CsvSource({"5, Order-No.:<b>4711</b>, Order-No.:4711", "40, Order-No.:<b>4711</b>, Order-No.:4711"})
    void findsTextWithMarkup(int others, String html, String text) throws Exception {
        OAuthMailTrigger trigger = TriggerRig.from(TriggerRig.ANN);
        trigger.setText(text);
        rig.watch(trigger);
        rig.trigger().stop();
        rig.awaitNobodyInTheMailbox();
        deliver("html", "text/html", "<p>" + html + "</p>");
        for (int i = 0; i < others; i++) {
            rig.mail(TriggerRig.ANN, "other " + i);
        }
        deliver("plain", "text/plain", text);
        rig.start(trigger);
        Await.until(() -> TriggerRig.queuedSubjects().contains("plain"));
        assertEquals(Set.of("html", "plain"), Set.copyOf(TriggerRig.queuedSubjects()));
    }

    private void deliver(String subject, String type, String body) throws Exception {
        rig.jenkins()
                .mail()
                .deliver(
                        JenkinsRig.ADDRESS,
                        "From: " + TriggerRig.ANN + "\r\nSubject: " + subject + "\r\nContent-Type: " + type + "\r\n\r\n"
                                + body + "\r\n");
    }
}
