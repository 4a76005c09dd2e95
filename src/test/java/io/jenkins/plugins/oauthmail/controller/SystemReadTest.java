package io.jenkins.plugins.oauthmail.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URL;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.html.HtmlPage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Who may read the configuration, and nothing else. */
@WithJenkins
class SystemReadTest {
    private final boolean before = Jenkins.SYSTEM_READ.getEnabled();

    @BeforeEach
    void enable() {
        Jenkins.SYSTEM_READ.setEnabled(true);
    }

    @AfterEach
    void restore() {
        Jenkins.SYSTEM_READ.setEnabled(before);
    }

    @Test
    void theStateIsShownAndNothingCanBeDone(JenkinsRule jenkins) throws Exception {
        try (MicrosoftFake microsoft = new MicrosoftFake(jenkins)) {
            jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
            jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                    .grant(Jenkins.READ, Jenkins.SYSTEM_READ)
                    .everywhere()
                    .to("auditor"));
            JenkinsRule.WebClient auditor = jenkins.createWebClient()
                    .withThrowExceptionOnFailingStatusCode(false)
                    .login("auditor");

            HtmlPage page = auditor.goTo("manage/mail-accounts/");
            assertTrue(page.asNormalizedText().contains("Not authorized"), page.asNormalizedText());
            assertEquals(
                    0,
                    page.querySelectorAll("#main-panel form, #main-panel .confirmation-link, td a")
                            .size());
            for (String path : new String[] {"account/build-mail/", "application/contoso/", "newAccount/"}) {
                URL url = new URL(jenkins.getURL(), "manage/mail-accounts/" + path);
                assertEquals(403, auditor.getPage(url).getWebResponse().getStatusCode(), path);
            }
            for (String action : new String[] {
                "account/build-mail/authorize",
                "account/build-mail/test",
                "account/build-mail/forget",
                "account/build-mail/delete",
                "application/contoso/delete",
                "deleteOrphan?id=x"
            }) {
                URL url = new URL(jenkins.getURL(), "manage/mail-accounts/" + action);
                WebRequest press = auditor.addCrumb(new WebRequest(url, HttpMethod.POST));
                assertEquals(403, auditor.getPage(press).getWebResponse().getStatusCode(), action);
            }
        }
    }
}
