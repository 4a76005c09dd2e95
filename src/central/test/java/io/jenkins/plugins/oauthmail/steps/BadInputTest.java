package io.jenkins.plugins.oauthmail.steps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.AbortException;
import hudson.FilePath;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.StreamTaskListener;
import io.jenkins.inmemory.InMemoryJob;
import io.jenkins.inmemory.InMemoryRun;
import io.jenkins.inmemory.InMemoryStepContext;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailServer;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.notifier.OAuthMailNotifier;
import io.jenkins.plugins.oauthmail.notifier.OAuthMailNotifyStep;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import java.io.ByteArrayOutputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One sentence for whoever wrote the job, and nothing sent: from the steps as a failure, from the notifier in the log. */
class BadInputTest {
    /** Pasted lists, subjects with line breaks, and attachments without which it sends all the same; NotifierTest has them. */
    private static final List<String> NOTIFIER_TAKES =
            List.of("a@b.c;", "a@b.c\\n", "missing.txt", "../x", "big.bin", "x\\nBcc: d@e.f");

    private JenkinsRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
        OAuthMailConfiguration.get().put(new MailAccount("orphan", JenkinsRig.ADDRESS, "gone"), null);
        account("fresh");
        account("closed").setMaySend("other/**");
        account("unreachable").setSmtpServer(new MailServer("127.0.0.1", freePort(), Security.STARTTLS));
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
    }

    /** Another account of the same mailbox. */
    private static MailAccount account(String id) {
        MailAccount model =
                OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow();
        MailAccount account = new MailAccount(id, JenkinsRig.ADDRESS, JenkinsRig.APPLICATION);
        account.setSmtpServer(model.getSmtpServer());
        account.setImapServer(model.getImapServer());
        OAuthMailConfiguration.get().put(account, null);
        return account;
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "account     | nope        | account: there is no mail account 'nope' that the job demo/",
                "account     | closed      | account: there is no mail account 'closed' that the job demo/",
                "account     | ''          | account: specify the mail account to use",
                "account     | orphan      | names the OAuth application 'gone', which does not exist",
                "account     | fresh       | The mail account fresh is not authorized; an administrator must press Authorize",
                "to          | ''          | to: the message has no recipients",
                "to          | not one     | to: ",
                "to          | a@b.c;d     | has no domain",
                "to          | a@b.c\\nBcc: d@e.f | to contains a line break",
                "subject     | x\\nBcc: d@e.f   | subject",
                "attachments | missing.txt | attachments: no file in the workspace matches 'missing.txt'",
                "attachments | ../x        | attachments: '../x' is outside the workspace",
                "attachments | big.bin     | the mail account allows only 1024 KiB",
            })
    void sendsNothingForInvalidInput(String field, String value, String sentence) throws Exception {
        OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow().setMaximumMegabytes(1);
        Files.write(rig.workspace().resolve("big.bin"), new byte[2_000_000]);
        Map<String, Object> arguments = new HashMap<>(
                Map.of("account", JenkinsRig.ACCOUNT, "to", JenkinsRig.ADDRESS, "subject", "x", "body", "x"));
        arguments.put(field, value.replace("\\n", "\n"));

        AbortException refusal = assertThrows(AbortException.class, () -> rig.send(arguments));

        assertTrue(refusal.getMessage().contains(sentence), refusal.getMessage());
        assertFalse(refusal.getMessage().contains("\n"), refusal.getMessage());
        assertEquals(List.of(), rig.mail().mails(JenkinsRig.ADDRESS, "INBOX"));
        if (NOTIFIER_TAKES.stream().noneMatch(value::contains)) {
            String log = notified(arguments);
            assertEquals("OAuth Mail: " + refusal.getMessage().replace("demo/pipeline", "demo/nightly"), log.strip());
            assertEquals(List.of(), rig.mail().mails(JenkinsRig.ADDRESS, "INBOX"));
        }
    }

    @Test
    void reportsAnUnknownOccasion() {
        OAuthMailNotifyStep step = new OAuthMailNotifyStep(JenkinsRig.ACCOUNT);
        step.setWhen("FAILURE, NEVER");
        AbortException refusal = assertThrows(AbortException.class, () -> step.start(new InMemoryStepContext()));
        assertTrue(
                refusal.getMessage().startsWith("when: there is no 'NEVER'; use one or more of ALWAYS, SUCCESS,"),
                refusal.getMessage());
    }

    /** Something that cannot be saved must not end the build before the sentence is there. */
    @Test
    void rejectsNonTextValues() throws Exception {
        for (Object other : List.of(new Object(), Map.of("address", new Object()), 7, List.of(new Object()))) {
            for (Object value : List.of(other, List.of("anna@contoso.test", other))) {
                OAuthMailReadStep step = new OAuthMailReadStep(JenkinsRig.ACCOUNT);
                step.setFrom(value);
                new ObjectOutputStream(OutputStream.nullOutputStream()).writeObject(step);
                AbortException refusal = assertThrows(AbortException.class, step::query);
                assertEquals("from: give a text or a list of texts.", refusal.getMessage());
            }
        }
    }

    @Test
    void refusalsNameTheLayer() throws Exception {
        Map<String, Object> mail = Map.of("account", JenkinsRig.ACCOUNT, "to", JenkinsRig.ADDRESS, "subject", "x");
        AbortException folder = assertThrows(
                AbortException.class, () -> rig.read(Map.of("account", JenkinsRig.ACCOUNT, "folder", "Nowhere")));
        assertTrue(folder.getMessage().startsWith("Folder: "), folder.getMessage());
        rig.mail().accept((user, token) -> false);
        AbortException login = assertThrows(AbortException.class, () -> rig.send(mail));
        assertTrue(login.getMessage().startsWith("Login: "), login.getMessage());
        assertEquals("OAuth Mail: " + login.getMessage(), notified(mail).strip());
    }

    /** What the notifier logs after a good build that it cannot change the result of. */
    private String notified(Map<String, Object> mail) throws Exception {
        InMemoryRun build = new InMemoryJob("demo/nightly").build();
        build.setResult(Result.SUCCESS);
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        TaskListener listener = new StreamTaskListener(log, StandardCharsets.UTF_8);
        OAuthMailNotifier notifier = new OAuthMailNotifier((String) mail.get("account"));
        notifier.setTo((String) mail.get("to"));
        notifier.setSubject((String) mail.get("subject"));
        notifier.setBody((String) mail.get("body"));
        notifier.setAttachments((String) mail.get("attachments"));
        notifier.perform(build, new FilePath(rig.workspace().toFile()), build.getEnvironment(listener), null, listener);
        assertEquals(Result.SUCCESS, build.getResult());
        return log.toString(StandardCharsets.UTF_8);
    }

    @Test
    void interruptedReadEndsTheStep() throws Exception {
        OAuthMailReadStep step = new OAuthMailReadStep(JenkinsRig.ACCOUNT);
        OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow().setMayRead("**");
        // Nobody can get at the thread; the log does what an interrupted call does.
        TaskListener interrupted = () -> {
            throw BadInputTest.<RuntimeException>unchecked(new InterruptedException());
        };
        InMemoryStepContext context = new InMemoryStepContext()
                .with(Run.class, new InMemoryJob("demo/pipeline").build())
                .with(TaskListener.class, interrupted);
        step.start(context).start();
        assertThrows(InterruptedException.class, context::result);
    }

    @SuppressWarnings("unchecked") // that is the trick
    private static <T extends Throwable> T unchecked(Throwable checked) throws T {
        throw (T) checked;
    }
}
