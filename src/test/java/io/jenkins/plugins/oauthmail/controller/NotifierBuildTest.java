package io.jenkins.plugins.oauthmail.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.BuildListener;
import hudson.model.Cause;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.Result;
import hudson.model.User;
import hudson.slaves.DumbSlave;
import hudson.slaves.OfflineCause;
import hudson.tasks.Mailer;
import hudson.tasks.junit.JUnitResultArchiver;
import io.jenkins.plugins.oauthmail.notifier.OAuthMailNotifier;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import javax.xml.transform.stream.StreamSource;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.FailureBuilder;
import org.jvnet.hudson.test.FakeChangeLogSCM;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.TestBuilder;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The notifier in freestyle builds of a real controller, with the real plugins that it can do without. */
@WithJenkins
class NotifierBuildTest {
    private JenkinsRule jenkins;
    private ControllerRig microsoft;
    private FreeStyleProject job;
    private final OAuthMailNotifier notifier = new OAuthMailNotifier(ControllerRig.ACCOUNT);

    @BeforeEach
    void open(JenkinsRule rule) throws Exception {
        jenkins = rule;
        microsoft = new ControllerRig(rule);
        var admin = microsoft.admin();
        admin.getPage(microsoft.signIn(admin, ControllerRig.ADDRESS));
        job = rule.createFreeStyleProject("app");
        job.getPublishersList().add(notifier);
    }

    @AfterEach
    void close() {
        microsoft.close();
    }

