package io.jenkins.plugins.oauthmail.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hudson.model.Result;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** Mail in variables outlives the controller. */
class ReadRestartTest {
    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    @Test
    void messagesSurviveARestart() throws Throwable {
        try (ControllerRig microsoft = new ControllerRig()) {
            sessions.then(jenkins -> {
                microsoft.configure(jenkins);
                var admin = microsoft.admin();
                admin.getPage(microsoft.signIn(admin, ControllerRig.ADDRESS));
                microsoft.deliver("Keep me", Instant.parse("2026-03-10T12:00:00Z"));
                WorkflowJob job = jenkins.createProject(WorkflowJob.class, "may-read");
                job.setDefinition(new CpsFlowDefinition("""
                        def mails = oauthMailRead account: 'build-mail', headers: '*', delete: true
                        echo 'restart now'
                        waitUntil { oauthMailRead(account: 'build-mail', subject: 'Go on').size() > 0 }
                        echo "still ${mails[0].subject} of ${mails[0].received}, ${mails[0].headers.Subject}"
                        """, true));
                WorkflowRun build = job.scheduleBuild2(0).waitForStart();
                jenkins.waitForMessage("restart now", build);
                assertEquals(0, microsoft.mails());
            });
            sessions.then(jenkins -> {
                microsoft.beside(jenkins);
                WorkflowRun build = jenkins.jenkins
                        .getItemByFullName("may-read", WorkflowJob.class)
                        .getBuildByNumber(1);
                microsoft.deliver("Go on", Instant.parse("2026-03-10T13:00:00Z"));
                jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(build));
                jenkins.assertLogContains("still Keep me of 2026-03-10T12:00:00Z, [Keep me]", build);
            });
        }
    }

    @Test
    void restartBeforeDeletionLosesNothing() throws Throwable {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch restarted = new CountDownLatch(1);
        try (ControllerRig microsoft = new ControllerRig()) {
            sessions.then(jenkins -> {
                microsoft.configure(jenkins);
                var admin = microsoft.admin();
                admin.getPage(microsoft.signIn(admin, ControllerRig.ADDRESS));
                microsoft.deliver("Keep me", Instant.parse("2026-03-10T12:00:00Z"));
                microsoft.mail().imapScript().hold("SELECT", arrived, restarted);
                WorkflowJob job = jenkins.createProject(WorkflowJob.class, "may-read");
                job.setDefinition(new CpsFlowDefinition("""
                        def mails = oauthMailRead account: 'build-mail', unseen: true, delete: true
                        echo "got ${mails*.subject}"
                        """, true));
                job.scheduleBuild2(0).waitForStart();
                arrived.await();
                assertEquals(1, microsoft.mails());
            });
            microsoft.mail().imapScript().clear();
            // Whatever came since is for the next build: this one only has to delete what it has.
            microsoft.deliver("Later", Instant.parse("2026-03-10T13:00:00Z"));
            sessions.then(jenkins -> {
                microsoft.beside(jenkins);
                WorkflowRun build = jenkins.jenkins
                        .getItemByFullName("may-read", WorkflowJob.class)
                        .getBuildByNumber(1);
                jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(build));
                jenkins.assertLogContains("got [Keep me]", build);
                assertEquals(1, microsoft.mails());
                restarted.countDown();
            });
        }
    }
}
