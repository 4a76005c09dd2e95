package io.jenkins.plugins.oauthmail.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.FilePath;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.Label;
import hudson.model.Run;
import hudson.slaves.WorkspaceList;
import hudson.tasks.Shell;
import hudson.triggers.Trigger;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.trigger.OAuthMailTrigger;
import java.io.File;
import java.io.StringReader;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import javax.xml.transform.stream.StreamSource;
import jenkins.model.Jenkins;
import jenkins.model.ParameterizedJobMixIn;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** Builds that mail starts in a real controller: by form, by pipeline, across restarts and a crash. */
class TriggerTest {
    private static final String JOB = "may-read";

    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    private final MicrosoftFake microsoft = new MicrosoftFake();

    @AfterEach
    void close() {
        microsoft.close();
    }

    private void authorize(JenkinsRule jenkins) throws Exception {
        microsoft.configure(jenkins);
        var admin = microsoft.admin();
        admin.getPage(microsoft.signIn(admin, MicrosoftFake.ADDRESS));
    }

    private void mail(String from, String subject, String... more) {
        String header = more.length == 0 ? "" : String.join("\r\n", more) + "\r\n";
        microsoft.receive("From: " + from + "\r\nTo: jenkins@contoso.test\r\nSubject: " + subject + "\r\n" + header
                + "\r\nPlease take release-1.2 now.\r\n");
    }

    private static OAuthMailTrigger trigger() {
        OAuthMailTrigger trigger = new OAuthMailTrigger("build-mail");
        trigger.setFrom(List.of("anna@contoso.com", "@ops.contoso.com"));
        return trigger;
    }

    private static FreeStyleProject freestyle(JenkinsRule jenkins) throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(JOB);
        job.setQuietPeriod(0);
        start(job, trigger());
        return job;
    }

    /** As Jenkins does when the job's form is saved. */
    private static void start(FreeStyleProject job, OAuthMailTrigger trigger) throws Exception {
        job.addTrigger(trigger);
        trigger.start(job, true);
    }

    /** As Jenkins does each minute. */
    private static void tick(ParameterizedJobMixIn.ParameterizedJob<?, ?> job) {
        job.getTriggers().values().forEach(Trigger::run);
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        while (!condition.call()) {
            if (Thread.interrupted()) {
                throw new InterruptedException("It never came to that.");
            }
            Thread.onSpinWait();
        }
    }

    /** Until the trigger knows where new mail begins. */
    private static void awaitFirstLook(Job<?, ?> job) throws Exception {
        await(() -> journal(job).exists());
    }

    private static File journal(Job<?, ?> job) {
        return new File(job.getRootDir(), "oauth-mail/trigger.xml");
    }

    @Test
    void theFormKeepsWhatItIsGiven() throws Throwable {
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
    void twoMailsStartTwoFreestyleBuildsOnAnAgent() throws Throwable {
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
            await(() -> job.getBuilds().size() == 2);
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
    void theDocumentedPipelineRunsAsItIsWritten() throws Throwable {
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
            await(() -> job.getBuildByNumber(2) != null);
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
            await(() -> temporary.list("oauth-mail*").length == 0);
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
    void mailThatComesWhileTheControllerIsDownStartsItsBuildOnce() throws Throwable {
        sessions.then(jenkins -> {
            authorize(jenkins);
            FreeStyleProject job = freestyle(jenkins);
            awaitFirstLook(job);
            mail("anna@contoso.com", "before");
            await(() -> job.getLastBuild() != null);
            jenkins.waitUntilNoActivity();
        });
        mail("anna@contoso.com", "meanwhile");
        sessions.then(jenkins -> {
            microsoft.beside(jenkins);
            FreeStyleProject job = jenkins.jenkins.getItemByFullName(JOB, FreeStyleProject.class);
            tick(job);
            await(() -> job.getBuildByNumber(2) != null);
            jenkins.waitUntilNoActivity();
            jenkins.assertLogContains(": meanwhile", job.getBuildByNumber(2));
            assertEquals(2, job.getBuilds().size());
        });
    }

    @Test
    void aQueuedBuildOutlivesARestart() throws Throwable {
        sessions.then(jenkins -> {
            authorize(jenkins);
            FreeStyleProject job = freestyle(jenkins);
            job.setQuietPeriod(3600);
            job.save();
            awaitFirstLook(job);
            mail("anna@contoso.com", "later");
            await(job::isInQueue);
        });
        sessions.then(jenkins -> {
            microsoft.beside(jenkins);
            FreeStyleProject job = jenkins.jenkins.getItemByFullName(JOB, FreeStyleProject.class);
            tick(job);
            assertFalse(page(jenkins, job).asNormalizedText().contains("ended without notice"));
            assertTrue(job.isInQueue());
            // What the queue does when the hour is over.
            jenkins.jenkins.getQueue().cancel(job);
            await(() -> !Files.readString(journal(job).toPath()).contains("later"));
            assertNull(job.getLastBuild());
        });
    }

    @Test
    void aBuildThatACrashTookIsNamedOnTheJobsPageAndCanBeStarted() throws Throwable {
        sessions.then(jenkins -> {
            authorize(jenkins);
            FreeStyleProject job = freestyle(jenkins);
            job.setQuietPeriod(3600);
            job.save();
            awaitFirstLook(job);
            mail("anna@contoso.com", "<b>first</b>");
            mail("anna@contoso.com", "second");
            await(() -> jenkins.jenkins.getQueue().getItems(job).size() == 2);
        });
        // As if the queue had not been saved for a while.
        assertTrue(new File(sessions.getHome(), "queue.xml").delete());
        sessions.then(jenkins -> {
            microsoft.beside(jenkins);
            FreeStyleProject job = jenkins.jenkins.getItemByFullName(JOB, FreeStyleProject.class);
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
            await(() -> job.getLastBuild() != null);
            jenkins.waitUntilNoActivity();
            jenkins.assertLogContains(": <b>first</b>", job.getLastBuild());
            jenkins.submit(form(builder.getPage(job), "dismiss", 0));
            assertFalse(builder.getPage(job).asNormalizedText().contains("second"));
            assertEquals(1, job.getBuilds().size());
            assertFalse(Files.readString(journal(job).toPath()).contains("second"));
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

    private static JenkinsRule.WebClient client(JenkinsRule jenkins, String user) throws Exception {
        return jenkins.createWebClient()
                .withThrowExceptionOnFailingStatusCode(false)
                .login(user);
    }

    private static HtmlPage page(JenkinsRule jenkins, Job<?, ?> job) throws Exception {
        return client(jenkins, "admin").getPage(job);
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

    @Test
    void aTriggerThatXmlReplacesStartsNoBuilds() throws Throwable {
        sessions.then(jenkins -> {
            authorize(jenkins);
            FreeStyleProject job = freestyle(jenkins);
            awaitFirstLook(job);
            String xml = job.getConfigFile().asString();
            job.updateByXml(new StreamSource(new StringReader(xml.replace("anna@contoso.com", "bob@contoso.com"))));
            mail("anna@contoso.com", "too late");
            mail("bob@contoso.com", "welcome");
            await(() -> job.getLastBuild() != null);
            jenkins.waitUntilNoActivity();
            jenkins.assertLogContains(": welcome", job.getBuildByNumber(1));
            assertEquals(1, job.getBuilds().size());
        });
    }

    @Test
    void theJobsPageSaysWhatKeepsTheTriggerFromWorking() throws Throwable {
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
            await(() -> job.getLastBuild() != null);
            Run<?, ?> build = job.getLastBuild();
            jenkins.waitUntilNoActivity();
            assertNotNull(build);
        });
    }
}
