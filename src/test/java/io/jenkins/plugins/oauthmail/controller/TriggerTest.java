package io.jenkins.plugins.oauthmail.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.FilePath;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Label;
import hudson.slaves.WorkspaceList;
import hudson.tasks.Shell;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.trigger.OAuthMailTrigger;
import java.io.File;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.transform.stream.StreamSource;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;

/** Builds that mail starts in a real controller: freestyle and pipeline, and across restarts. */
class TriggerTest extends ControllerTriggerRig {
    @Test
    void twoMessagesStartTwoFreestyleBuildsOnAnAgent() throws Throwable {
        sessions.then(jenkins -> {
            authorize(jenkins);
            jenkins.createOnlineSlave(Label.get("elsewhere"));
            FreeStyleProject job = freestyle(jenkins);
            job.setAssignedLabel(Label.get("elsewhere"));
            job.getBuildersList()
                    .add(new Shell("echo \"got $OAUTH_MAIL_SUBJECT by $OAUTH_MAIL_FROM\"\n"
                            + "grep -o 'release-[0-9.]*' \"$OAUTH_MAIL_FILE\"\nls -l \"$OAUTH_MAIL_FILE\""));
            awaitFirstLook(job);
            mail("eve@evil.example", "nothing");
            mail("Anna <anna@contoso.com>", "one");
            mail("carl@ops.contoso.com", "two ${JOB_NAME} =?UTF-8?B?77+/?=");
            Await.until(() -> job.getBuilds().size() == 2);
            jenkins.waitUntilNoActivity();
            FreeStyleBuild one = jenkins.assertBuildStatusSuccess(job.getBuildByNumber(1));
            jenkins.assertLogContains("Started by a mail from anna@contoso.com: one", one);
            jenkins.assertLogContains("got one by anna@contoso.com", one);
            jenkins.assertLogContains("\nrelease-1.2", one);
            jenkins.assertLogContains("-rw-------", one);
            FreeStyleBuild two = jenkins.assertBuildStatusSuccess(job.getBuildByNumber(2));
            jenkins.assertLogContains("got two $ {JOB_NAME} \uFFFD by carl@ops.contoso.com", two);
            File workspaces = new File(one.getWorkspace().getParent().getRemote());
            try (Stream<Path> left = Files.walk(workspaces.toPath())) {
                assertEquals(
                        List.of(),
                        left.filter(file -> file.toString().endsWith(".json")).toList());
            }
            FreeStyleBuild byHand = job.scheduleBuild2(0).get();
            jenkins.assertLogContains("got  by", byHand);
        });
    }

    @Test
    void documentedPipelineRuns() throws Throwable {
        sessions.then(jenkins -> {
            authorize(jenkins);
            MailAccount account =
                    OAuthMailConfiguration.get().account("build-mail").orElseThrow();
            account.setAuthenticatedBy("exchange");
            OAuthMailConfiguration.get().put(account, "build-mail");
            WorkflowJob job = jenkins.createProject(WorkflowJob.class, JOB);
            job.setQuietPeriod(0);
            job.setDefinition(new CpsFlowDefinition(documented("pipeline {") + "\n", true));
            WorkflowRun byHand = jenkins.buildAndAssertSuccess(job);
            jenkins.assertLogNotContains("Asked for by", byHand);
            awaitFirstLook(job);
            mail("anna@contoso.com", "Deploy, please");
            mail("anna@contoso.com", "Deploy, please", "X-MS-Exchange-Organization-AuthAs: Internal");
            Await.until(() -> job.getBuildByNumber(2) != null);
            WorkflowRun build = jenkins.waitForCompletion(job.getBuildByNumber(2));
            jenkins.assertBuildStatusSuccess(build);
            jenkins.assertLogContains("Asked for by anna@contoso.com", build);
            assertEquals(
                    "release-1.2",
                    jenkins.jenkins
                            .getWorkspaceFor(job)
                            .child("release.txt")
                            .readToString()
                            .strip());
            assertEquals(2, job.getBuilds().size());
            FilePath temporary = WorkspaceList.tempDir(jenkins.jenkins.getWorkspaceFor(job));
            Await.until(() -> temporary.list("oauth-mail*").length == 0);
            WorkflowJob scripted = jenkins.createProject(WorkflowJob.class);
            scripted.setDefinition(new CpsFlowDefinition(documented("properties([") + "\n", true));
            jenkins.buildAndAssertSuccess(scripted);
            OAuthMailTrigger trigger = (OAuthMailTrigger)
                    scripted.getTriggers().values().iterator().next();
            assertEquals("anna@contoso.com", trigger.getFrom());
            assertTrue(trigger.isRequireAuthenticated());
        });
    }

