package io.jenkins.plugins.oauthmail.notifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Item;
import hudson.model.Result;
import hudson.model.User;
import hudson.tasks.MailAddressResolver;
import hudson.util.FormValidation;
import io.jenkins.inmemory.InMemoryJob;
import io.jenkins.inmemory.InMemoryRun;
import io.jenkins.plugins.oauthmail.account.ActivityLog;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The form shows and sends what a build would send, to those who may configure the job. */
@Timeout(60)
class PreviewTest {
    private NotifierRig rig;
    private InMemoryJob job;
    private OAuthMailNotifier.DescriptorImpl form;

    @BeforeEach
    void open() throws Exception {
        rig = new NotifierRig();
        rig.jenkins.jenkins().grant("viewer", Item.READ, Item.EXTENDED_READ);
        rig.jenkins.jenkins().grant("author", Jenkins.READ, Item.READ, Item.CONFIGURE);
        rig.jenkins.jenkins().register(new MailAddressResolver() {
            @Override
            public String findMailAddressFor(User u) {
                return u.getId().equals("author") ? JenkinsRig.ADDRESS : null;
            }
        });
        job = new InMemoryJob("demo/nightly");
        form = (OAuthMailNotifier.DescriptorImpl) Jenkins.get().getDescriptorOrDie(OAuthMailNotifier.class);
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private InMemoryRun build() {
        InMemoryRun build = job.build()
                .with("PASSWORD", "hunter2")
                .changed("Mallory", "0123456789", "</iframe><script>alert(1)</script>\" onload=\"x");
        build.setResult(Result.FAILURE);
        return build;
    }

    private FormValidation preview(String user, String subject, String body, String html) {
        try (var someone = rig.jenkins.jenkins().as(user)) {
            return form.doPreview(job, subject, body, html);
        }
    }

    private FormValidation send(String user) {
        try (var someone = rig.jenkins.jenkins().as(user)) {
            return form.doSendToMe(job, JenkinsRig.ACCOUNT, null, null, null);
        }
    }

    @Test
    void showsTheReportOfTheLastBuild() {
        build();
        FormValidation shown = preview("author", null, null, null);
        assertEquals(FormValidation.Kind.OK, shown.kind);
        String page = shown.renderHtml();
        assertTrue(page.contains("Subject: demo/nightly #1: FAILURE"), page);
        assertTrue(page.contains("<iframe sandbox=\"\""), page);
        assertFalse(page.contains("<script"), page);
        assertEquals(1, page.split("</iframe>", -1).length - 1, page);
        assertFalse(page.contains("\" onload"), page);
    }

    private String previewVariant(String when, String subject, String body, String usualSubject, String usualHtml) {
        NotificationVariant.DescriptorImpl variants =
                (NotificationVariant.DescriptorImpl) Jenkins.get().getDescriptorOrDie(NotificationVariant.class);
        try (var someone = rig.jenkins.jenkins().as("author")) {
            return variants.doPreview(job, when, subject, body, null, usualSubject, null, usualHtml)
                    .renderHtml();
        }
    }

    @Test
    void showsAVariantAboutTheLastBuildThatItIsFor() {
        NotifierRig.build(job, Result.FAILURE);
        NotifierRig.build(job, Result.SUCCESS);
        NotifierRig.build(job, Result.FAILURE);
        NotifierRig.build(job, Result.UNSTABLE);
        String page = previewVariant("FIXED", "Good again: ${BUILD_NUMBER}", null, "usual", null);
        assertTrue(page.contains("Subject: Good again: 2"), page);
        assertTrue(page.contains("about build #2"), page);
        page = previewVariant("FAILURE, FIXED", null, null, null, null);
        assertTrue(page.contains("Subject: demo/nightly #3: FAILURE"), page);
        page = previewVariant("ABORTED", null, null, null, null);
        assertTrue(page.contains("None of the last 50 builds is one for this variant"), page);
        assertTrue(page.contains("about build #4"), page);
        page = previewVariant(null, null, null, null, null);
        assertTrue(page.contains("about build #4"), page);
    }

    @Test
    void fillsAVariantWithTheFieldsOfTheNotifier() {
        build();
        String page = previewVariant("FAILURE", null, null, "Usual $BUILD_NUMBER", "<b>usual</b>");
        assertTrue(page.contains("Subject: Usual 1"), page);
        assertTrue(page.contains("&lt;b&gt;usual&lt;/b&gt;"), page);
        page = previewVariant("FAILURE", "Own", "own text", "Usual", "<b>usual</b>");
        assertTrue(page.contains("Subject: Own"), page);
        assertTrue(page.contains("own text"), page);
        assertFalse(page.contains("usual"), page);
    }

    @Test
    void sendsAVariantToTheUser() throws Exception {
        build();
        NotificationVariant.DescriptorImpl variants =
                (NotificationVariant.DescriptorImpl) Jenkins.get().getDescriptorOrDie(NotificationVariant.class);
        try (var someone = rig.jenkins.jenkins().as("author")) {
            FormValidation sent =
                    variants.doSendToMe(job, JenkinsRig.ACCOUNT, "FAILURE", "Own", null, null, "Usual", null, null);
            assertEquals(FormValidation.Kind.OK, sent.kind, sent.toString());
        }
        assertEquals("Own", rig.mail().getSubject());
        try (var someone = rig.jenkins.jenkins().as("viewer")) {
            assertThrows(
                    RuntimeException.class,
                    () -> variants.doPreview(job, "FAILURE", null, null, null, null, null, null));
            assertThrows(
                    RuntimeException.class,
                    () -> variants.doSendToMe(job, JenkinsRig.ACCOUNT, "FAILURE", null, null, null, null, null, null));
        }
        assertEquals(1, rig.mails());
    }

    @Test
    void reportsAnUnknownNameOfAVariant() {
        build();
        assertTrue(previewVariant("WHENEVER", null, null, null, null).contains("WHENEVER"));
    }

    @Test
    void variablesOfTheBuildStayHidden() {
        build();
        String page = preview(
                        "author",
                        "${JOB_NAME} #$BUILD_NUMBER ${PASSWORD} ${ENV, var=\"PASSWORD\"}",
                        "see ${BUILD_URL}",
                        "<b>$JOB_NAME</b>")
                .renderHtml();
        assertTrue(page.contains("Subject: demo/nightly #1 ${PASSWORD} ${ENV, var=&quot;PASSWORD&quot;}"), page);
        assertTrue(page.contains("see http://localhost:8080/jenkins/job/demo/job/nightly/1/"), page);
        assertTrue(page.contains("&lt;b&gt;demo/nightly&lt;/b&gt;"), page);
        assertFalse(page.contains("hunter2"), page);
    }

    @Test
    void requiresPermissionToConfigure() {
        build();
        assertThrows(RuntimeException.class, () -> preview("viewer", null, null, null));
        assertThrows(RuntimeException.class, () -> send("viewer"));
        assertEquals(0, rig.mails());
    }

    @Test
    void reportsMissingBuildsAndJobs() {
        assertEquals(FormValidation.Kind.WARNING, preview("author", null, null, null).kind);
        job = null;
        assertEquals(FormValidation.Kind.WARNING, preview("author", null, null, null).kind);
    }

    @Test
    void sendsToTheUserOnly() throws Exception {
        build();
        FormValidation sent = send("author");
        assertEquals(FormValidation.Kind.OK, sent.kind, sent.toString());
        assertEquals(1, rig.mails());
        assertEquals("demo/nightly #1: FAILURE", rig.mail().getSubject());
    }

    /** So that those who may not see the job do not see it in the activity of the account. */
    @Test
    void recordsTheJob() throws Exception {
        build();
        assertEquals(FormValidation.Kind.OK, send("author").kind);
        List<String> jobs = new ArrayList<>();
        ActivityLog.get().read(JenkinsRig.ACCOUNT, entry -> jobs.add(entry.job()));
        assertEquals(List.of("demo/nightly"), jobs);
    }

    @Test
    void reportsAUserWithoutAddress() {
        build();
        rig.jenkins.jenkins().grant("stranger", Item.READ, Item.CONFIGURE);
        assertEquals(FormValidation.Kind.WARNING, send("stranger").kind);
        assertEquals(0, rig.mails());
    }

    @Test
    void rejectsAnAccountThatTheJobMayNotUse() {
        build();
        try (var author = rig.jenkins.jenkins().as("author")) {
            assertEquals(FormValidation.Kind.ERROR, form.doSendToMe(job, "other", null, null, null).kind);
        }
    }
}
