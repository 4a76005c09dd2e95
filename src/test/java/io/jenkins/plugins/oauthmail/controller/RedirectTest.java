package io.jenkins.plugins.oauthmail.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.account.AuthorizationStore;
import java.net.URL;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import jenkins.model.JenkinsLocationConfiguration;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlFormUtil;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.util.NameValuePair;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The redirect, and what is pasted instead, in a real controller. */
@WithJenkins
class RedirectTest {
    private static final String ACCOUNT_PAGE = "manage/mail-accounts/account/" + ControllerRig.ACCOUNT + "/";

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

    @Test
    void withoutHttpsAnAddressIsPasted(JenkinsRule jenkins) throws Exception {
        try (ControllerRig microsoft = new ControllerRig(jenkins)) {
            JenkinsLocationConfiguration.get().setUrl("http://jenkins.example.test:8080/");
            JenkinsRule.WebClient admin = microsoft.admin();
            HtmlPage account = admin.getPage(new URL(jenkins.getURL(), ACCOUNT_PAGE));
            HtmlPage paste =
                    (HtmlPage) HtmlFormUtil.submit(account.getFormByName("authorize-" + ControllerRig.ACCOUNT));
            assertTrue(
                    paste.getUrl().getPath().endsWith("/paste/"), paste.getUrl().toString());
            assertTrue(paste.asNormalizedText().contains("http://localhost/oauth-mail"), paste.asNormalizedText());
            assertEquals("_blank", paste.getFormByName("start").getTargetAttribute());

            assertTrue(pasted(paste, "https://login.microsoftonline.com/x").contains("The pasted address begins with"));
            String address =
                    microsoft.signInToPaste(admin, ControllerRig.ADDRESS).toString();
            admin.getOptions().setJavaScriptEnabled(true);
            paste = admin.getPage(new URL(jenkins.getURL(), ACCOUNT_PAGE + "paste/"));
            String done = pasted(paste, address.replaceAll("(.{60})", "$1\n"));
            assertTrue(done.contains("is authorized: " + ControllerRig.ADDRESS), done);
            assertTrue(AuthorizationStore.get().find(ControllerRig.ACCOUNT).isPresent());
        }
    }

    @Test
    void pastingNeedsPermissionPostAndCrumb(JenkinsRule jenkins) throws Exception {
        try (ControllerRig microsoft = new ControllerRig(jenkins)) {
            JenkinsRule.WebClient admin = microsoft.admin();
            String address =
                    microsoft.signInToPaste(admin, ControllerRig.ADDRESS).toString();
            URL finish = new URL(jenkins.getURL(), ACCOUNT_PAGE + "paste/finish");
            WebRequest withoutCrumb = new WebRequest(finish, HttpMethod.POST);
            withoutCrumb.setRequestParameters(List.of(new NameValuePair("address", address)));
            assertEquals(403, admin.getPage(withoutCrumb).getWebResponse().getStatusCode());
            admin.getPage(new URL(finish + "?address=" + URLEncoder.encode(address, StandardCharsets.UTF_8)));
            assertTrue(AuthorizationStore.get().find(ControllerRig.ACCOUNT).isEmpty());

            JenkinsRule.WebClient reader = microsoft.admin().login("reader");
            for (String path : new String[] {"paste/", "paste/start", "paste/finish"}) {
                assertEquals(403, status(reader, new URL(jenkins.getURL(), ACCOUNT_PAGE + path)), path);
            }
        }
    }

    private static String pasted(HtmlPage page, String address) throws Exception {
        HtmlForm form = page.getFormByName("finish");
        form.getTextAreaByName("address").setText(address);
        return ((HtmlPage) HtmlFormUtil.submit(form)).asNormalizedText();
    }

    private static int status(JenkinsRule.WebClient browser, URL url) throws Exception {
        return browser.getPage(url).getWebResponse().getStatusCode();
    }

    private static String text(JenkinsRule.WebClient browser, URL url) throws Exception {
        return browser.getPage(url).getWebResponse().getContentAsString();
    }
}
