package io.jenkins.plugins.oauthmail.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.account.AuthorizationStore;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.Jenkins;
import jenkins.model.JenkinsLocationConfiguration;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.html.DomAttr;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Manage Jenkins as different users see it, and what it tells the one who administers. */
@WithJenkins
class AdministrationTest {
    private static final String PAGE = "manage/mail-accounts/";
    private static final String WARNING = "Mail account build-mail: Not authorized.";

    private final boolean manage = Jenkins.MANAGE.getEnabled();
    private final boolean systemRead = Jenkins.SYSTEM_READ.getEnabled();

    @BeforeEach
    void enable() {
        Jenkins.MANAGE.setEnabled(true);
        Jenkins.SYSTEM_READ.setEnabled(true);
    }

    @AfterEach
    void restore() {
        Jenkins.MANAGE.setEnabled(manage);
        Jenkins.SYSTEM_READ.setEnabled(systemRead);
    }

    @Test
    void checksPermissions(JenkinsRule jenkins) throws Exception {
        try (ControllerRig microsoft = new ControllerRig(jenkins)) {
            jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
            jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                    .grant(Jenkins.ADMINISTER)
                    .everywhere()
                    .to("admin")
                    .grant(Jenkins.READ, Jenkins.SYSTEM_READ)
                    .everywhere()
                    .to("auditor")
                    .grant(Jenkins.READ, Jenkins.MANAGE)
                    .everywhere()
                    .to("manager")
                    .grant(Jenkins.READ)
                    .everywhere()
                    .to("reader"));
            String[] users = {"admin", "auditor", "manager", "reader"};
            List<JenkinsRule.WebClient> browsers = new ArrayList<>();
            for (String user : users) {
                browsers.add(jenkins.createWebClient()
                        .withThrowExceptionOnFailingStatusCode(false)
                        .login(user));
            }

            assertEquals(List.of(200, 200, 403, 403), get(browsers, PAGE), "page");
            assertEquals(List.of(200, 200, 403, 403), get(browsers, PAGE + "account/build-mail/"), "account");
            for (String form : new String[] {
                "newApplication/",
                "newAccount/",
                "application/contoso/",
                "account/build-mail/configure/",
                "account/build-mail/test/",
                "account/build-mail/test/progress"
            }) {
                assertEquals(List.of(200, 403, 403, 403), get(browsers, PAGE + form), form);
            }
            assertEquals(List.of(200, 403, 403, 403), get(browsers, "oauth-mail/redirect?state=x&code=y"), "redirect");
            for (String page : new String[] {PAGE, PAGE + "account/build-mail/"}) {
                HtmlPage audited = browsers.get(1).goTo(page);
                assertTrue(audited.asNormalizedText().contains("Not authorized"), audited.asNormalizedText());
                assertEquals(
                        0,
                        audited.querySelectorAll(
                                        "#main-panel form, #main-panel .confirmation-link, #main-panel .jenkins-submit-button")
                                .size(),
                        page);
            }
            browsers.remove(0);
            for (String action : new String[] {
                "warnings",
                "deleteOrphan?id=x",
                "newAccount/submit",
                "newApplication/submit",
                "application/contoso/submit",
                "application/contoso/delete",
                "account/build-mail/configure/submit",
                "account/build-mail/configure/delete",
                "account/build-mail/authorize",
                "account/build-mail/forget",
                "account/build-mail/test/start",
                "account/build-mail/test/cancel"
            }) {
                assertEquals(List.of(403, 403, 403), post(browsers, PAGE + action), action);
            }
            for (String check : new String[] {
                "MailAccount/checkMaySend?value=**",
                "MailAccount/checkId?value=x",
                "OAuthApplication/checkId?value=x",
                "OAuthApplication/checkMailResource?value=x",
                "ClientSecret/checkCredentialsId?value=secret",
                "OAuthMailConfiguration/checkWarningsTo?value=x"
            }) {
                assertEquals(
                        List.of(403, 403, 403),
                        post(browsers, "descriptorByName/io.jenkins.plugins.oauthmail.config." + check),
                        check);
            }
            assertTrue(OAuthMailConfiguration.get().account("build-mail").isPresent());
        }
    }

    @Test
    void warningComesAndGoesWithItsCause(JenkinsRule jenkins) throws Exception {
        try (ControllerRig microsoft = new ControllerRig(jenkins)) {
            JenkinsRule.WebClient admin = microsoft.admin();
            assertTrue(manage(admin).contains(WARNING), "before the sign-in");
            JenkinsRule.WebClient signIn = microsoft.admin();
            signIn.getPage(microsoft.signIn(signIn, ControllerRig.ADDRESS));
            assertFalse(manage(admin).contains(WARNING), "after it");

            WebRequest forget =
                    new WebRequest(new URL(jenkins.getURL(), PAGE + "account/build-mail/forget"), HttpMethod.POST);
            HtmlPage forgotten = admin.getPage(admin.addCrumb(forget));
            assertTrue(forgotten.asNormalizedText().contains("The consent at Microsoft remains"));
            assertTrue(AuthorizationStore.get().find("build-mail").isEmpty());
            assertTrue(manage(admin).contains(WARNING), "after Forget");
        }
    }

    @Test
    void savesOrRejectsWarningAddresses(JenkinsRule jenkins) throws Exception {
        try (ControllerRig microsoft = new ControllerRig(jenkins)) {
            JenkinsRule.WebClient admin = microsoft.admin();
            HtmlForm form = admin.goTo(PAGE).getFormByName("warnings");
            form.getInputByName("_.warningsTo").setValue("ops@contoso.com, anna@contoso.com");
            HtmlPage saved = jenkins.submit(form);
            assertEquals(
                    "ops@contoso.com, anna@contoso.com",
                    OAuthMailConfiguration.get().getWarningsTo());

            HtmlForm again = saved.getFormByName("warnings");
            again.getInputByName("_.warningsTo").setValue("nobody");
            HtmlPage refused = jenkins.submit(again);
            assertTrue(
                    refused.asNormalizedText().contains("warningsTo: Enter a single email address"),
                    refused.asNormalizedText());
            HtmlForm kept = refused.getFormByName("warnings");
            assertEquals("nobody", kept.getInputByName("_.warningsTo").getValue());
            assertEquals(
                    "ops@contoso.com, anna@contoso.com",
                    OAuthMailConfiguration.get().getWarningsTo());

            HtmlForm last = admin.goTo(PAGE).getFormByName("warnings");
            last.getInputByName("_.warningsTo").setValue("");
            jenkins.submit(last);
            assertNull(OAuthMailConfiguration.get().getWarningsTo());
        }
    }

    @Test
    void savesTheDefaultsOfNotifications(JenkinsRule jenkins) throws Exception {
        try (ControllerRig microsoft = new ControllerRig(jenkins)) {
            JenkinsRule.WebClient admin = microsoft.admin();
            HtmlForm form = admin.goTo(PAGE).getFormByName("defaults");
            form.getInputByName("_.defaultRecipients").setValue("builds@contoso.com");
            form.getInputByName("_.defaultSubject").setValue("[${BUILD_STATUS}] ${JOB_NAME}");
            form.getTextAreaByName("_.defaultHtml").setText("<p>Hello</p>");
            HtmlPage saved = jenkins.submit(form);
            OAuthMailConfiguration defaults = OAuthMailConfiguration.get();
            assertEquals("builds@contoso.com", defaults.getDefaultRecipients());
            assertEquals("[${BUILD_STATUS}] ${JOB_NAME}", defaults.getDefaultSubject());
            assertNull(defaults.getDefaultBody());
            assertEquals("<p>Hello</p>", defaults.getDefaultHtml());

            HtmlForm again = saved.getFormByName("defaults");
            assertEquals(
                    "<p>Hello</p>", again.getTextAreaByName("_.defaultHtml").getText());
            again.getInputByName("_.defaultRecipients").setValue("");
            jenkins.submit(again);
            assertNull(defaults.getDefaultRecipients());
        }
    }

    @Test
    void offersToPasteTheAddressIfTheJenkinsUrlIsUnusable(JenkinsRule jenkins) throws Exception {
        try (ControllerRig microsoft = new ControllerRig(jenkins)) {
            JenkinsRule.WebClient admin = microsoft.admin();
            assertFalse(admin.goTo(PAGE).asNormalizedText().contains("uses http"));
            JenkinsLocationConfiguration.get().setUrl("http://jenkins.contoso.com/");
            assertTrue(admin.goTo(PAGE).asNormalizedText().contains("uses http"));
            HtmlPage paste = authorize(jenkins, admin);
            assertTrue(paste.asNormalizedText().contains("Serve Jenkins over https"), paste.asNormalizedText());
            assertNotNull(paste.getFormByName("finish"));
        }
    }

    @Test
    void offersToPasteTheAddressIfTheJenkinsUrlIsMissing(JenkinsRule jenkins) throws Exception {
        try (ControllerRig microsoft = new ControllerRig(jenkins)) {
            JenkinsRule.WebClient admin = microsoft.admin();
            JenkinsLocationConfiguration.get().setUrl(null);
            HtmlPage page = admin.goTo(PAGE);
            assertTrue(page.asNormalizedText().contains("Jenkins does not know its own URL"), page.asNormalizedText());
            assertFalse(
                    page.asNormalizedText().contains(OAuthMailConfiguration.REDIRECT_PATH), page.asNormalizedText());
            HtmlPage paste = authorize(jenkins, admin);
            assertTrue(
                    paste.asNormalizedText().contains("Jenkins does not know its own URL"), paste.asNormalizedText());
            assertNotNull(paste.getFormByName("finish"));
        }
    }

    /** Pages of Jenkins and other plugins come and go. */
    @Test
    void everyStepOfTheSetUpLeadsToAPage(JenkinsRule jenkins) throws Exception {
        try (ControllerRig microsoft = new ControllerRig(jenkins)) {
            JenkinsRule.WebClient admin = microsoft.admin();
            OAuthMailConfiguration.get().setAccounts(List.of());
            OAuthMailConfiguration.get().setApplications(List.of());
            JenkinsLocationConfiguration.get().setUrl(null);
            assertTrue(stepsWithPages(admin) > 1);
            microsoft.configure(jenkins);
            JenkinsLocationConfiguration.get().setUrl(null);
            assertTrue(stepsWithPages(admin) > 1);
        }
    }

    /** How many links of the steps lead to pages of Jenkins, all of which exist. */
    private static int stepsWithPages(JenkinsRule.WebClient admin) throws Exception {
        List<String> links = admin.goTo(PAGE).getByXPath("//ol[@id='oauth-mail-set-up']//a/@href").stream()
                .map(href -> ((DomAttr) href).getValue())
                .filter(href -> !href.startsWith("https:"))
                .toList();
        for (String link : links) {
            URL page = new URL(new URL(admin.getContextPath()), link);
            assertEquals(200, status(admin, new WebRequest(page)), link);
        }
        return links.size();
    }

    private static HtmlPage authorize(JenkinsRule jenkins, JenkinsRule.WebClient admin) throws Exception {
        WebRequest press =
                new WebRequest(new URL(jenkins.getURL(), PAGE + "account/build-mail/authorize"), HttpMethod.POST);
        return admin.getPage(admin.addCrumb(press));
    }

    private static String manage(JenkinsRule.WebClient admin) throws Exception {
        return admin.goTo("manage/").asNormalizedText();
    }

    private static List<Integer> get(List<JenkinsRule.WebClient> browsers, String path) throws Exception {
        List<Integer> answers = new ArrayList<>();
        for (JenkinsRule.WebClient browser : browsers) {
            answers.add(status(browser, new WebRequest(new URL(browser.getContextPath() + path))));
        }
        return answers;
    }

    private static List<Integer> post(List<JenkinsRule.WebClient> browsers, String path) throws Exception {
        List<Integer> answers = new ArrayList<>();
        for (JenkinsRule.WebClient browser : browsers) {
            WebRequest press = new WebRequest(new URL(browser.getContextPath() + path), HttpMethod.POST);
            answers.add(status(browser, browser.addCrumb(press)));
        }
        return answers;
    }

    private static int status(JenkinsRule.WebClient browser, WebRequest request) throws Exception {
        return browser.getPage(request).getWebResponse().getStatusCode();
    }
}
