package io.jenkins.plugins.oauthmail.controller;

import hudson.model.FreeStyleProject;
import hudson.model.Job;
import hudson.triggers.Trigger;
import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.trigger.OAuthMailTrigger;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import jenkins.model.ParameterizedJobMixIn;
import org.htmlunit.html.HtmlPage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** A job that mail starts, in a real controller that can be restarted. */
abstract class ControllerTriggerRig {
    static final String JOB = "may-read";

    @RegisterExtension
    final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    final ControllerRig microsoft = new ControllerRig();

    @AfterEach
    void close() {
        microsoft.close();
    }

    void authorize(JenkinsRule jenkins) throws Exception {
        microsoft.configure(jenkins);
        var admin = microsoft.admin();
        admin.getPage(microsoft.signIn(admin, ControllerRig.ADDRESS));
    }

    void mail(String from, String subject, String... more) {
        String header = more.length == 0 ? "" : String.join("\r\n", more) + "\r\n";
        microsoft.receive("From: " + from + "\r\nTo: jenkins@contoso.test\r\nSubject: " + subject + "\r\n" + header
                + "\r\nPlease take release-1.2 now.\r\n");
    }

    static OAuthMailTrigger trigger() {
        OAuthMailTrigger trigger = new OAuthMailTrigger("build-mail");
        trigger.setFrom(List.of("anna@contoso.com", "@ops.contoso.com"));
        return trigger;
    }

    static FreeStyleProject freestyle(JenkinsRule jenkins) throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(JOB);
        job.setQuietPeriod(0);
        start(job, trigger());
        return job;
    }

    /** As {@link #freestyle}, but its builds stay in the queue for an hour; it has looked once. */
    static FreeStyleProject withQuietHour(JenkinsRule jenkins) throws Exception {
        FreeStyleProject job = freestyle(jenkins);
        job.setQuietPeriod(3600);
        job.save();
        awaitFirstLook(job);
        return job;
    }

    /** The job of an earlier session, with the servers still there. */
    FreeStyleProject afterRestart(JenkinsRule jenkins) {
        microsoft.beside(jenkins);
        return jenkins.jenkins.getItemByFullName(JOB, FreeStyleProject.class);
    }

    /** As Jenkins does when the job's form is saved. */
    static void start(FreeStyleProject job, OAuthMailTrigger trigger) throws Exception {
        job.addTrigger(trigger);
        trigger.start(job, true);
    }

    /** As Jenkins does each minute. */
    static void tick(ParameterizedJobMixIn.ParameterizedJob<?, ?> job) {
        job.getTriggers().values().forEach(Trigger::run);
    }

    /** Until the trigger knows where new mail begins. */
    static void awaitFirstLook(Job<?, ?> job) throws Exception {
        Await.until(() -> journal(job).exists());
    }

    static File journal(Job<?, ?> job) {
        return new File(job.getRootDir(), "oauth-mail/trigger.xml");
    }

    /** What the trigger has stored, except for the last message, which remains when its build has started. */
    static String pending(Job<?, ?> job) throws IOException {
        return Files.readString(journal(job).toPath()).replaceAll("(?s)<last>.*?</last>", "");
    }

    static JenkinsRule.WebClient client(JenkinsRule jenkins, String user) throws Exception {
        return jenkins.createWebClient()
                .withThrowExceptionOnFailingStatusCode(false)
                .login(user);
    }

    static HtmlPage page(JenkinsRule jenkins, Job<?, ?> job) throws Exception {
        return client(jenkins, "admin").getPage(job);
    }
}
