package io.jenkins.plugins.oauthmail.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.plugins.emailext.ExtendedEmailPublisher;
import hudson.plugins.emailext.ExtendedEmailPublisherDescriptor;
import hudson.plugins.emailext.plugins.recipients.ListRecipientProvider;
import hudson.plugins.emailext.plugins.trigger.AlwaysTrigger;
import hudson.tasks.Mailer;
import hudson.tasks.SMTPAuthentication;
import hudson.util.ListBoxModel;
import hudson.util.Secret;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import jenkins.model.JenkinsLocationConfiguration;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.FailureBuilder;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Email Extension and Mailer as they are released. */
@WithJenkins
class OtherPluginsTest {
    private static final String CREDENTIALS = "oauth-mail-" + ControllerRig.ACCOUNT;
    private static final String PASSWORD = "a long password at the relay";

    private static MailAccount offer(ControllerRig microsoft) throws Exception {
        var admin = microsoft.admin();
        admin.getPage(microsoft.signIn(admin, ControllerRig.ADDRESS));
        MailAccount account =
                OAuthMailConfiguration.get().account(ControllerRig.ACCOUNT).orElseThrow();
        account.setOtherPluginsMaySend(true);
        JenkinsLocationConfiguration.get().setAdminAddress(ControllerRig.ADDRESS);
        return account;
    }

    private static ExtendedEmailPublisherDescriptor emailExtension(JenkinsRule jenkins, Endpoint smtp) {
        ExtendedEmailPublisherDescriptor settings =
                jenkins.jenkins.getDescriptorByType(ExtendedEmailPublisherDescriptor.class);
        settings.getMailAccount().setSmtpHost(smtp.host());
        settings.getMailAccount().setSmtpPort(Integer.toString(smtp.port()));
        settings.getMailAccount().setCredentialsId(CREDENTIALS);
        settings.getMailAccount().setUseOAuth2(true);
        settings.getMailAccount().setUseTls(true);
        return settings;
    }

    @Test
    void emailExtensionSendsWithAnAccount(JenkinsRule jenkins) throws Exception {
        try (ControllerRig microsoft = new ControllerRig(jenkins)) {
            MailAccount account = offer(microsoft);
            emailExtension(jenkins, microsoft.mail().smtp(Security.STARTTLS));
            FreeStyleProject job = jenkins.createFreeStyleProject("app");
            ExtendedEmailPublisher publisher = new ExtendedEmailPublisher();
            publisher.recipientList = ControllerRig.ADDRESS;
            publisher.defaultSubject = "from $PROJECT_NAME";
            publisher.defaultContent = "hello";
            publisher.contentType = "text/plain";
            publisher
                    .getConfiguredTriggers()
                    .add(new AlwaysTrigger(List.of(new ListRecipientProvider()), "", "", "", "", "", 0, "project"));
            job.getPublishersList().add(publisher);
            FreeStyleBuild build = jenkins.buildAndAssertSuccess(job);
            assertEquals(1, microsoft.mails(), JenkinsRule.getLog(build));

            WorkflowJob pipeline = jenkins.createProject(WorkflowJob.class, "pipeline");
            String mail = "emailext to: '" + ControllerRig.ADDRESS + "', subject: 'x', body: 'y'";
            pipeline.setDefinition(new CpsFlowDefinition(mail, true));
            WorkflowRun run = jenkins.buildAndAssertSuccess(pipeline);
            assertEquals(2, microsoft.mails(), JenkinsRule.getLog(run));

            account.setMaySend("app");
            run = pipeline.scheduleBuild2(0).get();
            jenkins.assertLogContains("pipeline may send with", run);
            assertEquals(2, microsoft.mails(), JenkinsRule.getLog(run));
        }
    }

    @Test
    void nothingElseGetsTheToken(JenkinsRule jenkins) throws Exception {
        try (ControllerRig microsoft = new ControllerRig(jenkins)) {
            offer(microsoft);
            WorkflowJob job = jenkins.createProject(WorkflowJob.class, "app");
            for (String binding : List.of(
                    "usernamePassword(credentialsId: '" + CREDENTIALS
                            + "', usernameVariable: 'U', passwordVariable: 'P')",
                    "usernameColonPassword(credentialsId: '" + CREDENTIALS + "', variable: 'P')",
                    "string(credentialsId: '" + CREDENTIALS + "', variable: 'P')")) {
                job.setDefinition(
                        new CpsFlowDefinition("node { withCredentials([" + binding + "]) { echo 'bound' } }", true));
                WorkflowRun run = jenkins.buildAndAssertStatus(Result.FAILURE, job);
                jenkins.assertLogContains("Could not find credentials entry with ID '" + CREDENTIALS + "'", run);
                assertFalse(JenkinsRule.getLog(run).contains("bound"), JenkinsRule.getLog(run));
            }
        }
    }