    /** Lets these people see the job, and gives them addresses of their own. */
    private void people(String... readers) throws Exception {
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ)
                .everywhere()
                .to(readers));
        for (String reader : readers) {
            Objects.requireNonNull(User.getById(reader, true))
                    .addProperty(new Mailer.UserProperty(reader + "@contoso.test"));
        }
    }

    private int mails(String person) {
        return microsoft.mails(person + "@contoso.test").size();
    }

    private void changedBy(String... authors) throws Exception {
        FakeChangeLogSCM scm = new FakeChangeLogSCM();
        for (String author : authors) {
            scm.addChange().withAuthor(author).withMsg("Change of " + author);
        }
        job.setScm(scm);
    }

    private FreeStyleBuild build(Result result) throws Exception {
        return jenkins.assertBuildStatus(result, job.scheduleBuild2(0, new Cause.UserIdCause("anna")));
    }

    @Test
    void notifiesRequestorAndCommitters() throws Exception {
        people("anna", "bob", "carla");
        Objects.requireNonNull(User.getById("mallory", true))
                .addProperty(new Mailer.UserProperty("mallory@contoso.test"));
        notifier.setRequestor(true);
        notifier.setCulprits(true);
        job.getBuildersList().add(new FailureBuilder());
        changedBy("bob", "mallory");
        build(Result.FAILURE);
        changedBy("carla");
        FreeStyleBuild second = build(Result.FAILURE);
        assertEquals(2, mails("anna"), JenkinsRule.getLog(second));
        assertEquals(2, mails("bob"), JenkinsRule.getLog(second));
        assertEquals(1, mails("carla"), JenkinsRule.getLog(second));
        assertEquals(0, mails("mallory"));
        jenkins.assertLogContains(
                "mallory does not receive the notification: not a Jenkins user with permission to read", second);
        String text = text(microsoft.mails("carla@contoso.test").get(0));
        assertTrue(text.contains("- carla: Change of carla"), text);
        assertTrue(text.contains("Result:    FAILURE"), text);
        assertTrue(text.contains(jenkins.getURL() + "job/app/2/console"), text);
    }

    @Test
    void notifiesAboutTheFirstFailureAndTheFix() throws Exception {
        notifier.setTo(ControllerRig.ADDRESS);
        notifier.setWhen("FIRST_FAILURE, FIXED");
        build(Result.SUCCESS);
        assertEquals(0, microsoft.mails());
        FailureBuilder failure = new FailureBuilder();
        job.getBuildersList().add(failure);
        build(Result.FAILURE);
        FreeStyleBuild again = build(Result.FAILURE);
        assertEquals(1, microsoft.mails());
        jenkins.assertLogContains(
                "no notification was sent; this job sends one only after the first failure in a row or after", again);
        job.getBuildersList().remove(failure);
        build(Result.SUCCESS);
        assertEquals(2, microsoft.mails());
        assertEquals(
                "app #4: SUCCESS (fixed)",
                microsoft.mails(ControllerRig.ADDRESS).get(1).getSubject());
    }

    /** Disconnects in the middle of the build. */
    private static final class LosesItsAgent extends TestBuilder {
        @Override
        public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener listener)
                throws InterruptedException, IOException {
            try {
                Objects.requireNonNull(
                                Objects.requireNonNull(build.getBuiltOn()).toComputer())
                        .disconnect(new OfflineCause.ByCLI("lost"))
                        .get();
            } catch (ExecutionException e) {
                throw new IOException(e);
            }
            return false;
        }
    }

    @Test
    void sendsWithoutTheAgent() throws Exception {
        DumbSlave agent = jenkins.createOnlineSlave();
        job.setAssignedNode(agent);
        job.getBuildersList().add(new LosesItsAgent());
        notifier.setTo(ControllerRig.ADDRESS);
        notifier.setSubject("$JOB_NAME on $NODE_NAME");
        notifier.setAttachments("*.txt");
        FreeStyleBuild build = build(Result.FAILURE);
        assertEquals(1, microsoft.mails(), JenkinsRule.getLog(build));
        jenkins.assertLogContains("the notification is sent without attachments", build);
    }

    @Test
    void reportsFailedTests() throws Exception {
        notifier.setTo(ControllerRig.ADDRESS);
        job.getPublishersList().replaceBy(List.of(new JUnitResultArchiver("results.xml"), notifier));
        job.getBuildersList().add(new TestBuilder() {
            @Override
            public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener listener)
                    throws InterruptedException, IOException {
                String results = "<testsuite name='s'><testcase classname='a.B' name='good'/>"
                        + "<testcase classname='a.B' name='bad &lt;one&gt;'><failure/></testcase></testsuite>";
                Objects.requireNonNull(build.getWorkspace())
                        .child("results.xml")
                        .copyFrom(new ByteArrayInputStream(results.getBytes(StandardCharsets.UTF_8)));
                return true;
            }
        });
        build(Result.UNSTABLE);
        String text = text(microsoft.mails(ControllerRig.ADDRESS).get(0));
        assertTrue(text.contains("Result:    UNSTABLE"), text);
        assertTrue(text.contains("Tests:     1 failed of 2"), text);
        assertTrue(text.contains("Failed tests\n- a.B.bad <one>"), text);
    }

    @Test
    void replacesMacrosOnce() throws Exception {
        notifier.setTo(ControllerRig.ADDRESS);
        notifier.setSubject("${PROJECT_NAME} and ${NO_SUCH_THING}");
        notifier.setHtml("<p>${CHANGES, format=\"%m\"}</p>");
        FakeChangeLogSCM scm = new FakeChangeLogSCM();
        scm.addChange().withAuthor("bob").withMsg("<b>$JOB_NAME ${JOB_NAME} ${BUILD_NUMBER}</b>");
        job.setScm(scm);
        FreeStyleBuild build = build(Result.SUCCESS);
        var mail = microsoft.mails(ControllerRig.ADDRESS).get(0);
        assertEquals("app and ${NO_SUCH_THING}", mail.getSubject());
        String html = ControllerRig.html(mail);
        assertTrue(html.contains("&lt;b&gt;$JOB_NAME ${JOB_NAME} ${BUILD_NUMBER}&lt;/b&gt;"), html);
        jenkins.assertLogContains("${NO_SUCH_THING} was not replaced: ", build);
    }

    @Test
    void failsTheBuildOnlyOnRequest() throws Exception {
        notifier.setTo("not one");
        jenkins.assertLogContains("OAuth Mail: Message: to: ", build(Result.SUCCESS));
        notifier.setFailBuild(true);
        FreeStyleBuild failed = build(Result.FAILURE);
        jenkins.assertLogContains("OAuth Mail: Message: to: ", failed);
        assertFalse(JenkinsRule.getLog(failed).contains("\tat "), "a stack trace in the log");
    }

    @Test
    void readsJobsOfEarlierVersions() throws Exception {
        String old = "<project><publishers><io.jenkins.plugins.oauthmail.notifier.OAuthMailNotifier>"
                + "<account>build-mail</account><to>jenkins@contoso.test</to><when>FIRST_FAILURE</when>"
                + "<subject>Old</subject><body>Text</body>"
                + "</io.jenkins.plugins.oauthmail.notifier.OAuthMailNotifier></publishers></project>";
        FreeStyleProject read = (FreeStyleProject) jenkins.jenkins.createProjectFromXML(
                "old", new ByteArrayInputStream(old.getBytes(StandardCharsets.UTF_8)));
        OAuthMailNotifier saved = read.getPublishersList().get(OAuthMailNotifier.class);
        assertEquals("FIRST_FAILURE", saved.getWhen());
        assertEquals("jenkins@contoso.test", saved.getTo());
        read.getBuildersList().add(new FailureBuilder());
        jenkins.assertBuildStatus(Result.FAILURE, read.scheduleBuild2(0));
        jenkins.assertBuildStatus(Result.FAILURE, read.scheduleBuild2(0));
        assertEquals(1, microsoft.mails());
    }

    @Test
    void reportsAnUnknownOccasionInTheLog() throws Exception {
        job.updateByXml(new StreamSource(new StringReader("<project><publishers>"
                + "<io.jenkins.plugins.oauthmail.notifier.OAuthMailNotifier><account>build-mail</account>"
                + "<to>jenkins@contoso.test</to><when>FAILURE, OFTEN</when>"
                + "</io.jenkins.plugins.oauthmail.notifier.OAuthMailNotifier></publishers></project>")));
        jenkins.assertLogContains("OAuth Mail: when: there is no 'OFTEN'; use one or more", build(Result.SUCCESS));
    }

    /** The plain text of a mail. */
    static String text(Part part) throws Exception {
        return part.getContent() instanceof Multipart several
                ? text(several.getBodyPart(0))
                : part.getContent().toString().replace("\r\n", "\n");
    }
}
