package io.jenkins.plugins.oauthmail.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.Result;
import hudson.model.StringParameterDefinition;
import hudson.model.StringParameterValue;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import jakarta.mail.Flags;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Reading in sandboxed pipelines of a real controller, and the examples of docs/pipeline-read.md as they stand there. */
@WithJenkins
class ReadStepTest {
    private static final String INTERNAL = "X-MS-Exchange-Organization-AuthAs: Internal\r\n";
    private static final Pattern EXAMPLE = Pattern.compile("```groovy\n(.*?)```", Pattern.DOTALL);

    private JenkinsRule jenkins;

    @BeforeEach
    void keep(JenkinsRule rule) {
        jenkins = rule;
    }

    private ControllerRig microsoft() throws Exception {
        ControllerRig microsoft = new ControllerRig(jenkins);
        OAuthMailConfiguration.get()
                .account(ControllerRig.ACCOUNT)
                .orElseThrow()
                .setAuthenticatedBy("exchange");
        JenkinsRule.WebClient admin = microsoft.admin();
        admin.getPage(microsoft.signIn(admin, ControllerRig.ADDRESS));
        microsoft.mail().makeFolder(ControllerRig.ADDRESS, "Done");
        microsoft.mail().makeFolder(ControllerRig.ADDRESS, "Incomplete");
        return microsoft;
    }

    private static void put(ControllerRig microsoft, String header, String body) {
        microsoft.mail().deliver(ControllerRig.ADDRESS, header + "\r\n" + body + "\r\n");
    }

