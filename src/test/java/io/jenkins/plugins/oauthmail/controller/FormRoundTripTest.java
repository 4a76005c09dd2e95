package io.jenkins.plugins.oauthmail.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.model.FreeStyleProject;
import hudson.util.Secret;
import io.jenkins.plugins.oauthmail.config.ClientAuthentication;
import io.jenkins.plugins.oauthmail.config.ClientCertificate;
import io.jenkins.plugins.oauthmail.config.ClientSecret;
import io.jenkins.plugins.oauthmail.config.Cloud;
import io.jenkins.plugins.oauthmail.config.FederatedToken;
import io.jenkins.plugins.oauthmail.config.Grant;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailServer;
import io.jenkins.plugins.oauthmail.config.OAuthApplication;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.config.Transport;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.notifier.NotificationVariant;
import io.jenkins.plugins.oauthmail.notifier.NotifyWhen;
import io.jenkins.plugins.oauthmail.notifier.OAuthMailNotifier;
import io.jenkins.plugins.oauthmail.steps.OAuthMailReadStep;
import io.jenkins.plugins.oauthmail.steps.OAuthMailSendStep;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.Jenkins;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.workflow.steps.StepConfigTester;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Every form, shown, submitted and compared. */
@WithJenkins
class FormRoundTripTest {
    private static final String CLIENT_ID = "00001111-aaaa-2222-bbbb-3333cccc4444";
    private static final String TENANT = "contoso.onmicrosoft.com";

    @Test
    void applicationsSurviveARoundTrip(JenkinsRule jenkins) throws Exception {
        ClientCertificate twoCredentials = new ClientCertificate("a-certificate");
        twoCredentials.setKeyCredentialsId("a-key");
        OAuthApplication custom = application("custom", new ClientCertificate("a-keystore"));
        custom.setCloud(Cloud.CUSTOM);
        custom.setAuthority("https://login.example.com/");
        custom.setMailResource("https://mail.example.com/");
        custom.setExtraScopes("User.Read email");
        ClientSecret secret = new ClientSecret("a-secret");
        secret.setExpiresOn("2027-05-31");
        OAuthApplication china = application("china", twoCredentials);
        china.setCloud(Cloud.CHINA);
        FederatedToken issued = new FederatedToken();
        issued.setCredentialsId("a-token");
        issued.setIssuer("https://jenkins.example.com/oidc");
        issued.setSubject("https://jenkins.example.com/");
        FederatedToken file = new FederatedToken();
        file.setTokenFile("/var/run/secrets/azure/tokens/azure-identity-token");
        file.setAudience("api://AzureADTokenExchangeUSGov");
        OAuthMailConfiguration.get()
                .setApplications(List.of(
                        application("plain", secret),
                        custom,
                        china,
                        application("issued", issued),
                        application("file", file)));
        String before = stored();

        for (String id : new String[] {"plain", "custom", "china", "issued", "file"}) {
            jenkins.submit(form(jenkins, "application/" + id + "/"));
            assertEquals(before, stored(), id);
        }
    }

    @Test
    void accountsSurviveARoundTrip(JenkinsRule jenkins) throws Exception {
        OAuthMailConfiguration.get()
                .setApplications(List.of(
                        application("other", new ClientSecret("x")), application("contoso", new ClientSecret("x"))));
        MailAccount full = new MailAccount("full", "full@contoso.com", "contoso");
        full.setGrant(Grant.APPLICATION);
        full.setSignsInAs("anna@contoso.com");
        full.setMaySend("a/**, b");
        full.setMayRead("a/x\nb/y");
        full.setOtherSenders("noreply@contoso.com");
        full.setMaximumMegabytes(100);
        full.setMaximumReadMegabytes(1000);
        full.setMaximumReadMinutes(90);
        full.setRecordDetails(true);
        full.setOtherPluginsMaySend(true);
        full.setRelayCredentialsId("relay");
        full.setAuthenticatedBy("mx.example.com");
        full.setSmtpServer(new MailServer("smtp.example.com", 465, Security.TLS));
        full.setImapServer(new MailServer("127.0.0.1", 143, Security.NONE));
        full.setTransport(Transport.GRAPH);
        full.setGraphUrl("https://graph.example.com/v1.0/");
        MailAccount closed = new MailAccount("closed", "closed@contoso.com", "other");
        closed.setMaySend("-");
        OAuthMailConfiguration.get()
                .setAccounts(List.of(new MailAccount("plain", "plain@contoso.com", "contoso"), full, closed));
        String before = stored().replace("\r\n", "\n");

        for (String id : new String[] {"plain", "full", "closed"}) {
            jenkins.submit(form(jenkins, "account/" + id + "/configure/"));
            assertEquals(before, stored().replace("&#xd;", "").replace("\r\n", "\n"), id);
        }
    }

    @Test
    void savesNewDefinitions(JenkinsRule jenkins) throws Exception {
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new StringCredentialsImpl(CredentialsScope.SYSTEM, "secret", "", Secret.fromString("x")));
        HtmlForm application = form(jenkins, "newApplication/");
        type(application, "_.id", "contoso");
        type(application, "_.clientId", CLIENT_ID);
        type(application, "_.tenantId", TENANT);
        application.getSelectByName("_.credentialsId").setSelectedAttribute("secret", true);
        jenkins.submit(application);
        HtmlForm account = form(jenkins, "newAccount/");
        type(account, "_.id", "build-mail");
        type(account, "_.address", "jenkins@contoso.com");
        jenkins.submit(account);