    private static String documented(String begin) throws Exception {
        String page = Files.readString(Path.of("docs", "trigger.md"));
        int start = page.indexOf(begin);
        return page.substring(start, page.indexOf("```", start));
    }

    @Test
    void startsOneBuildForAMessageReceivedWhileDown() throws Throwable {
        sessions.then(jenkins -> {
            authorize(jenkins);
            FreeStyleProject job = freestyle(jenkins);
            awaitFirstLook(job);
            mail("anna@contoso.com", "before");
            Await.until(() -> job.getLastBuild() != null);
            jenkins.waitUntilNoActivity();
        });
        mail("anna@contoso.com", "meanwhile");
        sessions.then(jenkins -> {
            FreeStyleProject job = afterRestart(jenkins);
            tick(job);
            Await.until(() -> job.getBuildByNumber(2) != null);
            jenkins.waitUntilNoActivity();
            jenkins.assertLogContains(": meanwhile", job.getBuildByNumber(2));
            assertEquals(2, job.getBuilds().size());
        });
    }

    @Test
    void queuedBuildSurvivesARestart() throws Throwable {
        sessions.then(jenkins -> {
            authorize(jenkins);
            FreeStyleProject job = withQuietHour(jenkins);
            mail("anna@contoso.com", "later");
            Await.until(job::isInQueue);
        });
        sessions.then(jenkins -> {
            FreeStyleProject job = afterRestart(jenkins);
            tick(job);
            assertFalse(page(jenkins, job).asNormalizedText().contains("stopped unexpectedly"));
            assertTrue(job.isInQueue());
            // What the queue does when the hour is over.
            jenkins.jenkins.getQueue().cancel(job);
            Await.until(() -> !pending(job).contains("later"));
            assertNull(job.getLastBuild());
        });
    }

    @Test
    void replacedTriggerStartsNoBuilds() throws Throwable {
        sessions.then(jenkins -> {
            authorize(jenkins);
            FreeStyleProject job = freestyle(jenkins);
            awaitFirstLook(job);
            String xml = job.getConfigFile().asString();
            job.updateByXml(new StreamSource(new StringReader(xml.replace("anna@contoso.com", "bob@contoso.com"))));
            mail("anna@contoso.com", "too late");
            mail("bob@contoso.com", "welcome");
            Await.until(() -> job.getLastBuild() != null);
            jenkins.waitUntilNoActivity();
            jenkins.assertLogContains(": welcome", job.getBuildByNumber(1));
            assertEquals(1, job.getBuilds().size());
        });
    }

    @Test
    void abandonedTriggerReleasesTheMailbox() throws Throwable {
        sessions.then(jenkins -> {
            authorize(jenkins);
            FreeStyleProject job = freestyle(jenkins);
            awaitFirstLook(job);
            String with = job.getConfigFile().asString();
            Await.until(() -> microsoft.mail().idling() == 1);
            job.updateByXml(
                    new StreamSource(new StringReader(with.replaceAll("(?s)<triggers>.*</triggers>", "<triggers/>"))));
            Await.until(() -> microsoft.mail().imapClients() == 0);
            job.updateByXml(new StreamSource(new StringReader(with)));
            Await.until(() -> microsoft.mail().idling() == 1);
            job.delete();
            Await.until(() -> microsoft.mail().imapClients() == 0);
        });
    }
}
