package io.jenkins.plugins.oauthmail.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hudson.FilePath;
import hudson.model.Result;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.testing.Await;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.cps.CpsFlowExecution;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** A pipeline that waits for mail in a real controller, with restarts in the middle. */
class WaitTest {
    private static final String JOB = "may-read";

    /** What a controller does not change while it runs. */
    private static final String PLUGINS = "plugins/**,war/**";

    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    @Test
    void waitsAcrossARestartWithoutAnExecutor() throws Throwable {
        try (ControllerRig microsoft = new ControllerRig()) {
            sessions.then(jenkins -> {
                authorize(microsoft, jenkins);
                waiting(
                        jenkins,
                        "def mails = oauthMailRead account: 'build-mail', subject: 'Approve', waitFor: '1h', count: 2\n"
                                + "echo \"got ${mails*.subject.sort()}\"");
                microsoft.deliver("Approve 1", Instant.now());
                assertEquals(0, jenkins.jenkins.toComputer().countBusy());
            });
            sessions.then(jenkins -> {
                microsoft.beside(jenkins);
                WorkflowRun build = build(jenkins);
                microsoft.deliver("Something else", Instant.now());
                microsoft.deliver("Approve 2", Instant.now());
                jenkins.waitForCompletion(build);
                jenkins.assertBuildStatus(Result.SUCCESS, build);
                jenkins.assertLogContains("got [Approve 1, Approve 2]", build);
            });
        }
    }

    @Test
    void countsMessagesReceivedWhileDownAfterTheDeadline() throws Throwable {
        try (ControllerRig microsoft = new ControllerRig()) {
            sessions.then(jenkins -> {
                authorize(microsoft, jenkins);
                waiting(
                        jenkins,
                        "def mails = oauthMailRead account: 'build-mail', subject: 'Approve', waitFor: '20s'\n"
                                + "echo \"got ${mails*.subject}\"");
            });
            microsoft.deliver("Approve", Instant.now());
            sessions.then(jenkins -> {
                microsoft.beside(jenkins);
                WorkflowRun build = build(jenkins);
                jenkins.waitForCompletion(build);
                jenkins.assertBuildStatus(Result.SUCCESS, build);
                jenkins.assertLogContains("got [Approve]", build);
            });
        }
    }

