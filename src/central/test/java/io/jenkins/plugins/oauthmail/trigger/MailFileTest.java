package io.jenkins.plugins.oauthmail.trigger;

import static io.jenkins.plugins.oauthmail.trigger.TriggerStage.ANN;
import static io.jenkins.plugins.oauthmail.trigger.TriggerStage.await;
import static io.jenkins.plugins.oauthmail.trigger.TriggerStage.from;
import static io.jenkins.plugins.oauthmail.trigger.TriggerStage.queue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.EnvVars;
import hudson.FilePath;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.inmemory.InMemoryRun;
import io.jenkins.inmemory.InMemoryStepContext;
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
    void noBuildTakesTheFileOfAnotherOrLeavesItsOwnBehind() throws Exception {
        try (TriggerStage stage = new TriggerStage()) {
            InMemoryRun one = build(stage, "one");
            Path first = bring(one);
            assertTrue(Files.readString(first).contains("\"subject\":\"one\""));
            assertEquals(first, bring(one));
            // The job is deleted and made anew, its builds have the same numbers, and the workspace is still there.
            stage.crash();
            InMemoryRun other = build(stage, "two");
            assertEquals(one.getNumber(), other.getNumber());
            Path second = bring(other);
            assertNotEquals(first, second);
            assertTrue(Files.readString(second).contains("\"subject\":\"two\""));
            new MailFile.Ended().onCompleted(one, TaskListener.NULL);
            new MailFile.Ended().onCompleted(other, TaskListener.NULL);
            await(() -> left().isEmpty());
        }
    }

    private static InMemoryRun build(TriggerStage stage, String subject) throws Exception {
        stage.watch(from(ANN));
        int before = queue().size();
        stage.mail(ANN, subject);
        await(() -> queue().size() == before + 1);
        return stage.begin(queue().get(before));
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