    @Test
    void mailerSendsThroughTheRelay(JenkinsRule jenkins) throws Exception {
        try (ControllerRig microsoft = new ControllerRig(jenkins)) {
            MailAccount account = offer(microsoft);
            SystemCredentialsProvider.getInstance()
                    .getCredentials()
                    .add(new StringCredentialsImpl(CredentialsScope.SYSTEM, "relay", "", Secret.fromString(PASSWORD)));
            account.setRelayCredentialsId("relay");
            int port;
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            OAuthMailConfiguration.get().setRelayPort(port);
            OAuthMailConfiguration.get().save();
            Mailer.DescriptorImpl settings = jenkins.jenkins.getDescriptorByType(Mailer.DescriptorImpl.class);
            settings.setSmtpHost("127.0.0.1");
            settings.setSmtpPort(Integer.toString(port));
            settings.setAuthentication(new SMTPAuthentication(ControllerRig.ACCOUNT, Secret.fromString(PASSWORD)));
            FreeStyleProject job = jenkins.createFreeStyleProject("app");
            job.getBuildersList().add(new FailureBuilder());
            job.getPublishersList().add(new Mailer(ControllerRig.ADDRESS, true, false));
            FreeStyleBuild build = jenkins.buildAndAssertStatus(Result.FAILURE, job);
            assertEquals(1, microsoft.mails(), JenkinsRule.getLog(build));
        }
    }

    @Test
    void settingsThatCannotWorkAreOnThePageAndInTheMonitor(JenkinsRule jenkins) throws Exception {
        try (ControllerRig microsoft = new ControllerRig(jenkins)) {
            MailAccount account = offer(microsoft);
            ExtendedEmailPublisherDescriptor emailExtension =
                    emailExtension(jenkins, microsoft.mail().smtp(Security.STARTTLS));
            account.setRelayCredentialsId("relay");
            Mailer.DescriptorImpl mailer = jenkins.jenkins.getDescriptorByType(Mailer.DescriptorImpl.class);
            mailer.setSmtpHost("127.0.0.1");
            mailer.setAuthentication(new SMTPAuthentication(ControllerRig.ACCOUNT, Secret.fromString(PASSWORD)));
            String relay = "the relay is off";
            String oauth = "select Use OAuth 2.0";

            assertShown(jenkins, relay, true);
            assertShown(jenkins, oauth, false);
            mailer.setSmtpHost("smtp.elsewhere.test");
            emailExtension.getMailAccount().setUseOAuth2(false);
            assertShown(jenkins, relay, false);
            assertShown(jenkins, oauth, true);
        }
    }

    @Test
    void thePageShowsWhatDropDownListsShow(JenkinsRule jenkins) throws Exception {
        try (ControllerRig microsoft = new ControllerRig(jenkins)) {
            MailAccount account = offer(microsoft);
            SystemCredentialsProvider.getInstance()
                    .getCredentials()
                    .add(new StringCredentialsImpl(
                            CredentialsScope.SYSTEM, "relay", "Password at the relay", Secret.fromString(PASSWORD)));
            account.setRelayCredentialsId("relay");
            String page = microsoft
                    .admin()
                    .goTo("manage/mail-accounts/account/" + ControllerRig.ACCOUNT + "/")
                    .asNormalizedText();
            ListBoxModel choices = jenkins.jenkins
                    .getDescriptorByType(hudson.plugins.emailext.MailAccount.MailAccountDescriptor.class)
                    .doFillCredentialsIdItems(null, "");
            String shown = choices.stream()
                    .filter(choice -> choice.value.equals(CREDENTIALS))
                    .map(choice -> choice.name)
                    .findFirst()
                    .orElseThrow();
            assertTrue(page.contains(shown), page);
            assertTrue(page.contains("that of the credential Password at the relay"), page);
        }
    }

    private static void assertShown(JenkinsRule jenkins, String sentence, boolean shown) throws Exception {
        for (String page : List.of("manage/mail-accounts/account/" + ControllerRig.ACCOUNT + "/", "manage/")) {
            HtmlPage html = jenkins.createWebClient().login("admin").goTo(page);
            assertEquals(shown, html.asNormalizedText().contains(sentence), html.asNormalizedText());
        }
    }
}
