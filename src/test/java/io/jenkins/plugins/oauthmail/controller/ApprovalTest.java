package io.jenkins.plugins.oauthmail.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Item;
import hudson.model.PasswordParameterDefinition;
import hudson.model.Result;
import hudson.model.StringParameterDefinition;
import hudson.util.Secret;
import io.jenkins.plugins.oauthmail.approval.OAuthMailApprovalStep;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.testing.Await;
import jakarta.mail.Multipart;
import jakarta.mail.internet.MimeMessage;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jenkins.model.Jenkins;
import net.sf.json.JSONObject;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.html.HtmlButton;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlInput;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.html.HtmlSelect;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.cps.Snippetizer;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.steps.StepConfigTester;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;
import org.jvnet.hudson.test.recipes.WithTimeout;

/** Pipelines that ask for approval in a real controller: by mail and on the page, with a restart in the middle. */
class ApprovalTest {
    private static final String JOB = "may-read";
    private static final String ANNA = "anna@contoso.test";

    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    /** Two controllers one after the other take long on a busy machine. */
    private static final int PATIENCE = 1200;

    @Test
    @WithTimeout(PATIENCE)
    void documentedApprovalIsAnsweredByMailAfterARestart() throws Throwable {
        try (ControllerRig microsoft = new ControllerRig()) {
            sessions.then(jenkins -> {
                configure(microsoft, jenkins);
                WorkflowRun build = start(jenkins, documented());
                jenkins.waitForMessage("asking for approval of", build);
                Await.until(() -> microsoft.mails("anna@contoso.com").size() == 1);
                assertEquals(0, jenkins.jenkins.toComputer().countBusy());
            });
            MimeMessage question = microsoft.mails("anna@contoso.com").get(0);
            reply(microsoft, question, "anna@contoso.com", "Approve\r\nafter lunch\r\n");
            sessions.then(jenkins -> {
                microsoft.beside(jenkins);
                WorkflowRun build = build(jenkins);
                jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(build));
                jenkins.assertLogContains("anna@contoso.com said APPROVE: after lunch", build);
                assertFalse(JenkinsRule.getLog(build).contains(secret(question)));
                String xml = Files.readString(build.getRootDir().toPath().resolve("build.xml"));
                assertTrue(xml.contains("<oauthMail.approvals"), xml);
                assertFalse(xml.contains("oauthmail.approval"), xml);
                assertFalse(xml.contains(secret(question)), xml);
                JenkinsRule.WebClient admin = jenkins.createWebClient().login("admin");
                JSONObject record = admin.getJSON(build.getUrl() + "mail-approval/api/json?depth=3")
                        .getJSONObject()
                        .getJSONArray("approvals")
                        .getJSONObject(0);
                assertEquals("decided", record.getString("state"));
                assertEquals(
                        "mail", record.getJSONArray("votes").getJSONObject(0).getString("how"));
                assertEquals(
                        question.getMessageID(),
                        record.getJSONArray("approvers")
                                .getJSONObject(0)
                                .getJSONArray("messageIds")
                                .getString(0));
            });
        }
    }

    private static String documented() throws Exception {
        String page = Files.readString(Path.of("docs", "approval.md"));
        int start = page.indexOf("def decision");
        return page.substring(start, page.indexOf("```", start));
    }

    @Test
    @WithTimeout(PATIENCE)
    void approverDecidesOnThePageAfterARestart() throws Throwable {
        try (ControllerRig microsoft = new ControllerRig()) {
            sessions.then(jenkins -> {
                configure(microsoft, jenkins);
                WorkflowRun build = start(
                        jenkins,
                        "def d = oauthMailApproval account: 'build-mail', approvers: 'ben', subject: '<b>Deploy</b>?'\n"
                                + "echo \"${d.by}: ${d.decision}, ${d.how}, ${d.comment}\"");
                jenkins.waitForMessage("decide in Jenkins", build);
            });
            sessions.then(jenkins -> {
                microsoft.beside(jenkins);
                WorkflowRun build = build(jenkins);
                JenkinsRule.WebClient reader = client(jenkins, "reader");
                HtmlPage seen = reader.getPage(build, "mail-approval/");
                assertTrue(seen.asNormalizedText().contains("<b>Deploy</b>?"), seen::asNormalizedText);
                assertEquals(0, forms(seen).size());
                assertEquals(403, decide(jenkins, reader, build, HttpMethod.POST, true));
                JenkinsRule.WebClient ben = client(jenkins, "ben");
                // A GET decides nothing, whoever opens it, nor does a POST of another site.
                assertEquals(404, decide(jenkins, ben, build, HttpMethod.GET, false));
                assertEquals(403, decide(jenkins, ben, build, HttpMethod.POST, false));
                assertTrue(build.isBuilding());
                assertTrue(ben.getPage(build).asNormalizedText().contains("<b>Deploy</b>?"));
                HtmlPage page = ben.getPage(build, "mail-approval/");
                HtmlForm form = forms(page).get(0);
                form.getTextAreaByName("comment").setText("well <i>done</i>");
                HtmlPage decided = ((HtmlButton) form.getButtonsByName("choice").get(0)).click();
                assertTrue(decided.asNormalizedText().contains("APPROVE by ben"), decided::asNormalizedText);
                assertTrue(decided.asNormalizedText().contains("well <i>done</i>"), decided::asNormalizedText);
                jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(build));
                jenkins.assertLogContains("ben: APPROVE, page, well <i>done</i>", build);
                assertEquals(200, decide(jenkins, ben, build, HttpMethod.POST, true));
                assertTrue(
                        ben.getPage(build, "mail-approval/").asNormalizedText().contains("APPROVE by ben"));
            });
        }
    }

    @Test
    @WithTimeout(PATIENCE)
    void rejectionFailsTheStageOfADeclarativePipeline() throws Throwable {
        try (ControllerRig microsoft = new ControllerRig()) {
            sessions.then(jenkins -> {
                configure(microsoft, jenkins);
                WorkflowRun build = start(jenkins, """
                        pipeline {
                            agent none
                            stages {
                                stage('Approval') {
                                    steps {
                                        oauthMailApproval account: 'build-mail', approvers: 'anna@contoso.test', subject: 'Deploy?'
                                    }
                                }
                                stage('Deploy') {
                                    steps {
                                        echo 'deployed'
                                    }
                                }
                            }
                        }
                        """);
                Await.until(() -> microsoft.mails(ANNA).size() == 1);
                reply(microsoft, microsoft.mails(ANNA).get(0), ANNA, "reject\r\n");
                jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(build));
                jenkins.assertLogContains("Rejected: REJECT by anna@contoso.test", build);
                jenkins.assertLogNotContains("deployed", build);
            });
        }
    }

    @Test
    @WithTimeout(PATIENCE)
    void abortedBuildStopsWaiting() throws Throwable {
        try (ControllerRig microsoft = new ControllerRig()) {
            sessions.then(jenkins -> {
                configure(microsoft, jenkins);
                WorkflowRun build = start(
                        jenkins,
                        "oauthMailApproval account: 'build-mail', approvers: 'anna@contoso.test', subject: 'Deploy?'");
                Await.until(() -> microsoft.mails(ANNA).size() == 1);
                build.doStop();
                jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(build));
                Await.until(() -> microsoft.mails(ANNA).size() == 2);
                HtmlPage page = client(jenkins, "ben").getPage(build, "mail-approval/");
                assertEquals(0, forms(page).size());
            });
        }
    }

    @Test
    @WithTimeout(PATIENCE)
    void valuesAreAskedForOnThePage() throws Throwable {
        try (ControllerRig microsoft = new ControllerRig()) {
            sessions.then(jenkins -> {
                configure(microsoft, jenkins);
                WorkflowRun build = start(jenkins, """
                        def d = oauthMailApproval account: 'build-mail', approvers: 'ben', subject: 'Deploy?',
                            parameters: [string(name: 'VERSION'), choice(name: 'STAGE', choices: ['test', 'production']),
                                booleanParam(name: 'DRY_RUN', defaultValue: true), password(name: 'PIN', defaultValue: 'pin-of-ben')]
                        def p = d.parameters
                        echo "${p.VERSION}, ${p.STAGE}, ${p.DRY_RUN ? 'dry' : 'wet'}, ${p.PIN.length()} letters"
                        """);
                jenkins.waitForMessage("decide in Jenkins", build);
                JenkinsRule.WebClient ben = client(jenkins, "ben");
                // Without a value, nothing is decided.
                assertEquals(200, decide(jenkins, ben, build, HttpMethod.POST, true));
                assertTrue(build.isBuilding());
                HtmlPage page = ben.getPage(build, "mail-approval/");
                HtmlForm form = forms(page).get(0);
                HtmlInput version = page.querySelector("[data-oauth-mail-parameter=VERSION] input[name=value]");
                assertEquals("VERSION", version.getAttribute("aria-label"));
                version.setValue("1.4 <b>");
                HtmlSelect stage = page.querySelector("[data-oauth-mail-parameter=STAGE] select");
                stage.setSelectedAttribute("production", true);
                HtmlPage decided = ((HtmlButton) form.getButtonsByName("choice").get(0)).click();
                assertTrue(decided.asNormalizedText().contains("VERSION: 1.4 <b>"), decided::asNormalizedText);
                jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(build));
                jenkins.assertLogContains("1.4 <b>, production, dry, 10 letters", build);
                jenkins.assertLogContains(
                        "ben answered APPROVE (VERSION=1.4 <b>, STAGE=production, DRY_RUN=true) in Jenkins.", build);
                jenkins.assertLogNotContains("pin-of-ben", build);
                String record = ben.goTo(build.getUrl() + "mail-approval/api/json?depth=3", "application/json")
                        .getWebResponse()
                        .getContentAsString();
                assertTrue(record.contains("production"), record);
                assertFalse(record.contains("pin-of-ben"), record);
                // Jenkins stores the pipeline, which names the default value.
                String xml = Files.readString(build.getRootDir().toPath().resolve("build.xml"))
                        .replaceAll("(?s)<script>.*?</script>", "");
                assertFalse(xml.contains("pin-of-ben"), xml);
                assertFalse(xml.contains("oauthmail.approval"), xml);
            });
        }
    }

    /** As mail scanners do, before anybody has read the message. */
    @Test
    @WithTimeout(PATIENCE)
    void openingEveryLinkDecidesNothing() throws Throwable {
        try (ControllerRig microsoft = new ControllerRig()) {
            sessions.then(jenkins -> {
                configure(microsoft, jenkins);
                WorkflowRun build = start(
                        jenkins,
                        "oauthMailApproval account: 'build-mail', approvers: ['ben', 'anna@contoso.test'], subject: 'Deploy?'");
                Await.until(() -> microsoft.mails(ANNA).size() == 1);
                String raw = raw(microsoft.mails(ANNA).get(0));
                Matcher links = Pattern.compile("https?://[^\\s\"'<>]+").matcher(raw);
                List<String> opened = new ArrayList<>();
                while (links.find()) {
                    opened.add(links.group());
                }
                assertTrue(opened.stream().anyMatch(link -> link.contains("/mail-approval/")), raw);
                for (JenkinsRule.WebClient browser : List.of(client(jenkins, "ben"), client(jenkins, "reader"))) {
                    for (String link : opened) {
                        for (String more : List.of("", "decide?choice=APPROVE", "decide/?choice=APPROVE")) {
                            for (HttpMethod method : List.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS)) {
                                browser.getPage(new WebRequest(new URL(link + more), method));
                            }
                        }
                    }
                }
                HtmlPage page = client(jenkins, "ben").getPage(build, "mail-approval/");
                assertTrue(page.asNormalizedText().contains("Open: no answer so far"), page::asNormalizedText);
                assertTrue(build.isBuilding());
            });
        }
    }

    private static String raw(MimeMessage mail) throws Exception {
        StringBuilder all = new StringBuilder();
        Multipart parts = (Multipart) mail.getContent();
        for (int i = 0; i < parts.getCount(); i++) {
            all.append(parts.getBodyPart(i).getContent());
        }
        return all.toString();
    }

    @Test
    @WithTimeout(PATIENCE)
    void formKeepsItsValues() throws Throwable {
        sessions.then(jenkins -> {
            OAuthMailConfiguration.get().setAccounts(List.of());
            OAuthMailApprovalStep step = new OAuthMailApprovalStep("a");
            step.setApprovers("anna@contoso.test, ben");
            step.setApproverGroups("release");
            step.setSubject("Deploy?");
            step.setBody("body");
            step.setHtml("<p>html</p>");
            step.setAttachments("*.txt");
            step.setTo("team@contoso.test");
            step.setCc("more@contoso.test");
            step.setChoices("YES, NO");
            step.setRequired(2);
            step.setWaitFor("4h");
            step.setRemindAfter("1h");
            step.setOnReject("return");
            step.setOnTimeout("reject");
            step.setAnnounceEnd(false);
            step.setParameters(List.of(
                    new StringParameterDefinition("VERSION", "1.4", "which", true),
                    new PasswordParameterDefinition("PIN", Secret.fromString("1234"), null)));
            String groovy = Snippetizer.object2Groovy(step);
            assertTrue(groovy.contains("password(defaultValue: '1234', name: 'PIN')"), groovy);
            assertTrue(
                    groovy.contains("string(defaultValue: '1.4', description: 'which', name: 'VERSION', trim: true)"),
                    groovy);
            OAuthMailApprovalStep back = new StepConfigTester(jenkins).configRoundTrip(step);
            jenkins.assertEqualDataBoundBeans(step, back);
            OAuthMailApprovalStep plain = new OAuthMailApprovalStep("a");
            jenkins.assertEqualDataBoundBeans(plain, new StepConfigTester(jenkins).configRoundTrip(plain));
        });
    }

    private static void configure(ControllerRig microsoft, JenkinsRule jenkins) throws Exception {
        microsoft.configure(jenkins);
        var admin = microsoft.admin();
        admin.getPage(microsoft.signIn(admin, ControllerRig.ADDRESS));
        MailAccount account = OAuthMailConfiguration.get().account("build-mail").orElseThrow();
        account.setAuthenticatedBy("exchange");
        OAuthMailConfiguration.get().put(account, "build-mail");
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin")
                .grant(Jenkins.READ, Item.READ)
                .everywhere()
                .to("reader", "ben"));
        client(jenkins, "ben");
    }

    /** Style sheets only cost time here. */
    private static JenkinsRule.WebClient client(JenkinsRule jenkins, String user) throws Exception {
        JenkinsRule.WebClient browser = jenkins.createWebClient().withThrowExceptionOnFailingStatusCode(false);
        browser.getOptions().setCssEnabled(false);
        return browser.login(user);
    }

    private static WorkflowRun start(JenkinsRule jenkins, String script) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, JOB);
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job.scheduleBuild2(0).waitForStart();
    }

    private static WorkflowRun build(JenkinsRule jenkins) {
        return jenkins.jenkins.getItemByFullName(JOB, WorkflowJob.class).getBuildByNumber(1);
    }

    private static List<HtmlForm> forms(HtmlPage page) {
        return page.getForms().stream()
                .filter(form -> form.getNameAttribute().equals("decide"))
                .toList();
    }

    private static int decide(
            JenkinsRule jenkins, JenkinsRule.WebClient browser, WorkflowRun build, HttpMethod method, boolean crumb)
            throws Exception {
        String id = browser.getPage(build, "mail-approval/")
                .getElementsByTagName("section")
                .get(0)
                .getId()
                .replace("approval-", "");
        WebRequest request = new WebRequest(
                new URL(
                        jenkins.getURL(),
                        build.getUrl() + "mail-approval/decide?choice=APPROVE&comment=&approval=" + id),
                method);
        if (crumb) {
            browser.addCrumb(request);
        }
        return browser.getPage(request).getWebResponse().getStatusCode();
    }

    private static void reply(ControllerRig microsoft, MimeMessage question, String from, String text)
            throws Exception {
        microsoft.receive("From: " + from + "\r\nTo: jenkins@contoso.test\r\nSubject: Re: " + question.getSubject()
                + "\r\nX-MS-Exchange-Organization-AuthAs: Internal\r\n\r\n" + text);
    }

    private static String secret(MimeMessage question) throws Exception {
        return question.getSubject().replaceAll(".* ([a-z2-7]{26})\\]$", "$1");
    }
}
