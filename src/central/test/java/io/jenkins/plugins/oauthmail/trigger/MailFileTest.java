package io.jenkins.plugins.oauthmail.trigger;

import static io.jenkins.plugins.oauthmail.trigger.TriggerRig.ANN;
import static io.jenkins.plugins.oauthmail.trigger.TriggerRig.from;
import static io.jenkins.plugins.oauthmail.trigger.TriggerRig.queue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.EnvVars;
import hudson.FilePath;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.inmemory.InMemoryRun;
import io.jenkins.inmemory.InMemoryStepContext;
import io.jenkins.plugins.oauthmail.testing.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The mail in the workspaces of a pipeline. */
@Timeout(60)
class MailFileTest {
    @TempDir
    private Path agent;

    @Test
    void eachBuildHasItsOwnFile() throws Exception {
        try (TriggerRig rig = new TriggerRig()) {
            InMemoryRun one = build(rig, "one");
            Path first = bring(one);
            assertTrue(Files.readString(first).contains("\"subject\":\"one\""));
            assertEquals(first, bring(one));
            // The job is deleted and made anew, its builds have the same numbers, and the workspace is still there.
            rig.crash();
            InMemoryRun other = build(rig, "two");
            assertEquals(one.getNumber(), other.getNumber());
            Path second = bring(other);
            assertNotEquals(first, second);
            assertTrue(Files.readString(second).contains("\"subject\":\"two\""));
            new MailFile.Ended().onCompleted(one, TaskListener.NULL);
            new MailFile.Ended().onCompleted(other, TaskListener.NULL);
            Await.until(() -> left().isEmpty());
        }
    }

    private static InMemoryRun build(TriggerRig rig, String subject) throws Exception {
        rig.watch(from(ANN));
        int before = queue().size();
        rig.mail(ANN, subject);
        Await.until(() -> queue().size() == before + 1);
        return rig.begin(queue().get(before));
    }

    private Path bring(InMemoryRun build) throws Exception {
        EnvVars variables = new EnvVars();
        InMemoryStepContext context = new InMemoryStepContext()
                .with(Run.class, build)
                .with(FilePath.class, new FilePath(agent.resolve("deploy").toFile()));
        new MailFile.InPipeline().buildEnvironmentFor(context, variables, TaskListener.NULL);
        return Path.of(variables.get("OAUTH_MAIL_FILE"));
    }

    private List<String> left() {
        return List.of(agent.resolve("deploy@tmp").toFile().list());
    }
}