    private WorkflowJob job(String script) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, "may-read");
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job;
    }

    private WorkflowRun run(String script) throws Exception {
        return jenkins.buildAndAssertSuccess(job(script));
    }

    private static boolean seen(ControllerRig microsoft, String folder, int index) {
        return microsoft.mail().flags(ControllerRig.ADDRESS, folder).get(index).contains(Flags.Flag.SEEN);
    }

    private static List<String> examples() throws Exception {
        List<String> examples = new ArrayList<>();
        Matcher matcher = EXAMPLE.matcher(Files.readString(Path.of("docs/pipeline-read.md")));
        while (matcher.find()) {
            examples.add(matcher.group(1));
        }
        assertEquals(5, examples.size());
        return examples;
    }

    private static void putReport(ControllerRig microsoft) {
        put(
                microsoft,
                "From: ann@contoso.com\r\nSubject: Report 7\r\nX-Build: release\r\n"
                        + "Content-Type: multipart/mixed; boundary=b\r\n",
                "--b\r\nContent-Type: text/plain\r\n\r\nSee below.\r\n--b\r\nContent-Disposition: attachment; filename=../../r.txt\r\n\r\nall green\r\n"
                        + "--b--");
        put(microsoft, "From: eve@evil.example\r\nSubject: Report 8\r\n", "nothing attached");
    }

    @Test
    void documentedScriptedExample() throws Exception {
        try (ControllerRig microsoft = microsoft()) {
            putReport(microsoft);
            WorkflowRun build = run(examples().get(0));
            jenkins.assertLogContains("eve@evil.example: Report 8", build);
            String log = JenkinsRule.getLog(build);
            Matcher path =
                    Pattern.compile("(mail/[0-9a-f-]+/r\\.txt), (9|11) bytes").matcher(log);
            assertTrue(path.find(), log);
            assertEquals(
                    "all green",
                    jenkins.jenkins
                            .getWorkspaceFor(build.getParent())
                            .child(path.group(1))
                            .readToString()
                            .trim());
            assertEquals(false, seen(microsoft, "INBOX", 0));
        }
    }

    @Test
    void documentedDeclarativeExample() throws Exception {
        try (ControllerRig microsoft = microsoft()) {
            putReport(microsoft);
            WorkflowRun build = run(examples().get(1));
            assertEquals("1 report(s)", build.getDescription());
            assertEquals(1, build.getArtifacts().size());
            assertEquals(true, seen(microsoft, "INBOX", 0));
            assertEquals(false, seen(microsoft, "INBOX", 1));
        }
    }

    @Test
    void documentedQueueExample() throws Exception {
        try (ControllerRig microsoft = microsoft()) {
            put(microsoft, "From: eve@contoso.com\r\nSubject: Long\r\n", "line\r\n".repeat(400_000));
            putReport(microsoft);
            WorkflowRun build = run(examples().get(2));
            jenkins.assertLogContains("Report 7: See below.", build);
            jenkins.assertLogNotContains("Report 8:", build);
            assertEquals(1, microsoft.mails());
            assertEquals(
                    1, microsoft.mail().mails(ControllerRig.ADDRESS, "Done").size());
            assertEquals(
                    1,
                    microsoft.mail().mails(ControllerRig.ADDRESS, "Incomplete").size());
        }
    }

    @Test
    void documentedExampleWithIds() throws Exception {
        try (ControllerRig microsoft = microsoft()) {
            putReport(microsoft);
            jenkins.assertLogContains("1 of 2", run(examples().get(3)));
            assertEquals(true, seen(microsoft, "INBOX", 0));
            assertEquals(false, seen(microsoft, "INBOX", 1));
        }
    }

    @Test
    void documentedExampleWithReplies() throws Exception {
        try (ControllerRig microsoft = microsoft()) {
            WorkflowJob job = job(examples().get(4));
            job.addProperty(new ParametersDefinitionProperty(new StringParameterDefinition("MESSAGE_IDS", "")));
            String question = "\r\n\r\nOn 10 Mar 2026, Jenkins wrote:\r\n> Shall it go out? Answer approve.";
            String reply = "In-Reply-To: <q@contoso.test>\r\n";
            put(microsoft, "From: ann@contoso.com\r\n" + reply, "approve" + question);
            put(microsoft, "From: eve@contoso.com\r\n" + INTERNAL + reply, "approve" + question);
            put(microsoft, "From: bob@contoso.com\r\n" + INTERNAL + reply, "I do not approve" + question);
            put(microsoft, "From: bob@contoso.com\r\n" + INTERNAL + reply, "No." + question);
            put(microsoft, "From: bob@contoso.com\r\nAuto-Submitted: auto-replied\r\n" + INTERNAL + reply, "approve");
            jenkins.assertLogContains("approved: false", answered(job));
            put(microsoft, "From: Bob <Bob@contoso.com>\r\n" + INTERNAL + reply, "Approve" + question);
            jenkins.assertLogContains("approved: true", answered(job));
        }
    }

    private WorkflowRun answered(WorkflowJob job) throws Exception {
        return jenkins.assertBuildStatus(
                Result.SUCCESS,
                job.scheduleBuild2(
                                0,
                                new ParametersAction(new StringParameterValue(
                                        "MESSAGE_IDS", "<q@contoso.test> <kept@contoso.test>")))
                        .get());
    }

    @Test
    void acceptsGStringsAndLists() throws Exception {
        try (ControllerRig microsoft = microsoft()) {
            putReport(microsoft);
            WorkflowRun build = run("""
                    def who = 'ann'
                    def one = oauthMailRead account: 'build-mail', from: "${who}@contoso.com"
                    def two = oauthMailRead account: 'build-mail', from: ["${who}@contoso.com", 'eve'], headers: ['X-Build']
                    echo "found ${one*.subject} ${two*.subject} ${two[1].headers} ${two[1].authentication.result}"
                    """);
            jenkins.assertLogContains("found [Report 7] [Report 8, Report 7] [X-Build:[release]] none", build);
        }
    }

    @Test
    void requiresATrustedServer() throws Exception {
        try (ControllerRig microsoft = microsoft()) {
            OAuthMailConfiguration.get()
                    .account(ControllerRig.ACCOUNT)
                    .orElseThrow()
                    .setAuthenticatedBy(null);
            WorkflowRun build = jenkins.buildAndAssertStatus(
                    Result.FAILURE, job("oauthMailRead account: 'build-mail', requireAuthenticated: true"));
            jenkins.assertLogContains("requireAuthenticated: the account build-mail names no server to trust", build);
        }
    }

    @Test
    void rejectsMoveWithDelete() throws Exception {
        try (ControllerRig microsoft = microsoft()) {
            putReport(microsoft);
            WorkflowRun build = jenkins.buildAndAssertStatus(
                    Result.FAILURE, job("oauthMailRead account: 'build-mail', moveTo: 'Done', delete: true"));
            jenkins.assertLogContains("moveTo and delete cannot be combined", build);
            assertEquals(2, microsoft.mails());
        }
    }
}
