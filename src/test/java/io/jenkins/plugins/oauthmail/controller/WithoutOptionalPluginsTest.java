package io.jenkins.plugins.oauthmail.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Cause;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import io.jenkins.plugins.oauthmail.notifier.OAuthMailNotifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.FailureBuilder;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** A controller in a process of its own, without the plugins that the notifier can do without. */
class WithoutOptionalPluginsTest {
    @RegisterExtension
    private final RealJenkinsExtension controller = new RealJenkinsExtension()
            .omitPlugins(
                    "junit", "mailer", "metrics", "token-macro", "pipeline-model-definition", "workflow-basic-steps");

    @Test
    void notifierWorksAndReportsWhatIsMissing() throws Throwable {
        controller.then(WithoutOptionalPluginsTest::notifies);
    }

    private static void notifies(JenkinsRule jenkins) throws Throwable {
        for (String plugin : new String[] {"junit", "mailer", "metrics", "token-macro"}) {
            assertNull(jenkins.jenkins.getPlugin(plugin), plugin + " is there");
        }
        try (ControllerRig microsoft = new ControllerRig(jenkins)) {
            var admin = microsoft.admin();
            admin.getPage(microsoft.signIn(admin, ControllerRig.ADDRESS));
            OAuthMailNotifier notifier = new OAuthMailNotifier(ControllerRig.ACCOUNT);
            notifier.setTo(ControllerRig.ADDRESS);
            notifier.setRequestor(true);
            notifier.setSubject("$JOB_NAME ${CHANGES}");
            FreeStyleProject job = jenkins.createFreeStyleProject("app");
            job.getBuildersList().add(new FailureBuilder());
            job.getPublishersList().add(notifier);

            FreeStyleBuild build =
                    jenkins.assertBuildStatus(Result.FAILURE, job.scheduleBuild2(0, new Cause.UserIdCause("admin")));

            assertEquals(1, microsoft.mails(), JenkinsRule.getLog(build));
            assertEquals(
                    "app ${CHANGES}",
                    microsoft.mails(ControllerRig.ADDRESS).get(0).getSubject());
            jenkins.assertLogContains(
                    "do not receive the notification; their addresses come from the Mailer plugin", build);
            assertFalse(JenkinsRule.getLog(build).contains("NoClassDefFoundError"), JenkinsRule.getLog(build));
            admin.getOptions().setJavaScriptEnabled(true);
            String form = admin.getPage(job, "configure").asNormalizedText();
            assertTrue(form.contains("the Mailer plugin, which is not installed"), form);
        }
    }
}
