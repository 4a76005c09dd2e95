package io.jenkins.plugins.oauthmail.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.model.Fingerprint;
import hudson.model.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Both steps in sandboxed pipelines of a real controller. */
@WithJenkins
class PipelineTest {
    @Test
    void sendsAndReadsBack(JenkinsRule jenkins) throws Exception {
        try (ControllerRig microsoft = new ControllerRig(jenkins)) {
            JenkinsRule.WebClient admin = microsoft.admin();
            admin.getPage(microsoft.signIn(admin, ControllerRig.ADDRESS));
            WorkflowRun build = jenkins.assertBuildStatus(
                    Result.SUCCESS,
                    job(jenkins, "may-read", """
                    node {
                      writeFile file: 'report.txt', text: 'all green'
                      def sent = oauthMailSend account: 'build-mail', to: 'jenkins@contoso.test', subject: 'Done', body: 'Hello', attachments: '*.txt'
                      def mails = oauthMailRead account: 'build-mail', unseen: true, subject: 'Done', saveAttachments: 'in'
                      echo "same: ${sent.messageId == mails[0].messageId}, ${readFile(mails[0].attachments[0].path)}"
                    }
                    """).scheduleBuild2(0).get());
            jenkins.assertLogContains("same: true, all green", build);
            Fingerprint used = CredentialsProvider.getFingerprintOf(
                    SystemCredentialsProvider.getInstance().getCredentials().get(0));
            assertNotNull(used, "the client secret is not tracked");
            assertEquals(Set.of("may-read"), used.getUsages().keySet());
        }
    }

    @Test
    void scheduledJobReadsNewMessages(JenkinsRule jenkins) throws Exception {
        try (ControllerRig microsoft = new ControllerRig(jenkins)) {
            JenkinsRule.WebClient admin = microsoft.admin();
            admin.getPage(microsoft.signIn(admin, ControllerRig.ADDRESS));
            WorkflowJob job = job(jenkins, "may-read", recipe() + "\necho \"new: ${mails*.subject}\"");
            microsoft.deliver("old", Instant.parse("2026-01-01T00:00:00Z"));
            jenkins.assertLogContains("new: []", jenkins.buildAndAssertSuccess(job));
            microsoft.deliver("new", Instant.now().plusSeconds(60));
            jenkins.assertLogContains("new: [new]", jenkins.buildAndAssertSuccess(job));
        }
    }

    /** The README's own words. */
    private static String recipe() throws Exception {
        String page = Files.readString(Path.of("README.md"));
        int start = page.indexOf("def last = currentBuild.previousSuccessfulBuild");
        return page.substring(start, page.indexOf("```", start));
    }

    @Test
    void refusalIsOneSentence(JenkinsRule jenkins) throws Exception {
        try (ControllerRig microsoft = new ControllerRig(jenkins)) {
            refused(
                    jenkins,
                    "unknown",
                    "oauthMailSend account: 'nope', to: 'a@b.test'",
                    "account: there is no mail account 'nope' that the job");
            refused(
                    jenkins,
                    "may-not",
                    "oauthMailRead account: 'build-mail'",
                    "account: there is no mail account 'build-mail' that the job may-not may read");
            refused(jenkins, "not-yet", "oauthMailSend account: 'build-mail', to: 'a@b.test'", "must press Authorize");
        }
    }

    private static void refused(JenkinsRule jenkins, String name, String script, String sentence) throws Exception {
        WorkflowRun build = jenkins.assertBuildStatus(
                Result.FAILURE, job(jenkins, name, script).scheduleBuild2(0).get());
        jenkins.assertLogContains(sentence, build);
        assertFalse(JenkinsRule.getLog(build).contains("\tat "), "a stack trace in the log");
    }

    private static WorkflowJob job(JenkinsRule jenkins, String name, String script) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, name);
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job;
    }
}
