package io.jenkins.plugins.oauthmail.steps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.inmemory.Binder;
import io.jenkins.inmemory.InMemoryJob;
import io.jenkins.inmemory.InMemoryRun;
import io.jenkins.inmemory.InMemoryStepContext;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.config.Transport;
import io.jenkins.plugins.oauthmail.jobs.SavedBuild;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.testing.mail.GraphTrait;
import java.io.IOException;
import java.util.ConcurrentModificationException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A build that cannot be serialized, as another branch is changing what another plugin has recorded in it. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class UnsavableBuildTest {
    private JenkinsRig rig;
    private InMemoryRun build;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
        MailAccount account =
                OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow();
        account.setTransport(Transport.GRAPH);
        OAuthMailConfiguration.get().put(account, JenkinsRig.ACCOUNT);
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        build = new InMemoryJob("demo/pipeline").build();
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private static RuntimeException changed() {
        return new RuntimeException("Failed to serialize", new ConcurrentModificationException());
    }

    /** Whoever sends again what failed would send it twice. */
    @Test
    void doesNotFailAMessageThatWasSent() throws Exception {
        rig.mail().graph().with(GraphTrait.REPLACES_MESSAGE_IDS);
        build.onSave(() -> {
            throw changed();
        });
        Object sent = new InMemoryStepContext()
                .with(Run.class, build)
                .with(TaskListener.class, TaskListener.NULL)
                .run(Binder.bind(
                        OAuthMailSendStep.class,
                        Map.of("account", JenkinsRig.ACCOUNT, "to", JenkinsRig.ADDRESS, "subject", "Deploy")));
        assertTrue(sent instanceof Map<?, ?>, String.valueOf(sent));
        assertEquals(1, rig.mail().mails(JenkinsRig.ADDRESS, "INBOX").size());
    }

    @Test
    void isTriedAgain() throws Exception {
        build.onSave(() -> {
            build.onSave(null);
            throw changed();
        });
        SavedBuild.save(build);
        assertEquals(2, build.saves());
        build.onSave(() -> {
            throw changed();
        });
        Assertions.assertThrows(IOException.class, () -> SavedBuild.save(build));
    }
}
