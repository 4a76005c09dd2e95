package io.jenkins.plugins.oauthmail.steps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.inmemory.Binder;
import io.jenkins.inmemory.InMemoryJob;
import io.jenkins.inmemory.InMemoryRun;
import io.jenkins.inmemory.InMemoryStepContext;
import io.jenkins.plugins.oauthmail.account.AccountActivity;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.jobs.BuildMail;
import io.jenkins.plugins.oauthmail.jobs.BuildMails;
import io.jenkins.plugins.oauthmail.notifier.OAuthMailNotifyStep;
import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.testing.BoundVariables;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jenkinsci.plugins.workflow.steps.EnvironmentExpander;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the build log masks is not recorded with the build either, such as the secret address of an incident service. */
class BoundSecretsTest {
    private static final String SECRET = "hook-93f1c2ab77@pager.test";

    private JenkinsRig rig;
    private InMemoryRun build;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        rig.mail().mailbox(SECRET);
        build = new InMemoryJob("demo/deploy").build();
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private InMemoryStepContext context() {
        return new InMemoryStepContext()
                .with(Run.class, build)
                .with(TaskListener.class, TaskListener.NULL)
                .with(
                        EnvironmentExpander.class,
                        new BoundVariables(
                                Map.of("PAGER", SECRET, "EMPTY", "", "STAGE", "deploy"),
                                Set.of("PAGER", "EMPTY", "UNBOUND")));
    }

    private void assertHidden() {
        String stored = Run.XSTREAM2.toXML(BuildMails.find(build));
        assertFalse(stored.toLowerCase(Locale.ROOT).contains(SECRET), stored);
    }

    @Test
    void sentMessage() throws Exception {
        context()
                .run(Binder.bind(
                        OAuthMailSendStep.class,
                        Map.of(
                                "account",
                                JenkinsRig.ACCOUNT,
                                "to",
                                SECRET,
                                "subject",
                                "deploy: " + SECRET,
                                "body",
                                "b")));
        BuildMail mail = BuildMails.find(build).getMails().get(0);
        assertEquals("deploy: ****", mail.getSubject());
        assertEquals("****", mail.getRecipients());
        assertEquals(1, rig.mail().mails(SECRET, "INBOX").size());
        assertHidden();
    }

    @Test
    void refusedRecipient() throws Exception {
        rig.mail().smtpScript().reply("RCPT TO", "550 5.1.1 <" + SECRET.replace("hook", "Hook") + "> is unknown");
        AbortException refused = assertThrows(AbortException.class, () -> context()
                .run(Binder.bind(
                        OAuthMailSendStep.class,
                        Map.of("account", JenkinsRig.ACCOUNT, "to", SECRET, "subject", "s", "body", "b"))));
        assertTrue(refused.getMessage().contains("550"), refused.getMessage());
        assertEquals(
                List.of("****"),
                BuildMails.find(build).getMails().stream()
                        .map(BuildMail::getRecipients)
                        .toList());
        assertHidden();
    }

    /** Whoever sees how the account does need not see the job. */
    @Test
    void stateOfTheAccount() throws Exception {
        rig.mail()
                .smtpScript()
                .reply("RCPT TO", "550 5.7.708 <" + SECRET + "> Access denied, traffic not accepted from this IP");
        assertThrows(AbortException.class, () -> context()
                .run(Binder.bind(
                        OAuthMailSendStep.class,
                        Map.of("account", JenkinsRig.ACCOUNT, "to", SECRET, "subject", "s", "body", "b"))));
        String said = AccountActivity.get()
                .trouble(JenkinsRig.ACCOUNT, MailUse.SEND)
                .orElseThrow()
                .getSentence();
        assertTrue(said.contains("5.7.708"), said);
        assertFalse(said.contains(SECRET), said);
    }

    @Test
    void conditionOfAWait() throws Exception {
        InMemoryStepContext context = context();
        StepExecution execution = Binder.bind(
                        OAuthMailReadStep.class, Map.of("account", JenkinsRig.ACCOUNT, "waitFor", "1h", "text", SECRET))
                .start(context);
        execution.start();
        try {
            Await.until(() -> !new BuildMailAction.Factory().createFor(build).isEmpty());
            BuildMailAction page = (BuildMailAction)
                    new BuildMailAction.Factory().createFor(build).iterator().next();
            String what = page.getWaits().get(0).getWhat();
            assertTrue(what.contains("****"), what);
            assertFalse(what.contains(SECRET), what);
        } finally {
            execution.stop(new AbortException("the test is over"));
        }
    }

    @Test
    void notification() throws Exception {
        build.setResult(Result.FAILURE);
        context()
                .with(EnvVars.class, new EnvVars("PAGER", SECRET))
                .run(Binder.bind(
                        OAuthMailNotifyStep.class,
                        Map.of("account", JenkinsRig.ACCOUNT, "to", "$PAGER", "subject", "for $PAGER")));
        assertEquals("for ****", BuildMails.find(build).getMails().get(0).getSubject());
        assertHidden();
    }
}
