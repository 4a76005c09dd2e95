package io.jenkins.plugins.oauthmail.notifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.tasks.MailMessageIdAction;
import hudson.tasks.test.AbstractTestResultAction;
import hudson.tasks.test.TestResult;
import hudson.util.FormValidation;
import hudson.util.StreamTaskListener;
import io.jenkins.inmemory.Binder;
import io.jenkins.inmemory.InMemoryJob;
import io.jenkins.inmemory.InMemoryRun;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import jenkins.model.Jenkins;
import net.sf.json.JSONObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the notifier sends, when, and what it does to the build. */
class NotifierTest {
    private NotifierRig rig;
    private InMemoryJob job;

    @BeforeEach
    void open() throws Exception {
        rig = new NotifierRig();
        job = new InMemoryJob("demo/nightly");
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private FilePath workspace() {
        return new FilePath(rig.jenkins.workspace().toFile());
    }

    private String sentAfter(String results) throws Exception {
        StringBuilder sent = new StringBuilder();
        for (char result : results.toCharArray()) {
            int before = rig.mails();
            rig.run(NotifierRig.build(
                    job,
                    switch (result) {
                        case 'S' -> Result.SUCCESS;
                        case 'U' -> Result.UNSTABLE;
                        case 'F' -> Result.FAILURE;
                        default -> Result.ABORTED;
                    }));
            sent.append(rig.mails() - before);
        }
        return sent.toString();
    }

    @Test
    void failuresAndTheirFixAreOneConversation() throws Exception {
        rig.run(NotifierRig.build(job, Result.SUCCESS));
        rig.run(NotifierRig.build(job, Result.FAILURE));
        String first = rig.mail().getHeader("Message-ID")[0];
        assertNull(rig.mail().getHeader("In-Reply-To"));
        rig.run(NotifierRig.build(job, Result.ABORTED));
        InMemoryRun untold = NotifierRig.build(job, Result.FAILURE);
        untold.addAction(new MailMessageIdAction("<of-another-plugin@contoso.test>"));
        InMemoryRun wrong = NotifierRig.build(job, Result.FAILURE);
        wrong.addAction(new MailMessageIdAction("no id\r\nBcc: mallory@contoso.test"));
        rig.run(NotifierRig.build(job, Result.UNSTABLE));
        assertEquals("<of-another-plugin@contoso.test>", rig.mail().getHeader("In-Reply-To")[0]);
        String last = rig.mail().getHeader("Message-ID")[0];
        rig.run(NotifierRig.build(job, Result.SUCCESS));
        assertEquals(last, rig.mail().getHeader("In-Reply-To")[0]);
        String references = rig.mail().getHeader("References")[0].replaceAll("\\s+", " ");
        assertTrue(references.startsWith(first) && references.endsWith(last), references);
        rig.run(NotifierRig.build(job, Result.SUCCESS));
        assertNull(rig.mail().getHeader("In-Reply-To"));
    }

    @Test
    void longConversationsKeepTheFirstAndTheLastMessages() throws Exception {
        for (int i = 1; i <= 30; i++) {
            NotifierRig.build(job, Result.FAILURE).addAction(new MailMessageIdAction("<" + i + "@contoso.test>"));
        }
        rig.run(NotifierRig.build(job, Result.FAILURE));
        String[] references = rig.mail().getHeader("References")[0].trim().split("\\s+");
        assertEquals(20, references.length);
        assertEquals("<1@contoso.test>", references[0]);
        assertEquals("<12@contoso.test>", references[1]);
        assertEquals("<30@contoso.test>", references[19]);
    }

    @Test
    void keepsTheMessageIdOfTheFirstMessage() throws Exception {
        InMemoryRun build = NotifierRig.build(job, Result.FAILURE);
        rig.run(build);
        String first = build.getAction(MailMessageIdAction.class).messageId;
        assertEquals(rig.mail().getHeader("Message-ID")[0], first);
        rig.run(build);
        assertEquals(first, build.getAction(MailMessageIdAction.class).messageId);
    }

    @Test
    void notifiesAboutEveryNthFailureInARow() throws Exception {
        rig.notifier.setEveryFailures(3);
        assertEquals("0000100001000", sentAfter("SFFAFFUFFFFFS"));
    }

    @Test
    void notifiesAboutEveryNthFailureInAddition() throws Exception {
        rig.notifier.setEveryFailures(2);
        rig.notifier.setWhen("FIRST_FAILURE, FIXED");
        assertEquals("01101111", sentAfter("SFFFFSFF"));
        assertTrue(rig.run(NotifierRig.build(job, Result.FAILURE)).contains("after every 2 failures in a row"));
    }

    @Test
    void notifiesWhenTheResultGetsWorseOrBetter() throws Exception {
        rig.notifier.setWhen("REGRESSION");
        assertEquals("011001101", sentAfter("SUFASUFSF"));
        rig.notifier.setWhen("IMPROVEMENT, STILL_FAILING");
        assertEquals("1011011", sentAfter("FAUSFFS"));
    }

    @Test
    void notifiesAboutTheFirstFailureAndTheFix() throws Exception {
        rig.notifier.setWhen("FIRST_FAILURE, FIXED");
        StringBuilder sent = new StringBuilder();
        for (Result result : new Result[] {
            Result.SUCCESS,
            Result.FAILURE,
            Result.FAILURE,
            Result.ABORTED,
            Result.FAILURE,
            Result.SUCCESS,
            Result.ABORTED,
            Result.SUCCESS
        }) {
            int before = rig.mails();
            rig.run(NotifierRig.build(job, result));
            sent.append(rig.mails() - before);
        }
        assertEquals("01000100", sent.toString());
        assertEquals("demo/nightly #6: SUCCESS (fixed)", rig.mail().getSubject());
    }

    @Test
    void logsThatANotificationIsNotDue() throws Exception {
        rig.notifier.setWhen("FAILURE, ABORTED");
        assertEquals(
                "OAuth Mail: no notification was sent; this job sends one only after a failed build or after an aborted build.",
                rig.run(NotifierRig.build(job, Result.SUCCESS)));
        assertEquals(0, rig.mails());
    }

    @Test
    void sendsTheReport() throws Exception {
        InMemoryRun build = NotifierRig.build(job, Result.UNSTABLE)
                .changed(
                        "Anna <b>Berg</b>",
                        "0123456789012345678901234567890123456789",
                        "Fix & <i>break</i>\n\nlong story");
        build.addAction(new Tests());
        rig.run(build);
        Map<String, String> parts = rig.parts();
        String text = parts.get("text/plain");
        assertTrue(text.contains("Job:       demo/nightly\nBuild:     #1\nResult:    UNSTABLE\n"), text);
        assertTrue(text.contains("Tests:     2 failed of 40\n"), text);
        assertTrue(text.contains("Changes\n- Anna <b>Berg</b>: Fix & <i>break</i> (01234567)\n"), text);
        assertTrue(text.contains("Failed tests\n- a.B.<c>\n- a.B.d\n"), text);
        assertTrue(text.contains("http://localhost:8080/jenkins/job/demo/job/nightly/1/console"), text);
        String html = parts.get("text/html");
        assertTrue(html.contains("Anna &lt;b&gt;Berg&lt;/b&gt;</strong>: Fix &amp; &lt;i&gt;break&lt;/i&gt;"), html);
        assertTrue(html.contains("<li>a.B.&lt;c&gt;</li>"), html);
        assertTrue(html.contains(" href=\"http://localhost:8080/jenkins/job/demo/job/nightly/1/testReport/\">"), html);
        assertFalse(html.contains("long story"), html);
    }

    private static final class Tests extends AbstractTestResultAction<Tests> {
        @Override
        public int getFailCount() {
            return 2;
        }

        @Override
        public int getTotalCount() {
            return 40;
        }

        @Override
        public List<? extends TestResult> getFailedTests() {
            return List.of(new Named("a.B.<c>"), new Named("a.B.d"));
        }
    }

    private static final class Named extends TestResult {
        private final String name;

        Named(String name) {
            this.name = name;
        }

        @Override
        public String getFullDisplayName() {
            return name;
        }
    }

    @Test
    void replacesVariablesInSubjectAndBodies() throws Exception {
        InMemoryRun build = NotifierRig.build(job, Result.FAILURE)
                .with("TEAM", "Team <A>\nline two $SECRET ${SECRET}")
                .with("SECRET", "the-secret");
        rig.notifier.setSubject("$TEAM of ${JOB_NAME}, $$5, ${NOTHING}");
        rig.notifier.setBody("Hello $TEAM");
        rig.notifier.setHtml("<p>Hello ${TEAM}</p>");
        rig.run(build);
        assertEquals(
                "Team <A> line two $SECRET ${SECRET} of demo/nightly, $5, ${NOTHING}",
                rig.mail().getSubject());
        assertEquals(
                "Hello Team <A>\nline two $SECRET ${SECRET}",
                rig.parts().get("text/plain").strip());
        assertEquals(
                "<p>Hello Team &lt;A&gt;<br>\nline two $SECRET ${SECRET}</p>",
                rig.parts().get("text/html").strip());
    }

    @Test
    void replacesMacros() throws Exception {
        rig.jenkins.jenkins().register(new MacroText() {
            @Override
            String value(String macro, Run<?, ?> build, FilePath workspace, TaskListener listener) {
                return macro.equals("${CHANGES, format=\"{%a}\"}") ? "<anna> ${JOB_NAME}" : null;
            }
        });
        rig.notifier.setHtml("<p>${CHANGES, format=\"{%a}\"} and ${OTHER}</p>");
        String log = rig.run(NotifierRig.build(job, Result.FAILURE));
        assertEquals(
                "<p>&lt;anna&gt; ${JOB_NAME} and ${OTHER}</p>",
                rig.parts().get("text/html").strip());
        assertTrue(log.contains("OAuth Mail: ${OTHER} was not replaced: "), log);
    }

    @Test
    void attachesTheLogWithoutAnAgent() throws Exception {
        rig.notifier.setAttachLog("2");
        rig.run(NotifierRig.build(job, Result.FAILURE).log("one\ntwo\nthree\n"));
        assertEquals("two\nthree\n", rig.attachment("build.log"));
        rig.notifier.setAttachLog("loud");
        assertTrue(rig.run(NotifierRig.build(job, Result.FAILURE)).contains("attachLog: use true, gzip, a number"));
    }

    @Test
    void sendsAttachments() throws Exception {
        Files.writeString(rig.jenkins.workspace().resolve("report-1.txt"), "report");
        rig.notifier.setAttachments("report-$BUILD_NUMBER.txt");
        rig.run(NotifierRig.build(job, Result.FAILURE), workspace());
        assertTrue(rig.parts().containsKey("report-1.txt"), rig.parts().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing.txt", "../x"})
    void notifiesWithoutMissingAttachments(String pattern) throws Exception {
        rig.notifier.setAttachments(pattern);
        rig.notifier.setFailBuild(true);
        String log = rig.run(NotifierRig.build(job, Result.FAILURE), workspace());
        assertTrue(log.startsWith("OAuth Mail: the notification is sent without attachments: attachments: "), log);
        assertEquals(1, rig.mails());
    }

    @Test
    void notifiesWithoutTheAgent() throws Exception {
        rig.notifier.setAttachments("*.txt");
        String log = rig.run(NotifierRig.build(job, Result.FAILURE));
        assertTrue(log.contains("without attachments: attachments: there is no workspace to take files from"), log);
        assertEquals(1, rig.mails());
    }

    @Test
    void keepsTheResultUnlessAskedToFail() throws Exception {
        rig.notifier.setTo("not one");
        InMemoryRun build = NotifierRig.build(job, Result.SUCCESS);
        String log = rig.run(build);
        assertEquals("OAuth Mail: Message: to: \"not one\" is not an address like name@example.com.", log);
        assertEquals(Result.SUCCESS, build.getResult());
        rig.notifier.setFailBuild(true);
        AbortException failure = assertThrows(AbortException.class, () -> rig.run(build));
        assertEquals(log, failure.getMessage());
    }

    @Test
    void unexpectedErrorDoesNotBreakTheBuild() throws Exception {
        EnvVars broken = new EnvVars() {
            private static final long serialVersionUID = 1;

            @Override
            public String get(Object name) {
                throw new IllegalStateException("a bug");
            }
        };
        rig.notifier.setSubject("$JOB_NAME");
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        InMemoryRun build = NotifierRig.build(job, Result.SUCCESS);
        rig.notifier.perform(build, broken, new StreamTaskListener(log, StandardCharsets.UTF_8));
        assertEquals(
                "OAuth Mail: the notification could not be sent; an administrator can find the reason in the system log.",
                log.toString(StandardCharsets.UTF_8).strip());
        assertEquals(Result.SUCCESS, build.getResult());
    }

    @Test
    void formProvidesOneOccasionOrSeveral() throws Exception {
        OAuthMailNotifier.DescriptorImpl form = form();
        JSONObject submitted = JSONObject.fromObject("{account: 'a', to: 'b@c.d', when: ['FIXED', 'FAILURE']}");
        assertEquals("FAILURE, FIXED", ((OAuthMailNotifier) form.newInstance(null, submitted)).getWhen());
        submitted.put("when", "FIXED");
        assertEquals("FIXED", ((OAuthMailNotifier) form.newInstance(null, submitted)).getWhen());
        submitted.remove("when");
        assertEquals("ALWAYS", ((OAuthMailNotifier) form.newInstance(null, submitted)).getWhen());
    }

    @Test
    void listsKnownOccasionsForAnUnknownOne() {
        Exception refusal = assertThrows(
                IllegalArgumentException.class,
                () -> Binder.bind(OAuthMailNotifier.class, Map.of("account", "a", "when", "FAILURE, never")));
        assertTrue(
                refusal.getMessage().startsWith("when: there is no 'never'; use one or more of ALWAYS,"),
                refusal.toString());
    }

    @Test
    void formReportsInvalidRecipients() {
        OAuthMailNotifier.DescriptorImpl form = form();
        assertEquals(
                FormValidation.Kind.OK,
                form.doCheckTo(job, "a@b.c; d@e.f\r\n$MORE", null, null, false, false, false).kind);
        assertEquals(FormValidation.Kind.OK, form.doCheckTo(job, "", null, null, false, true, false).kind);
        FormValidation wrong = form.doCheckTo(job, "a@b.c d@e.f", null, null, false, true, false);
        assertEquals(FormValidation.Kind.ERROR, wrong.kind);
        FormValidation empty = form.doCheckTo(job, " ", null, null, false, false, false);
        assertEquals("Enter at least one address, or select people under Also notify.", empty.getMessage());
        try (var nobody = rig.jenkins.jenkins().as("nobody")) {
            assertEquals(FormValidation.Kind.OK, form.doCheckTo(job, " ", null, null, false, false, false).kind);
            assertEquals(FormValidation.Kind.OK, form.doCheckTo(job, "wrong", null, null, false, false, false).kind);
        }
    }

    private static OAuthMailNotifier.DescriptorImpl form() {
        return (OAuthMailNotifier.DescriptorImpl) Jenkins.get().getDescriptorOrDie(OAuthMailNotifier.class);
    }
}
