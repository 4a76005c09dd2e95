package io.jenkins.plugins.oauthmail.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.account.AuthorizationStore;
import java.net.URL;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The redirect in a real controller. */
@WithJenkins
class RedirectTest {
    @Test
    void returns403WithoutPermission(JenkinsRule jenkins) throws Exception {
        try (ControllerRig microsoft = new ControllerRig(jenkins)) {
            JenkinsRule.WebClient reader = microsoft.admin().login("reader");
            for (String path : new String[] {
                "oauth-mail/redirect?state=x&code=y", "manage/mail-accounts/", "manage/mail-accounts/newAccount/"
            }) {
                assertEquals(403, status(reader, new URL(jenkins.getURL(), path)), path);
            }
        }
    }

    @Test
    void signInWorksOnceForTheRightPerson(JenkinsRule jenkins) throws Exception {
        try (ControllerRig microsoft = new ControllerRig(jenkins)) {
            JenkinsRule.WebClient admin = microsoft.admin();

            String refused = text(admin, microsoft.signIn(admin, ControllerRig.STRANGER));
            assertTrue(refused.contains(ControllerRig.STRANGER + " signed in, but"), refused);
            assertTrue(AuthorizationStore.get().find(ControllerRig.ACCOUNT).isEmpty());

            URL back = microsoft.signIn(admin, ControllerRig.ADDRESS);
            String done = text(admin, back);
            assertTrue(done.contains("is authorized: " + ControllerRig.ADDRESS), done);
            assertTrue(AuthorizationStore.get().find(ControllerRig.ACCOUNT).isPresent());

            String again = text(admin, back);
            assertTrue(again.contains("has already been completed"), again);
        }
    }

    @Test
    void otherSessionHasToStartAgain(JenkinsRule jenkins) throws Exception {
        try (ControllerRig microsoft = new ControllerRig(jenkins)) {
            URL back = microsoft.signIn(microsoft.admin(), ControllerRig.ADDRESS);
            String refused = text(microsoft.admin(), back);
            assertTrue(refused.contains("Press Authorize again"), refused);
            assertTrue(AuthorizationStore.get().find(ControllerRig.ACCOUNT).isEmpty());
        }
    }

    private static int status(JenkinsRule.WebClient browser, URL url) throws Exception {
        return browser.getPage(url).getWebResponse().getStatusCode();
    }

    private static String text(JenkinsRule.WebClient browser, URL url) throws Exception {
        return browser.getPage(url).getWebResponse().getContentAsString();
    }
}
