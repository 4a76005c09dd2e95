package io.jenkins.plugins.oauthmail.steps;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.AbortException;
import hudson.FilePath;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.StreamTaskListener;
import io.jenkins.inmemory.InMemoryJob;
import io.jenkins.inmemory.InMemoryRun;
import io.jenkins.inmemory.InMemoryStepContext;
import io.jenkins.plugins.oauthmail.account.ActivityEntry;
import io.jenkins.plugins.oauthmail.account.ActivityLog;
import io.jenkins.plugins.oauthmail.account.AuthorizationStore;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.jobs.BuildMail;
import io.jenkins.plugins.oauthmail.jobs.BuildMails;
import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.testing.mail.ByImapAndSmtp;
import io.jenkins.plugins.oauthmail.testing.mail.OnEveryServer;
import jakarta.mail.BodyPart;
import jakarta.mail.Multipart;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the step makes of its arguments, up to the mail that arrives. */
@OnEveryServer
class SendStepTest {
    private static final String LOG = "line 1\nline 2\nline 3\n";

    private JenkinsRig rig;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private InMemoryRun build;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        build = new InMemoryJob("demo/pipeline").build();
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @SuppressWarnings("unchecked") // as the step documents it
    private Map<String, Object> send(Map<String, Object> more) throws Exception {
        Map<String, Object> arguments = new HashMap<>(Map.of(
                "account", JenkinsRig.ACCOUNT, "to", JenkinsRig.ADDRESS, "subject", "Hello", "body", "the body"));
        arguments.putAll(more);
        InMemoryStepContext context = new InMemoryStepContext()
                .with(Run.class, new InMemoryJob("demo/pipeline").build().log(LOG))
                .with(TaskListener.class, new StreamTaskListener(log, StandardCharsets.UTF_8))
                .with(FilePath.class, new FilePath(rig.workspace().toFile()));
        return (Map<String, Object>) context.run(new OAuthMailSendStep.DescriptorImpl().newInstance(arguments));
    }

    private MimeMessage arrived() {
        List<MimeMessage> mails = rig.mail().mails(JenkinsRig.ADDRESS, "INBOX");
        assertEquals(1, mails.size());
        return mails.get(0);
    }

    private List<BodyPart> attachments() throws Exception {
        Multipart parts = (Multipart) arrived().getContent();
        List<BodyPart> attachments = new ArrayList<>();
        for (int i = 1; i < parts.getCount(); i++) {
            attachments.add(parts.getBodyPart(i));
        }
        return attachments;
    }

    @Test
    void acceptsLists() throws Exception {
        Files.writeString(rig.workspace().resolve("a,b.txt"), "1");
        Files.writeString(rig.workspace().resolve("c.log"), "2");
        Map<String, Object> sent = send(Map.of(
                "to", List.of(JenkinsRig.ADDRESS, "Anna Berg <anna@contoso.test>"),
                "cc", List.of("lead@contoso.test"),
                "attachments", List.of("a,b.txt", "*.log")));
        assertEquals(List.of(JenkinsRig.ADDRESS, "anna@contoso.test", "lead@contoso.test"), sent.get("accepted"));
        assertEquals(List.of(), sent.get("refused"));
        assertEquals(
                List.of("a,b.txt", "c.log"),
                attachments().stream().map(SendStepTest::name).toList());
    }

