package io.jenkins.plugins.oauthmail.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URL;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.html.DomElement;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What an admin sees who presses <i>Test</i>. */
@WithJenkins
class TestPageTest {
    private static final Pattern GOOD = Pattern.compile("(?m)^(.+?)\\s+Good\\b");

    @Test
    void reportsTheFirstFailingLayer(JenkinsRule jenkins) throws Exception {
        try (ControllerRig microsoft = new ControllerRig(jenkins)) {
            JenkinsRule.WebClient admin = microsoft.admin();
            String text = press(admin).asNormalizedText();
            assertTrue(text.contains("The first step that failed: Token."), text);
            assertTrue(text.contains("an administrator must press Authorize"), text);
            assertFalse(text.contains("SMTP: connect"), text);
        }
    }

    @Test
    void showsAllLayersAndSendsOnRequestOnly(JenkinsRule jenkins) throws Exception {
        try (ControllerRig microsoft = new ControllerRig(jenkins)) {
            JenkinsRule.WebClient signIn = microsoft.admin();
            signIn.getPage(microsoft.signIn(signIn, ControllerRig.ADDRESS));
            HtmlPage result = press(microsoft.admin());
            String text = result.asNormalizedText();
            assertTrue(text.contains("Everything works."), text);
            for (String layer : new String[] {
                "Token",
                "SMTP: connect",
                "SMTP: TLS and greeting",
                "SMTP: login",
                "IMAP: connect",
                "IMAP: TLS and greeting",
                "IMAP: login",
                "IMAP: open INBOX"
            }) {
                assertTrue(
                        GOOD.matcher(text).results().anyMatch(line -> line.group(1)
                                .equals(layer)),
                        text);
            }
            assertEquals(0, microsoft.mails());

            HtmlForm send = result.getFormByName("message");
            String there = finished(jenkins.submit(send)).asNormalizedText();
            assertTrue(
                    GOOD.matcher(there).results().anyMatch(line -> line.group(1).equals("Find that message in INBOX")),
                    there);
            assertEquals(1, microsoft.mails());
            assertFalse(list(microsoft.admin()).contains("never"), list(microsoft.admin()));
        }
    }

    @Test
    void failedTestNeedsAttention(JenkinsRule jenkins) throws Exception {
        try (ControllerRig microsoft = new ControllerRig(jenkins)) {
            JenkinsRule.WebClient signIn = microsoft.admin();
            signIn.getPage(microsoft.signIn(signIn, ControllerRig.ADDRESS));
            JenkinsRule.WebClient admin = microsoft.admin();
            assertFalse(list(admin).contains("Needs attention"), list(admin));
            microsoft.mail().accept((user, token) -> false);
            HtmlPage result = press(admin);
            String text = result.asNormalizedText();
            assertTrue(text.contains("The first step that failed: SMTP: login."), text);
            for (HtmlPage page : List.of(
                    result,
                    admin.goTo("manage/mail-accounts/"),
                    admin.goTo("manage/mail-accounts/account/build-mail/"),
                    admin.goTo("manage/"))) {
                givesTheServersWordsLast(page);
            }
            assertTrue(list(admin).contains("Needs attention"), list(admin));
        }
    }

    private static void givesTheServersWordsLast(HtmlPage page) {
        List<DomElement> details = page.querySelectorAll("details").stream()
                .map(DomElement.class::cast)
                .filter(one -> reason(one).contains("refused the login for " + ControllerRig.ADDRESS + ": "))
                .toList();
        assertFalse(details.isEmpty(), page.getUrl()::toString);
        for (DomElement one : details) {
            assertFalse(reason(one).contains("\""), reason(one));
            assertTrue(one.getTextContent().toLowerCase(Locale.ROOT).contains("auth"), one.getTextContent());
        }
    }

    private static String reason(DomElement details) {
        DomElement before = details.getPreviousElementSibling();
        return before == null ? "" : before.getTextContent();
    }

    private static String list(JenkinsRule.WebClient admin) throws Exception {
        return admin.goTo("manage/mail-accounts/").asNormalizedText();
    }

    @Test
    void onlyAdministratorsMayTest(JenkinsRule jenkins) throws Exception {
        try (ControllerRig microsoft = new ControllerRig(jenkins)) {
            JenkinsRule.WebClient reader = microsoft.admin().login("reader");
            URL url =
                    new URL(jenkins.getURL(), "manage/mail-accounts/account/" + ControllerRig.ACCOUNT + "/test/start");
            WebRequest press = reader.addCrumb(new WebRequest(url, HttpMethod.POST));
            assertEquals(403, reader.getPage(press).getWebResponse().getStatusCode());
        }
    }

    private static HtmlPage press(JenkinsRule.WebClient admin) throws Exception {
        HtmlPage page = admin.goTo("manage/mail-accounts/account/" + ControllerRig.ACCOUNT + "/");
        return finished(page.getFormByName("test-" + ControllerRig.ACCOUNT)
                .getButtonByName("Submit")
                .click());
    }

    /** The page of the test once all layers are done; it has the same URL all the time. */
    private static HtmlPage finished(HtmlPage running) throws Exception {
        HtmlPage page = running;
        while (page.querySelector("[data-running=true]") != null) {
            page = (HtmlPage) page.refresh();
        }
        return page;
    }
}
