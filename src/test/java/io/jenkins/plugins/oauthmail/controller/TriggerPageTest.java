package io.jenkins.plugins.oauthmail.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.trigger.OAuthMailTrigger;
import java.io.File;
import java.net.URL;
import java.util.List;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** What forms and a job's page show of a trigger, and what can be done there. */
class TriggerPageTest extends ControllerTriggerRig {
    @Test
    void formKeepsItsValues() throws Throwable {
        sessions.then(jenkins -> {
            OAuthMailConfiguration.get().setAccounts(List.of());
            for (OAuthMailTrigger before : List.of(new OAuthMailTrigger("a"), full())) {
                FreeStyleProject job = jenkins.createFreeStyleProject();
                job.addTrigger(before);
                jenkins.configRoundtrip((Item) job);
                OAuthMailTrigger after = job.getTrigger(OAuthMailTrigger.class);
                jenkins.assertEqualDataBoundBeans(before, after);
                WorkflowJob pipeline = jenkins.createProject(WorkflowJob.class);
                pipeline.addTrigger(before);
                jenkins.configRoundtrip((Item) pipeline);
                jenkins.assertEqualDataBoundBeans(
                        before, pipeline.getTriggers().values().iterator().next());
            }
        });
    }

    private static OAuthMailTrigger full() {
        OAuthMailTrigger trigger = trigger();
        trigger.setFolder("INBOX/Deploy");
        trigger.setTo("x@contoso.com, y@contoso.com");
        trigger.setSubject("a, b");
        trigger.setText("text");
        trigger.setRepliesTo("<a@b>");
        trigger.setUnseen(true);
        trigger.setHasAttachment(true);
        trigger.setRequireAuthenticated(true);
        trigger.setAutomatic(true);
        return trigger;
    }

    @Test
    void offersBuildsLostInACrashOnTheJobPage() throws Throwable {
        sessions.then(jenkins -> {
            authorize(jenkins);
            FreeStyleProject job = withQuietHour(jenkins);
            mail("anna@contoso.com", "<b>first</b>");
            mail("anna@contoso.com", "second");
            Await.until(() -> jenkins.jenkins.getQueue().getItems(job).size() == 2);
        });
        // As if the queue had not been saved for a while.
        assertTrue(new File(sessions.getHome(), "queue.xml").delete());
        sessions.then(jenkins -> {
            FreeStyleProject job = afterRestart(jenkins);
            job.setQuietPeriod(0);
            tick(job);
            permissions(jenkins);
            JenkinsRule.WebClient reader = client(jenkins, "reader");
            HtmlPage seen = reader.getPage(job);
            assertTrue(seen.asNormalizedText().contains("<b>first</b>"), seen::asNormalizedText);
            assertFalse(seen.asNormalizedText().contains("Dismiss"), seen::asNormalizedText);
            assertEquals(403, press(jenkins, reader, job, "start", HttpMethod.POST));
            assertEquals(403, press(jenkins, reader, job, "dismiss", HttpMethod.POST));
            JenkinsRule.WebClient builder = client(jenkins, "builder");
            assertEquals(404, press(jenkins, builder, job, "start", HttpMethod.GET));
            HtmlPage page = builder.getPage(job);
            jenkins.submit(form(page, "start", 0));
            Await.until(() -> job.getLastBuild() != null);
            jenkins.waitUntilNoActivity();
            jenkins.assertLogContains(": <b>first</b>", job.getLastBuild());
            jenkins.submit(form(builder.getPage(job), "dismiss", 0));
            // The last message that was looked at is named further down.
            assertFalse(builder.getPage(job).asNormalizedText().contains("Dismiss"));
            assertEquals(1, job.getBuilds().size());
            assertFalse(pending(job).contains("second"));
        });
    }

    @Test
    void showsProblemsOfTheTriggerOnTheJobPage() throws Throwable {
        sessions.then(jenkins -> {
            authorize(jenkins);
            FreeStyleProject job = jenkins.createFreeStyleProject("may-not-read");
            start(job, trigger());
            String text = page(jenkins, job)
                    .getElementById("oauth-mail-trigger-trouble")
                    .getTextContent();
            assertTrue(text.contains("that the job may-not-read may read"), text);
            job.renameTo(JOB);
            tick(job);
            awaitFirstLook(job);
            assertNull(page(jenkins, job).getElementById("oauth-mail-trigger-trouble"));
            mail("anna@contoso.com", "renamed");
            Await.until(() -> job.getLastBuild() != null);
            Run<?, ?> build = job.getLastBuild();
            jenkins.waitUntilNoActivity();
            assertNotNull(build);
        });
    }

    private static void permissions(JenkinsRule jenkins) {
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ)
                .everywhere()
                .to("reader", "builder")
                .grant(Item.BUILD)
                .everywhere()
                .to("builder"));
    }

    private static HtmlForm form(HtmlPage page, String name, int index) {
        List<HtmlForm> forms = page.getForms().stream()
                .filter(form -> form.getNameAttribute().equals(name))
                .toList();
        assertTrue(index < forms.size(), page::asNormalizedText);
        return forms.get(index);
    }

    private static int press(
            JenkinsRule jenkins, JenkinsRule.WebClient browser, Job<?, ?> job, String what, HttpMethod method)
            throws Exception {
        WebRequest request = new WebRequest(
                new URL(jenkins.getURL(), job.getUrl() + "oauth-mail-trigger/" + what + "?mail=x"), method);
        if (method == HttpMethod.POST) {
            browser.addCrumb(request);
        }
        return browser.getPage(request).getWebResponse().getStatusCode();
    }
}