    /** Microsoft replaces the id of a sent mail, and people answer to either. */
    @Test
    void findsRepliesByEitherIdAfterARestart() throws Throwable {
        try (ControllerRig microsoft = new ControllerRig()) {
            sessions.then(jenkins -> {
                authorize(microsoft, jenkins);
                microsoft.smtpScript().reply(".", "250 2.0.0 OK <kept@outlook.test> [Hostname=x]");
                WorkflowRun build = waiting(jenkins, """
                        def m = oauthMailSend account: 'build-mail', to: 'jenkins@contoso.test', subject: 'Deploy?'
                        echo "kept ${m.messageId}"
                        def mails = oauthMailRead account: 'build-mail', repliesTo: m.messageId, waitFor: '1h', count: 2
                        echo "got ${mails*.subject.sort()}"
                        """);
                jenkins.assertLogContains("kept <kept@outlook.test>", build);
                reply(microsoft, "to what was sent", microsoft.newestId());
            });
            sessions.then(jenkins -> {
                microsoft.beside(jenkins);
                WorkflowRun build = build(jenkins);
                reply(microsoft, "to what was kept", "<kept@outlook.test>");
                jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(build));
                jenkins.assertLogContains("got [to what was kept, to what was sent]", build);
            });
        }
    }

    /** Sessions of the harness end in good order; what is on the disk before that is what a crash leaves. */
    @Test
    void killedControllerResumesWithBothIds(@TempDir Path image) throws Throwable {
        try (ControllerRig microsoft = new ControllerRig()) {
            FilePath saved = new FilePath(image.toFile());
            sessions.then(jenkins -> {
                authorize(microsoft, jenkins);
                microsoft.smtpScript().reply(".", "250 2.0.0 OK <kept@outlook.test> [Hostname=x]");
                WorkflowRun build = waiting(jenkins, """
                        def m = oauthMailSend account: 'build-mail', to: 'jenkins@contoso.test', subject: 'Deploy?'
                        def mails = oauthMailRead account: 'build-mail', repliesTo: m.messageId, waitFor: '1h'
                        echo "got ${mails*.subject}"
                        """);
                ((CpsFlowExecution) build.getExecution()).waitForSuspension(); // the step is saved by then
                jenkins.jenkins.getRootPath().copyRecursiveTo("**", PLUGINS, saved);
            });
            FilePath home = new FilePath(sessions.getHome());
            for (FilePath file : home.list()) {
                if (saved.child(file.getName()).exists()) {
                    file.deleteRecursive();
                }
            }
            saved.copyRecursiveTo("**", home);
            reply(microsoft, "while it was down", microsoft.newestId());
            sessions.then(jenkins -> {
                microsoft.beside(jenkins);
                WorkflowRun build = build(jenkins);
                jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(build));
                jenkins.assertLogContains("got [while it was down]", build);
            });
        }
    }

    private static void reply(ControllerRig microsoft, String subject, String id) {
        microsoft.receive(
                "From: anna@contoso.test\r\nSubject: " + subject + "\r\nIn-Reply-To: " + id + "\r\n\r\nyes\r\n");
    }

    @Test
    void checksPermissionAfterARestart() throws Throwable {
        try (ControllerRig microsoft = new ControllerRig()) {
            sessions.then(jenkins -> {
                authorize(microsoft, jenkins);
                waiting(jenkins, "oauthMailRead account: 'build-mail', subject: 'Approve', waitFor: '1h'");
                MailAccount account =
                        OAuthMailConfiguration.get().account("build-mail").orElseThrow();
                account.setMayRead("somebody-else");
                OAuthMailConfiguration.get().put(account, "build-mail");
            });
            sessions.then(jenkins -> {
                microsoft.beside(jenkins);
                WorkflowRun build = build(jenkins);
                jenkins.waitForCompletion(build);
                jenkins.assertBuildStatus(Result.FAILURE, build);
                jenkins.assertLogContains("that the job may-read may read", build);
            });
        }
    }

    @Test
    void timeoutFailsOrReturnsAnEmptyList() throws Throwable {
        try (ControllerRig microsoft = new ControllerRig()) {
            sessions.then(jenkins -> {
                authorize(microsoft, jenkins);
                WorkflowJob job = jenkins.createProject(WorkflowJob.class, JOB);
                jenkins.assertLogContains(
                        "waitFor: no message matched within 1s.",
                        run(jenkins, job, Result.FAILURE, "oauthMailRead account: 'build-mail', waitFor: '1s'"));
                jenkins.assertLogContains(
                        "got []",
                        run(
                                jenkins,
                                job,
                                Result.SUCCESS,
                                "echo \"got ${oauthMailRead account: 'build-mail', waitFor: '1s', onTimeout: 'empty'}\""));
                for (var refusal : List.of(
                        List.of("waitFor: 'soon'", "waitFor: 'soon' is not a time such as"),
                        List.of("waitFor: '1h', saveAttachments: 'in'", "saveAttachments: a step that waits"),
                        List.of("waitFor: '1h', count: 21", "count: use 1 to 20"),
                        List.of("waitFor: '1h', onTimeout: 'cry'", "onTimeout: 'cry' is neither"),
                        List.of("waitFor: '1h', folder: 'Nowhere'", "has no folder \"Nowhere\""))) {
                    jenkins.assertLogContains(
                            refusal.get(1),
                            run(
                                    jenkins,
                                    job,
                                    Result.FAILURE,
                                    "oauthMailRead account: 'build-mail', " + refusal.get(0)));
                }
            });
        }
    }

    @Test
    void abortedBuildClosesItsConnection() throws Throwable {
        try (ControllerRig microsoft = new ControllerRig()) {
            sessions.then(jenkins -> {
                authorize(microsoft, jenkins);
                WorkflowRun build =
                        waiting(jenkins, "oauthMailRead account: 'build-mail', subject: 'Approve', waitFor: '1h'");
                Await.until(() -> count(microsoft, "LOGOUT") > 0); // it has looked once
                build.getExecutor().interrupt();
                jenkins.waitForCompletion(build);
                jenkins.assertBuildStatus(Result.ABORTED, build);
                Await.until(() -> count(microsoft, "LOGOUT") >= microsoft.mail().imapConnections());
            });
        }
    }

    private static void authorize(ControllerRig microsoft, JenkinsRule jenkins) throws Exception {
        microsoft.configure(jenkins);
        var admin = microsoft.admin();
        admin.getPage(microsoft.signIn(admin, ControllerRig.ADDRESS));
    }

    /** A build that has looked once, found too little, and waits. */
    private static WorkflowRun waiting(JenkinsRule jenkins, String script) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, JOB);
        job.setDefinition(new CpsFlowDefinition("echo 'begins'\n" + script, true));
        WorkflowRun build = job.scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("OAuth Mail: waiting for mail in", build);
        return build;
    }

    private static WorkflowRun build(JenkinsRule jenkins) {
        return jenkins.jenkins.getItemByFullName(JOB, WorkflowJob.class).getBuildByNumber(1);
    }

    private static WorkflowRun run(JenkinsRule jenkins, WorkflowJob job, Result result, String script)
            throws Exception {
        job.setDefinition(new CpsFlowDefinition(script, true));
        return jenkins.assertBuildStatus(result, job.scheduleBuild2(0).get());
    }

    private static long count(ControllerRig microsoft, String command) {
        return microsoft.mail().imapHeard().stream()
                .filter(line -> line.endsWith(command))
                .count();
    }
}