        assertEquals(
                xml(List.of(application("contoso", new ClientSecret("secret"))))
                        + xml(List.of(new MailAccount("build-mail", "jenkins@contoso.com", "contoso"))),
                stored());
    }

    @Test
    void showsARejectedFormAgain(JenkinsRule jenkins) throws Exception {
        OAuthMailConfiguration.get().setApplications(List.of(application("contoso", new ClientSecret("x"))));
        HtmlForm account = form(jenkins, "newAccount/");
        type(account, "_.id", "build-mail");
        type(account, "_.address", "not an address");

        HtmlPage refused = jenkins.submit(account);

        assertTrue(
                refused.asNormalizedText().contains("Mail account build-mail, address: Enter a single email address"),
                refused.asNormalizedText());
        assertEquals(List.of(), OAuthMailConfiguration.get().getAccounts());
        HtmlForm again = refused.getFormByName("config");
        assertEquals("build-mail", again.getInputByName("_.id").getValue());
        type(again, "_.address", "jenkins@contoso.com");
        jenkins.submit(again);
        MailAccount saved = OAuthMailConfiguration.get().account("build-mail").orElseThrow();
        assertEquals("jenkins@contoso.com", saved.getAddress());
        assertEquals("contoso", saved.getApplication());
    }

    @Test
    void notifierSurvivesARoundTrip(JenkinsRule jenkins) throws Exception {
        OAuthMailNotifier full = new OAuthMailNotifier("build-mail");
        full.setTo("dev@contoso.com, $LIST");
        full.setRequestor(true);
        full.setCc("lead@contoso.test");
        full.setBcc("archive@contoso.test");
        full.setFrom("releases@contoso.test");
        full.setReplyTo("help@contoso.test");
        full.setCulprits(true);
        full.setCommitters(true);
        full.setWhen("FIXED, FIRST_FAILURE");
        full.setEveryFailures(10);
        full.setSubject("Result: $BUILD_NUMBER");
        full.setBody("Line one");
        full.setHtml("<p>Line one</p>");
        full.setAttachments("**/*.log");
        full.setAttachLog("200 gzip");
        full.setFailBuild(true);
        NotificationVariant broken = new NotificationVariant("FIRST_FAILURE,FAILURE");
        broken.setTo("oncall@contoso.com");
        broken.setSubject("Broken: $JOB_NAME");
        NotificationVariant fixed = new NotificationVariant("FIXED");
        fixed.setBody("Fine");
        fixed.setHtml("<p>Fine</p>");
        full.setVariants(List.of(broken, fixed));
        OAuthMailNotifier one = new OAuthMailNotifier("build-mail");
        one.setCommitters(true);
        one.setWhen(NotifyWhen.CHANGED.name());
        comesBack(jenkins, full);
        comesBack(jenkins, one);
        comesBack(jenkins, new OAuthMailNotifier("build-mail"));
    }

    private static void comesBack(JenkinsRule jenkins, OAuthMailNotifier before) throws Exception {
        FreeStyleProject project = jenkins.createFreeStyleProject();
        project.getPublishersList().add(before);
        jenkins.configRoundtrip(project);
        assertEquals(
                Jenkins.XSTREAM2.toXML(before),
                Jenkins.XSTREAM2.toXML(project.getPublishersList().get(OAuthMailNotifier.class)));
    }

    @Test
    void stepsSurviveARoundTrip(JenkinsRule jenkins) throws Exception {
        OAuthMailSendStep send = new OAuthMailSendStep("build-mail");
        send.setTo("a@contoso.com");
        send.setCc("b@contoso.com");
        send.setBcc("c@contoso.com");
        send.setReplyTo("d@contoso.com");
        send.setFrom("e@contoso.com");
        send.setSubject("Subject");
        send.setBody("Body");
        send.setHtml("<b>Body</b>");
        send.setAttachments("*.txt");
        OAuthMailReadStep read = new OAuthMailReadStep("build-mail");
        read.setFolder("INBOX/Jobs");
        read.setUnseen(true);
        read.setFrom("boss");
        read.setSubject("Deploy");
        read.setSince("2026-03-01");
        read.setLimit(7);
        read.setSaveAttachments("in");
        read.setTo("builds");
        read.setText("approved");
        read.setRepliesTo("<a@x> <b@x>");
        read.setHasAttachment(true);
        read.setRequireAuthenticated(true);
        read.setId("1:2,1:3");
        read.setNewestFirst(false);
        read.setHeaders("List-Id, X-Build");
        read.setMarkSeen(true);
        read.setMoveTo("Done");
        read.setDelete(true);
        StepConfigTester tester = new StepConfigTester(jenkins);
        assertEquals(Jenkins.XSTREAM2.toXML(send), Jenkins.XSTREAM2.toXML(tester.configRoundTrip(send)));
        assertEquals(Jenkins.XSTREAM2.toXML(read), Jenkins.XSTREAM2.toXML(tester.configRoundTrip(read)));
        OAuthMailReadStep plain = new OAuthMailReadStep("build-mail");
        assertEquals(Jenkins.XSTREAM2.toXML(plain), Jenkins.XSTREAM2.toXML(tester.configRoundTrip(plain)));
    }

    private static OAuthApplication application(String id, ClientAuthentication authentication) {
        return new OAuthApplication(id, CLIENT_ID, TENANT, authentication);
    }

    private static HtmlForm form(JenkinsRule jenkins, String path) throws Exception {
        return jenkins.createWebClient().goTo("manage/mail-accounts/" + path).getFormByName("config");
    }

    private static void type(HtmlForm form, String field, String value) {
        form.getInputByName(field).setValue(value);
    }

    private static String stored() {
        OAuthMailConfiguration configuration = OAuthMailConfiguration.get();
        return xml(configuration.getApplications()) + xml(configuration.getAccounts());
    }

    /** Whatever kind of list it is. */
    private static String xml(List<?> definitions) {
        return Jenkins.XSTREAM2.toXML(new ArrayList<>(definitions));
    }
}
