package io.jenkins.plugins.oauthmail.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Result;
import io.jenkins.plugins.oauthmail.steps.OAuthMailSendStep;
import jakarta.mail.Multipart;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.structs.describable.DescribableModel;
import org.jenkinsci.plugins.structs.describable.DescribableParameter;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.steps.StepConfigTester;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** {@code oauthMailSend} in sandboxed pipelines, as docs/pipeline-send.md has them. */
@WithJenkins
class SendPipelineTest {

    @ParameterizedTest
    @ValueSource(strings = {"declarative", "scripted"})
    void documentedExampleRuns(String name, JenkinsRule jenkins) throws Exception {
        try (ControllerRig microsoft = new ControllerRig(jenkins)) {
            JenkinsRule.WebClient admin = microsoft.admin();
            admin.getPage(microsoft.signIn(admin, ControllerRig.ADDRESS));
            WorkflowRun build = run(jenkins, name, documented(name), Result.SUCCESS);
            List<MimeMessage> team = microsoft.mails("team@contoso.com");
            MimeMessage first = team.get(0);
            jenkins.assertLogContains(
                    "OAuth Mail: sent '" + first.getSubject() + "' with account build-mail to", build);
            Multipart parts = (Multipart) first.getContent();
            if (name.equals("declarative")) {
                assertEquals("Report of declarative 1", first.getSubject());
                assertEquals("summary.txt", parts.getBodyPart(1).getFileName());
                assertEquals(1, team.size());
            } else {
                jenkins.assertLogContains("sent to team@contoso.com and anna@contoso.com", build);
                assertEquals("1", first.getHeader("X-Build", null));
                Multipart forms = (Multipart) parts.getBodyPart(0).getContent();
                assertTrue(
                        forms.getBodyPart(0).getContent().toString().contains("see Jenkins <https://ci.contoso.com/>"));
                assertEquals(first.getMessageID(), team.get(1).getHeader("In-Reply-To", null));
            }
            assertFalse(JenkinsRule.getLog(build).contains("The report is attached."), "the body is in the log");
        }
    }

    private static String documented(String name) throws Exception {
        String page = Files.readString(Path.of("docs/pipeline-send.md"));
        int mark = page.indexOf("<!-- tested: " + name + " -->");
        int start = page.indexOf("```groovy\n", mark) + "```groovy\n".length();
        return page.substring(start, page.indexOf("```", start));
    }

    @Test
    void attachesTheLogOfAFailedBuild(JenkinsRule jenkins) throws Exception {
        try (ControllerRig microsoft = new ControllerRig(jenkins)) {
            JenkinsRule.WebClient admin = microsoft.admin();
            admin.getPage(microsoft.signIn(admin, ControllerRig.ADDRESS));
            run(jenkins, "log", """
                    echo 'this went wrong'
                    oauthMailSend account: 'build-mail', to: 'team@contoso.com', subject: 'x', attachLog: true
                    """, Result.SUCCESS);
            Multipart parts =
                    (Multipart) microsoft.mails("team@contoso.com").get(0).getContent();
            String log = new String(parts.getBodyPart(1).getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(log.contains("this went wrong\r\n") || log.contains("this went wrong\n"), log);
            assertFalse(log.contains("\u001b[8mha:"), "notes of the console are in the mail");
        }
    }

    @Test
    void returnsRefusedRecipients(JenkinsRule jenkins) throws Exception {
        try (ControllerRig microsoft = new ControllerRig(jenkins)) {
            JenkinsRule.WebClient admin = microsoft.admin();
            admin.getPage(microsoft.signIn(admin, ControllerRig.ADDRESS));
            microsoft.smtpScript().reply("RCPT TO:<gone@", "550 5.1.1 no such user");
            WorkflowRun build = run(jenkins, "refused", """
                    def m = oauthMailSend account: 'build-mail', to: 'team@contoso.com, gone@contoso.com', subject: 'x'
                    echo "accepted=${m.accepted} refused=${m.refused}"
                    """, Result.SUCCESS);
            jenkins.assertLogContains(
                    "accepted=[team@contoso.com] refused=[gone@contoso.com (550 5.1.1 no such user)]", build);
            WorkflowRun nobody = run(
                    jenkins,
                    "nobody",
                    "oauthMailSend account: 'build-mail', to: 'gone@contoso.com', subject: 'x'",
                    Result.FAILURE);
            jenkins.assertLogContains("refused every recipient: gone@contoso.com (550 5.1.1 no such user)", nobody);
        }
    }

    @Test
    void acceptsListsArraysNumbersAndBooleans(JenkinsRule jenkins) throws Exception {
        try (ControllerRig microsoft = new ControllerRig(jenkins)) {
            JenkinsRule.WebClient admin = microsoft.admin();
            admin.getPage(microsoft.signIn(admin, ControllerRig.ADDRESS));
            run(jenkins, "types", """
                    def who = 'team'
                    oauthMailSend account: 'build-mail', to: ["${who}@contoso.com", null] as String[], cc: null,
                        bcc: ['anna@contoso.com'] as Set, subject: 42, body: ['one', 'two'], attachLog: true,
                        headers: ['X-Number': 5, 'X-Flag': true, 'X-None': null], attachments: []
                    """, Result.SUCCESS);
            assertEquals(1, microsoft.mails("anna@contoso.com").size());
            var mail = microsoft.mails("team@contoso.com").get(0);
            assertEquals("42", mail.getSubject());
            assertEquals("5", mail.getHeader("X-Number", null));
            assertEquals("true", mail.getHeader("X-Flag", null));
        }
    }

    @Test
    void reportsAnInvalidHeaderInOneSentence(JenkinsRule jenkins) throws Exception {
        try (ControllerRig microsoft = new ControllerRig(jenkins)) {
            WorkflowRun build = run(
                    jenkins,
                    "bad",
                    "oauthMailSend account: 'build-mail', to: 'a@b.test', headers: [Subject: 'x']",
                    Result.FAILURE);
            jenkins.assertLogContains("headers: Subject cannot be set there", build);
            assertFalse(JenkinsRule.getLog(build).contains("\tat "), "a stack trace in the log");
        }
    }

    @Test
    void formKeepsEveryField(JenkinsRule jenkins) throws Exception {
        OAuthMailSendStep step = new OAuthMailSendStep("build-mail");
        step.setTo("team@contoso.com");
        step.setSubject("Done");
        step.setImportance("high");
        step.setHeaders("X-Build: 7");
        step.setInReplyTo("<a@b>");
        step.setAttachLog("gzip");
        OAuthMailSendStep back = new StepConfigTester(jenkins).configRoundTrip(step);
        assertEquals(Jenkins.XSTREAM2.toXML(step), Jenkins.XSTREAM2.toXML(back));
    }

    @Test
    void everyFieldHasHelp(JenkinsRule jenkins) {
        Set<String> fields = new DescribableModel<>(OAuthMailSendStep.class)
                .getParameters().stream().map(DescribableParameter::getName).collect(Collectors.toSet());
        assertTrue(fields.size() >= 14, fields.toString());
        for (String field : fields) {
            assertNotNull(
                    OAuthMailSendStep.class.getResource("OAuthMailSendStep/help-" + field + ".html"),
                    field + " has no help");
        }
    }

    private static WorkflowRun run(JenkinsRule jenkins, String name, String script, Result result) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, name);
        job.setDefinition(new CpsFlowDefinition(script, true));
        return jenkins.assertBuildStatus(result, job.scheduleBuild2(0).get());
    }
}
