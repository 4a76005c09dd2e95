package io.jenkins.plugins.oauthmail.steps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.StreamTaskListener;
import io.jenkins.inmemory.Binder;
import io.jenkins.inmemory.InMemoryJob;
import io.jenkins.inmemory.InMemoryStepContext;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.testing.mail.ByImapAndSmtp;
import io.jenkins.plugins.oauthmail.testing.mail.OnEveryServer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** IDs that a pipeline has kept while the message got another one are reported in the build log. */
@OnEveryServer
@Timeout(60)
class GoneIdsTest {
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private JenkinsRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        rig.mail().deliver(JenkinsRig.ADDRESS, "Subject: one\r\n\r\nbody\r\n");
        rig.mail().deliver(JenkinsRig.ADDRESS, "Subject: two\r\n\r\nbody\r\n");
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @SuppressWarnings("unchecked") // as the step documents it
    private List<Map<String, Object>> read(Map<String, Object> arguments) throws Exception {
        return (List<Map<String, Object>>) new InMemoryStepContext()
                .with(Run.class, new InMemoryJob("demo/pipeline").build())
                .with(TaskListener.class, new StreamTaskListener(log))
                .run(Binder.bind(OAuthMailReadStep.class, arguments));
    }

    @ByImapAndSmtp
    @Test
    void readsTheOthers() throws Exception {
        List<Object> ids = read(Map.of("account", JenkinsRig.ACCOUNT, "newestFirst", false)).stream()
                .map(mail -> mail.get("id"))
                .toList();
        assertFalse(log.toString(StandardCharsets.UTF_8).contains("no longer"));
        rig.mail().revise(JenkinsRig.ADDRESS, "INBOX", 0);
        List<Map<String, Object>> mails = read(Map.of("account", JenkinsRig.ACCOUNT, "id", ids));
        assertEquals(
                List.of("two"), mails.stream().map(mail -> mail.get("subject")).toList());
        String said = log.toString(StandardCharsets.UTF_8);
        assertTrue(said.contains("the message " + ids.get(0) + " is no longer in INBOX"), said);
        assertFalse(said.contains("the message " + ids.get(1)), said);
    }
}
