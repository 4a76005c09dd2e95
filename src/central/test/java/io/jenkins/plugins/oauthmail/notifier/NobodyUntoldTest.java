package io.jenkins.plugins.oauthmail.notifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.AbortException;
import hudson.FilePath;
import hudson.model.Cause;
import hudson.model.Item;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.User;
import hudson.tasks.MailAddressResolver;
import hudson.tasks.test.AbstractTestResultAction;
import hudson.tasks.test.TestResult;
import io.jenkins.inmemory.InMemoryJob;
import io.jenkins.inmemory.InMemoryRun;
import io.jenkins.inmemory.InMemoryStepContext;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An extra that is wrong costs that extra and a line in the build log; the notification goes to everybody else. */
class NobodyUntoldTest {
    private static final String OTHER = "other@contoso.test";

    private NotifierRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = new NotifierRig();
        // Nothing that is left out may count as a failure.
        rig.notifier.setFailBuild(true);
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private InMemoryRun build() {
        InMemoryRun build = new InMemoryJob("demo/nightly").build();
        build.setResult(Result.FAILURE);
        return build;
    }

    private FilePath workspace() {
        return new FilePath(rig.jenkins.workspace().toFile());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            %s, $TEAM_LEAD, %s                    | OAuth Mail: '$TEAM_LEAD' does not receive the notification: this build has no such variable.
            ${TEAM_LEAD}; %s; %s                  | OAuth Mail: '${TEAM_LEAD}' does not receive
            %s, Lead <$TEAM_LEAD>, %s             | OAuth Mail: 'Lead <$TEAM_LEAD>' does not receive
            %s, nobody at all, %s                 | OAuth Mail: 'nobody at all' does not receive the notification: Message: to:
            %s, "Berg, Anna" <a@@x>, %s           | OAuth Mail: '"Berg, Anna" <a@@x>' does not receive the notification
            %s, "unbalanced <a@x.test>, %s        | does not receive the notification
            %s, <>, %s                            | does not receive the notification
            """)
    void sendsToOthersIfOneAddressIsInvalid(String to, String line) throws Exception {
        rig.notifier.setTo(to.formatted(JenkinsRig.ADDRESS, OTHER));
        String log = rig.run(build());
        assertTrue(log.contains(line), log);
        assertEquals(1, rig.mails(), log);
        assertEquals(1, rig.mails(OTHER), log);
    }

    @Test
    void failsIfNobodyIsLeft() {
        rig.notifier.setTo("nobody at all");
        AbortException failure = assertThrows(AbortException.class, () -> rig.run(build()));
        assertEquals(
                "OAuth Mail: Message: to: \"nobody at all\" is not an address like name@example.com.",
                failure.getMessage());
    }

    @Test
    void skipsPeopleIfTheAddressBookFails() throws Exception {
        rig.jenkins.jenkins().grant("anna", Item.READ);
        rig.jenkins.jenkins().grant("bob", Item.READ);
        rig.jenkins.jenkins().register(new MailAddressResolver() {
            @Override
            public String findMailAddressFor(User person) {
                if (person.getId().equals("anna")) {
                    throw new IllegalStateException("LDAP\nis down");
                }
                return OTHER;
            }
        });
        rig.notifier.setCommitters(true);
        String log = rig.run(build().changed("anna", "1", "one").changed("bob", "2", "two"));
        assertTrue(
                log.contains(
                        "OAuth Mail: anna does not receive the notification: the email address could not be looked up"
                                + " (LDAP is down); an administrator can find details in the system log."),
                log);
        assertEquals(1, rig.mails(), log);
        assertEquals(1, rig.mails(OTHER), log);
    }

    /** Whatever a macro of another plugin throws. */
    @Test
    void keepsAFailingMacro() throws Exception {
        for (Throwable failure : List.of(
                new IllegalStateException("broken"), new IOException("broken"), new NoClassDefFoundError("broken"))) {
            rig.jenkins.jenkins().register(new MacroText() {
                @Override
                String value(String macro, Run<?, ?> build, FilePath workspace, TaskListener listener)
                        throws IOException {
                    if (failure instanceof IOException checked) {
                        throw checked;
                    }
                    if (failure instanceof Error error) {
                        throw error;
                    }
                    throw (RuntimeException) failure;
                }
            });
        }
        rig.notifier.setSubject("Changes: ${CHANGES}");
        rig.notifier.setBody("$JOB_NAME: ${CHANGES}");
        String log = rig.run(build());
        assertEquals("Changes: ${CHANGES}", rig.mail().getSubject());
        assertTrue(rig.parts().get("text/plain").startsWith("demo/nightly: ${CHANGES}"), log);
        assertTrue(log.contains("OAuth Mail: ${CHANGES} was not replaced: broken"), log);
    }

    @Test
    void omitsPartsOfFailingPlugins() throws Exception {
        InMemoryRun build = build().because(new Cause() {
            @Override
            public String getShortDescription() {
                throw new IllegalStateException("no cause");
            }
        });
        build.addAction(new BrokenTests());
        String log = rig.run(build);
        assertTrue(log.contains("OAuth Mail: the report is sent without causes (no cause)."), log);
        assertTrue(log.contains("OAuth Mail: the report is sent without test results (no tests)."), log);
        assertTrue(rig.parts().get("text/plain").contains("Result:    FAILURE"), log);
    }

    private static final class BrokenTests extends AbstractTestResultAction<BrokenTests> {
        @Override
        public int getFailCount() {
            return 1;
        }

        @Override
        public int getTotalCount() {
            return 1;
        }

        @Override
        public List<? extends TestResult> getFailedTests() {
            throw new IllegalStateException("no tests");
        }
    }

    /** Whoever names them must not prevent the message by its size. */
    @Test
    void shortensNamesOfTests() throws Exception {
        InMemoryRun build = build();
        build.addAction(new LongTests("x".repeat(1_000_000)));
        String log = rig.run(build);
        String text = rig.parts().get("text/plain");
        assertTrue(text.contains("\n- " + "x".repeat(299) + "… (new)\n"), text.substring(0, 1000));
        assertFalse(log.contains("only the report"), log);
    }

    private static final class LongTests extends AbstractTestResultAction<LongTests> {
        private final String name;

        LongTests(String name) {
            this.name = name;
        }

        @Override
        public int getFailCount() {
            return 40;
        }

        @Override
        public int getTotalCount() {
            return 40;
        }

        @Override
        public List<? extends TestResult> getFailedTests() {
            return Collections.nCopies(40, new TestResult() {
                @Override
                public String getFullDisplayName() {
                    return name;
                }

                @Override
                public int getFailedSince() {
                    return 1;
                }
            });
        }
    }

    @Test
    void subjectIsOneLine() throws Exception {
        rig.notifier.setSubject("x\r\nBcc: d@e.f");
        rig.run(build());
        assertEquals("x Bcc: d@e.f", rig.mail().getSubject());
        assertEquals(List.of(JenkinsRig.ADDRESS), rig.recipients());
    }

    @ParameterizedTest
    @ValueSource(strings = {"loud", "-5", "gzip, 1000000000"})
    void sendsWithoutAnUnreadableLog(String wanted) throws Exception {
        rig.notifier.setAttachLog(wanted);
        String log = rig.run(build());
        assertTrue(
                log.contains("OAuth Mail: the notification is sent without the build log: attachLog: use true"), log);
        assertEquals(1, rig.mails());
    }

    @Test
    void attachesOtherFilesIfOneIsMissing() throws Exception {
        Files.writeString(rig.jenkins.workspace().resolve("report.txt"), "report");
        rig.notifier.setAttachments("report.txt, coverage.html");
        String log = rig.run(build(), workspace());
        assertTrue(log.contains("without one of its attachments: attachments: no file in the workspace matches"), log);
        assertTrue(rig.parts().containsKey("report.txt"), log);
    }

    @Test
    void sendsWithoutATooLargeLog() throws Exception {
        OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow().setMaximumMegabytes(1);
        Files.write(rig.jenkins.workspace().resolve("big.bin"), new byte[2 << 20]);
        rig.notifier.setAttachments("big.bin");
        rig.notifier.setAttachLog("true");
        String log = rig.run(build().log("x".repeat(2 << 20)), workspace());
        assertTrue(log.contains("sent without the build log: attachLog: the build log is larger"), log);
        assertTrue(log.contains("sent without attachments: attachments: 'big.bin' does not fit"), log);
        assertEquals(1, rig.mails());
    }

    /** The account allows 25 MiB, but the server says less. */
    @Test
    void sendsWithoutAttachmentsTooLargeForTheServer() throws Exception {
        rig.jenkins.mail().smtpTraits().size(100_000);
        Files.write(rig.jenkins.workspace().resolve("big.bin"), new byte[200_000]);
        rig.notifier.setAttachments("big.bin");
        String log = rig.run(build(), workspace());
        assertTrue(log.contains("OAuth Mail: the notification is sent without attachments: Message: "), log);
        assertEquals(1, rig.mails(), log);
        assertFalse(rig.parts().containsKey("big.bin"));
    }

    /** Such as for an attachment that looks like a program. */
    @Test
    void sendsWithoutRejectedContent() throws Exception {
        rig.jenkins.mail().smtpScript().reply(".", "552 5.7.0 This message was blocked because of its content", 1);
        rig.notifier.setAttachLog("true");
        String log = rig.run(build().log("MZ"));
        assertTrue(log.contains("OAuth Mail: the notification is sent without attachments: Send: "), log);
        assertTrue(log.contains("552 5.7.0 This message was blocked because of its content"), log);
        assertEquals(1, rig.mails(), log);
        assertFalse(rig.parts().containsKey("build.log"));
    }

    @Test
    void doesNotRetryIfTheContentIsNotTheProblem() throws Exception {
        rig.jenkins.mail().smtpScript().reply(".", "554 5.2.252 SendAsDenied; a@x not allowed to send as b@x");
        rig.notifier.setAttachLog("true");
        assertThrows(AbortException.class, () -> rig.run(build().log("MZ")));
        assertEquals(
                1,
                rig.jenkins.mail().smtpHeard().stream()
                        .filter(line -> line.startsWith("MAIL"))
                        .count());
    }

    @Test
    void replacesATooLargeTextByTheReport() throws Exception {
        rig.jenkins.mail().smtpTraits().size(100_000);
        rig.notifier.setAttachLog("true");
        rig.notifier.setBody("$LOG");
        String log = rig.run(build().with("LOG", "line\n".repeat(40_000)));
        assertTrue(log.contains("OAuth Mail: only the report of the build is sent: Message: "), log);
        assertTrue(rig.parts().get("text/plain").contains("Result:    FAILURE"), log);
    }

    @Test
    void stepAcceptsListsNumbersAndBooleans() throws Exception {
        Map<String, Object> arguments = new HashMap<>();
        arguments.put("account", JenkinsRig.ACCOUNT);
        arguments.put("to", Arrays.asList(JenkinsRig.ADDRESS, null, OTHER));
        arguments.put("when", new String[] {"FAILURE", "FIXED"});
        arguments.put("attachLog", 2);
        arguments.put("failBuild", true);
        arguments.put("subject", null);
        InMemoryStepContext context = new InMemoryStepContext()
                .with(Run.class, build().log("one\ntwo\nthree\n"))
                .with(TaskListener.class, TaskListener.NULL);
        context.run(new OAuthMailNotifyStep.DescriptorImpl().newInstance(arguments));
        assertEquals(1, rig.mails());
        assertEquals(1, rig.mails(OTHER));
        assertEquals("two\nthree\n", rig.attachment("build.log"));
    }

    @Test
    void showsTheDisplayNameOfABranch() throws Exception {
        InMemoryJob branch = new InMemoryJob("demo/app/feature%2Flogin").shownAs("demo » app » feature/login");
        InMemoryRun build = branch.build();
        build.setResult(Result.FAILURE);
        rig.run(build);
        assertEquals("demo/app/feature/login #1: FAILURE", rig.mail().getSubject());
        assertTrue(rig.parts().get("text/plain").contains("Job:       demo/app/feature/login\n"));
    }
}