    private static String name(BodyPart part) {
        try {
            return part.getFileName();
        } catch (jakarta.mail.MessagingException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void setsThreadHeadersOfAReply() throws Exception {
        send(Map.of("inReplyTo", List.of("<first@x.test>", "second@x.test")));
        assertEquals("<second@x.test>", arrived().getHeader("In-Reply-To", null));
        assertEquals("<first@x.test> <second@x.test>", arrived().getHeader("References", null));
        assertEquals("auto-generated", arrived().getHeader("Auto-Submitted", null));
    }

    @Test
    void acceptsHeadersAsMapOrLines() throws Exception {
        send(Map.of("headers", Map.of("X-Build", 7), "importance", "High"));
        assertEquals("7", arrived().getHeader("X-Build", null));
        assertEquals("high", arrived().getHeader("Importance", null));
        assertEquals("1", arrived().getHeader("X-Priority", null));
        send(Map.of("headers", "X-Build: 8\r\nAuto-Submitted: auto-replied"));
        MimeMessage second = rig.mail().mails(JenkinsRig.ADDRESS, "INBOX").get(1);
        assertEquals("8", second.getHeader("X-Build", null));
        assertEquals("auto-replied", second.getHeader("Auto-Submitted", null));
        assertNull(second.getHeader("Importance"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "inReplyTo  | not an id          | inReplyTo: '<not>' is not a message ID",
                "importance | urgent             | importance: use high, normal or low.",
                "headers    | X-Build            | headers: each header must be a name, a colon and a value",
                "headers    | Subject: x         | headers: Subject cannot be set there",
                "headers    | Bad Name: x        | headers: \"Bad Name\" is not a valid name for a header field",
                "attachLog  | everything         | attachLog: use true, gzip, a number of lines",
                "attachLog  | 0                  | attachLog: use true, gzip, a number of lines",
                "from       | other@contoso.test | may not send as 'other@contoso.test'",
            })
    void sendsNothingForInvalidArguments(String field, String value, String sentence) {
        AbortException refusal = assertThrows(AbortException.class, () -> send(Map.of(field, value)));
        assertTrue(refusal.getMessage().contains(sentence), refusal.getMessage());
        assertEquals(List.of(), rig.mail().mails(JenkinsRig.ADDRESS, "INBOX"));
    }

    @Test
    void omitsHeadersWithoutValueAndRejectsThoseWithoutName() throws Exception {
        Map<String, Object> headers = new HashMap<>(Map.of("X-Build", 7));
        headers.put("X-Ticket", null);
        send(Map.of("headers", headers));
        assertEquals("7", arrived().getHeader("X-Build", null));
        assertNull(arrived().getHeader("X-Ticket"));
        headers.put(null, "x");
        AbortException refusal = assertThrows(AbortException.class, () -> send(Map.of("headers", headers)));
        assertTrue(refusal.getMessage().startsWith("headers: each header must be a name"), refusal.getMessage());
    }

    @Test
    void lineBreakInAMapCannotAddAHeader() {
        AbortException refusal = assertThrows(
                AbortException.class, () -> send(Map.of("headers", Map.of("X-A", "1\nBcc: spy@contoso.test"))));
        assertTrue(refusal.getMessage().contains("headers: X-A contains a line break"), refusal.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "true, build.log, 'line 1\nline 2\nline 3\n'",
        "2, build.log, 'line 2\nline 3\n'",
        "1000, build.log, 'line 1\nline 2\nline 3\n'",
        "gzip, build.log.gz, 'line 1\nline 2\nline 3\n'",
        "1 gzip, build.log.gz, 'line 3\n'"
    })
    void attachesTheLog(String wanted, String name, String text) throws Exception {
        List<Path> before = leftovers();
        send(Map.of("attachLog", wanted));
        BodyPart attachment = attachments().get(0);
        assertEquals(name, attachment.getFileName());
        byte[] octets = attachment.getInputStream().readAllBytes();
        if (name.endsWith(".gz")) {
            octets = new GZIPInputStream(new ByteArrayInputStream(octets)).readAllBytes();
        }
        assertArrayEquals(text.replace("\\n", "\n").getBytes(StandardCharsets.UTF_8), octets);
        assertEquals(before, leftovers());
    }

    /** Only what is sent with the step: others may be at work in the same directory. */
    private static List<Path> leftovers() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().endsWith(".spool"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void rejectsATooLargeLogBeforeItFillsTheDisk() throws Exception {
        OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow().setMaximumMegabytes(1);
        InMemoryStepContext context = new InMemoryStepContext()
                .with(Run.class, new InMemoryJob("demo/pipeline").build().log("x".repeat(1_100_000)))
                .with(TaskListener.class, new StreamTaskListener(log, StandardCharsets.UTF_8));
        AbortException refusal = assertThrows(
                AbortException.class,
                () -> context.run(new OAuthMailSendStep.DescriptorImpl()
                        .newInstance(
                                Map.of("account", JenkinsRig.ACCOUNT, "to", JenkinsRig.ADDRESS, "attachLog", true))));
        assertTrue(refusal.getMessage().startsWith("attachLog: the build log is larger than the 1 MiB"));
    }

    @Test
    void rejectsALinkOutOfTheWorkspace() throws Exception {
        Files.writeString(rig.home().resolve("secret.txt"), "secret");
        Files.createSymbolicLink(rig.workspace().resolve("x.txt"), rig.home().resolve("secret.txt"));
        Files.createSymbolicLink(rig.workspace().resolve("dir"), rig.home());
        for (String pattern : List.of("x.txt", "*.txt", "dir/secret.txt")) {
            AbortException refusal =
                    assertThrows(AbortException.class, () -> send(Map.of("attachments", pattern)), pattern);
            assertTrue(refusal.getMessage().startsWith("attachments: "), refusal.getMessage());
        }
        assertEquals(List.of(), rig.mail().mails(JenkinsRig.ADDRESS, "INBOX"));
    }

    @Test
    void logsTheMessageButNotItsBody() throws Exception {
        send(Map.of("bcc", "boss@contoso.test"));
        String line = log.toString(StandardCharsets.UTF_8).strip();
        assertTrue(
                line.matches("OAuth Mail: sent 'Hello' with account build-mail to jenkins@contoso.test,"
                        + " boss@contoso.test \\(\\d+ KiB, \\d+ ms\\)\\."),
                line);
        assertFalse(line.contains("the body"), line);
    }

    private String log() {
        return log.toString(StandardCharsets.UTF_8);
    }

    private StepExecution startTo(String recipients) throws Exception {
        InMemoryStepContext context = new InMemoryStepContext()
                .with(Run.class, build.log(LOG))
                .with(TaskListener.class, new StreamTaskListener(log, StandardCharsets.UTF_8));
        StepExecution execution = new OAuthMailSendStep.DescriptorImpl()
                .newInstance(
                        Map.of("account", JenkinsRig.ACCOUNT, "to", recipients, "subject", "Hello", "body", "the body"))
                .start(context);
        execution.start();
        return execution;
    }

    @ByImapAndSmtp
    @Test
    void abortReportsAPossibleDelivery() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        rig.mail().smtpScript().hold(".", arrived, over);
        StepExecution execution = startTo(JenkinsRig.ADDRESS);
        arrived.await();
        execution.stop(new IOException("aborted"));
        Await.until(() -> log().contains("it may or may not have been delivered"));
        assertTrue(
                log().startsWith(
                                "OAuth Mail: the build was aborted while the message was being sent: Send: the connection to"),
                log());
        over.countDown();
    }

    @ByImapAndSmtp
    @Test
    void abortReportsWhoReceivedTheMessage() throws Exception {
        rig.mail().smtpScript().reply("RCPT TO:<late@", "450 4.2.0 Later");
        StepExecution execution = startTo(JenkinsRig.ADDRESS + ", late@contoso.test");
        Await.until(() -> log().contains("Trying again"));
        execution.stop(new IOException("aborted"));
        Await.until(() -> log().contains("stopped after the message had been delivered to " + JenkinsRig.ADDRESS
                + "; it was not delivered to late@contoso.test"));
    }

    @ByImapAndSmtp
    @Test
    void abortRecordsWhoReceivedTheMessage() throws Exception {
        rig.mail().smtpScript().reply("RCPT TO:<nobody@", "550 5.1.1 Unknown");
        rig.mail().smtpScript().reply("RCPT TO:<late@", "450 4.2.0 Later");
        StepExecution execution = startTo(JenkinsRig.ADDRESS + ", nobody@contoso.test, late@contoso.test");
        Await.until(() -> log().contains("Trying again"));
        execution.stop(new IOException("aborted"));
        Await.until(() -> BuildMails.find(build) != null);
        BuildMail recorded = BuildMails.find(build).getMails().get(0);
        assertEquals("Partly sent", recorded.getResult());
        assertEquals(
                "The message was not delivered to nobody@contoso.test (550 5.1.1 Unknown). "
                        + "Sending was stopped before the message was delivered to late@contoso.test.",
                recorded.getSentence());
        assertEquals(
                JenkinsRig.ADDRESS + ", nobody@contoso.test (550 5.1.1 Unknown), late@contoso.test",
                recorded.getRecipients());
        List<ActivityEntry> activity = new ArrayList<>();
        ActivityLog.get().read(JenkinsRig.ACCOUNT, activity::add);
        assertEquals(
                List.of(ActivityEntry.Outcome.PARTLY),
                activity.stream().map(ActivityEntry::outcome).toList());
        assertEquals(3, activity.get(0).count());
    }

    @ByImapAndSmtp
    @Test
    void returnsTheIdThatTheServerAssigned() throws Exception {
        rig.mail().smtpScript().reply(".", "250 2.0.0 OK <kept@outlook.test> [Hostname=x]");
        Map<String, Object> sent = send(Map.of());
        assertEquals("<kept@outlook.test>", sent.get("messageId"));
        assertEquals(arrived().getMessageID(), sent.get("requestedMessageId"));
    }

    @ByImapAndSmtp
    @Test
    void sharesAConnectionUntilTheAccountChanges() throws Exception {
        send(Map.of());
        send(Map.of());
        assertEquals(1, rig.mail().smtpConnections());

        MailAccount account =
                OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow();
        OAuthMailConfiguration.get().put(account, account.getId());
        send(Map.of());
        assertEquals(1, rig.mail().smtpConnections());

        account.setMaximumMegabytes(7);
        OAuthMailConfiguration.get().put(account, account.getId());
        send(Map.of());
        assertEquals(2, rig.mail().smtpConnections());

        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        send(Map.of());
        assertEquals(3, rig.mail().smtpConnections());

        AuthorizationStore.get().forget(JenkinsRig.ACCOUNT);
        assertThrows(AbortException.class, () -> send(Map.of()));
        assertEquals(3, rig.mail().smtpConnections());
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        send(Map.of());
        assertEquals(4, rig.mail().smtpConnections());
    }

    @Test
    void showsTheSubjectAsStepArgument() {
        OAuthMailSendStep.DescriptorImpl descriptor = new OAuthMailSendStep.DescriptorImpl();
        assertEquals("Hello", descriptor.argumentsToString(Map.of("subject", "Hello", "body", "secret")));
        assertNull(descriptor.argumentsToString(Map.of("body", "secret")));
    }
}
