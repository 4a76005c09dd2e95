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
import io.jenkins.plugins.oauthmail.account.MailReaders;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.testing.VaultFake;
import io.jenkins.plugins.oauthmail.testing.mail.ByGraph;
import io.jenkins.plugins.oauthmail.testing.mail.OnEveryServer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The controller stopped when the server had changed the messages, and before the pipeline went on. */
@OnEveryServer
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ResumedChangeTest {
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private JenkinsRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        for (String subject : List.of("one", "two")) {
            rig.mail().deliver(JenkinsRig.ADDRESS, "Subject: " + subject + "\r\n\r\nbody\r\n");
        }
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private InMemoryStepContext context() {
        return new InMemoryStepContext()
                .with(Run.class, new InMemoryJob("demo/pipeline").build())
                .with(TaskListener.class, new StreamTaskListener(log, StandardCharsets.UTF_8));
    }

    private OAuthMailReadStep step() throws Exception {
        return Binder.bind(OAuthMailReadStep.class, Map.of("account", JenkinsRig.ACCOUNT, "delete", true));
    }

    /** A step that has deleted the messages, as it was saved before. */
    private ReadMailExecution deleted(InMemoryStepContext context) throws Exception {
        ArrayList<Map<String, Object>> found = new ArrayList<>();
        for (Object mail : (List<?>) context().run(step())) {
            @SuppressWarnings("unchecked")
            Map<String, Object> one = (Map<String, Object>) mail;
            found.add(one);
        }
        assertEquals(2, found.size());
        assertEquals(0, rig.mail().mails(JenkinsRig.ADDRESS, "INBOX").size());
        log.reset();
        return new ReadMailExecution(step(), context, found);
    }

    private String said() {
        return log.toString(StandardCharsets.UTF_8);
    }

    @Test
    void saysThatThisBuildMayHaveDeletedThem() throws Exception {
        InMemoryStepContext context = context();
        deleted(context).onResume();
        assertEquals(2, ((List<?>) context.result()).size());
        assertTrue(said().contains("perhaps this build had moved or deleted it"), said());
        assertFalse(said().contains("It was not changed"), said());
    }

    /** Providers of credentials may be late after a start. */
    @Test
    void returnsThemIfTheyCannotBeChangedAgain() throws Exception {
        VaultFake vault = VaultFake.instead(rig.jenkins());
        InMemoryStepContext context = context();
        ReadMailExecution resumed = deleted(context);
        vault.becomeWithoutTokens(VaultFake.State.LISTS_NOTHING);
        MailReaders.get().authorized(JenkinsRig.ACCOUNT);
        resumed.onResume();
        assertEquals(2, ((List<?>) context.result()).size());
        assertTrue(said().contains("unless that was done before the controller stopped"), said());
    }

    /** The one that was looked for is gone, so the other may be, too. */
    @ByGraph
    @Test
    void returnsThemIfOneCannotBeLookedFor() throws Exception {
        InMemoryStepContext context = context();
        ReadMailExecution resumed = deleted(context);
        rig.mail().graph().meanwhile("select=parentFolderId", () -> rig.mail()
                .graph()
                .refuse("", 99, 403, "ErrorAccessDenied", "Access is denied."));
        resumed.onResume();
        assertEquals(2, ((List<?>) context.result()).size());
        assertTrue(said().contains("Access is denied."), said());
    }
}
