package io.jenkins.plugins.oauthmail.steps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.AbortException;
import hudson.FilePath;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.StreamTaskListener;
import io.jenkins.inmemory.Binder;
import io.jenkins.inmemory.InMemoryJob;
import io.jenkins.inmemory.InMemoryStepContext;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.testing.mail.ByImapAndSmtp;
import io.jenkins.plugins.oauthmail.testing.mail.OnEveryServer;
import jakarta.mail.Flags;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A mail of which not everything was read stays on the server as it was. */
@OnEveryServer
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class IncompleteMailTest {
    private static final String WITH_FILE = "Subject: with file\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
            + "--b\r\nContent-Type: text/plain\r\n\r\nbody\r\n"
            + "--b\r\nContent-Type: application/pdf; name=r.pdf\r\nContent-Disposition: attachment\r\n\r\n"
            + "%PDF\r\n--b--\r\n";

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private JenkinsRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        rig.mail().deliver(JenkinsRig.ADDRESS, "Subject: simple\r\n\r\nbody\r\n");
        rig.mail().deliver(JenkinsRig.ADDRESS, WITH_FILE);
        rig.mail().makeFolder(JenkinsRig.ADDRESS, "Done");
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private List<?> read(Map<String, Object> change) throws Exception {
        Map<String, Object> arguments = new HashMap<>(change);
        arguments.put("saveAttachments", "mail");
        return step(arguments);
    }

    private List<?> step(Map<String, Object> more) throws Exception {
        Map<String, Object> arguments = new HashMap<>(more);
        arguments.put("account", JenkinsRig.ACCOUNT);
        return (List<?>) new InMemoryStepContext()
                .with(Run.class, new InMemoryJob("demo/pipeline").build())
                .with(TaskListener.class, new StreamTaskListener(log))
                .with(FilePath.class, new FilePath(rig.workspace().toFile()))
                .run(Binder.bind(OAuthMailReadStep.class, arguments));
    }

    /** What is left in the inbox, without the mails that are marked as deleted. */
    private List<String> left() throws Exception {
        List<String> left = new ArrayList<>();
        for (var mail : rig.mail().mails(JenkinsRig.ADDRESS, "INBOX")) {
            left.add(mail.getSubject());
        }
        return left;
    }

    private boolean anySeen() {
        return rig.mail().flags(JenkinsRig.ADDRESS, "INBOX").stream()
                .anyMatch(flags -> flags.contains(Flags.Flag.SEEN));
    }

    private void assertLeftAlone() throws Exception {
        assertEquals(List.of("with file"), left());
        assertEquals(
                0,
                rig.mail().mails(JenkinsRig.ADDRESS, "Done").stream()
                        .filter(mail -> Arrays.asList(subject(mail)).contains("with file"))
                        .count());
        assertTrue(!anySeen());
        String said = log.toString(StandardCharsets.UTF_8);
        assertTrue(said.contains("left the message "), said);
        assertTrue(said.contains("r.pdf"), said);
    }

    private static String subject(jakarta.mail.internet.MimeMessage mail) {
        try {
            return mail.getSubject();
        } catch (jakarta.mail.MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    @ByImapAndSmtp
    @ParameterizedTest
    @ValueSource(
            strings = {
                "NO I will not",
                "BAD Command Error. 10",
                "OK FETCH completed.",
                "* 2 FETCH (BODY[2]<0> NIL)\r\nOK done",
            })
    void keepsAMessageWithAWithheldAttachment(String answer) throws Exception {
        rig.mail().imapScript().reply("FETCH 2 (BODY.PEEK[2]", answer);
        assertEquals(2, read(Map.of("delete", true, "markSeen", true)).size());
        assertLeftAlone();
    }

    @ByImapAndSmtp
    @Test
    void doesNotMoveAMessageWithAWithheldAttachment() throws Exception {
        rig.mail().imapScript().reply("FETCH 2 (BODY.PEEK[2]", "NO I will not");
        assertEquals(2, read(Map.of("moveTo", "Done", "markSeen", true)).size());
        assertLeftAlone();
        assertEquals(1, rig.mail().mails(JenkinsRig.ADDRESS, "Done").size());
    }

    private static String withPicture(String subject, String text, int bytes) {
        return "Subject: " + subject + "\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n"
                + "--b\r\nContent-Type: text/plain\r\n\r\n" + text + "\r\n"
                + "--b\r\nContent-Type: text/html\r\n\r\n<p>" + text + "</p><img src=\"data:image/png;base64,"
                + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVph\r\n".repeat(bytes / 38) + "\">\r\n--b--\r\n";
    }

    /** What is only partly read does not match whatever it is. */
    @ParameterizedTest
    @CsvSource({
        "Invoice 7, delete it please, bodies",
        "please do not delete it, delete it please, bodies",
        "please do not delete it, delete it please, html",
        "Invoice 7, Kündigung, bodies"
    })
    void changesNothingThatDoesNotContainTheText(String text, String wanted, String without) throws Exception {
        rig.mail().deliver(JenkinsRig.ADDRESS, withPicture("small", text, 1000));
        rig.mail().deliver(JenkinsRig.ADDRESS, withPicture("large", text, 2 << 20));
        assertEquals(List.of(), step(Map.of("text", wanted, "delete", true, without, false)));
        assertEquals(List.of("simple", "with file", "small", "large"), left());
    }

    @Test
    void keepsAMessageWithATooLargeAttachment() throws Exception {
        OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow().setMaximumReadMegabytes(1);
        rig.mail().deliver(JenkinsRig.ADDRESS, WITH_FILE.replace("%PDF", "%PDF" + "x".repeat(2 << 20)));
        assertEquals(3, read(Map.of("delete", true)).size());
        assertLeftAlone();
    }

    @Test
    void keepsAMessageWithATruncatedBody() throws Exception {
        rig.mail().deliver(JenkinsRig.ADDRESS, "Subject: long\r\n\r\n" + "line\r\n".repeat(400_000));
        assertEquals(3, read(Map.of("delete", true)).size());
        assertEquals(List.of("long"), left());
    }

    /** Otherwise a few messages of anybody would stop a job that works through a folder. */
    @Test
    void canBePutAside() throws Exception {
        rig.mail().deliver(JenkinsRig.ADDRESS, "Subject: long\r\n\r\n" + "line\r\n".repeat(400_000));
        List<?> mails = step(Map.of("subject", "long", "moveTo", "Done"));
        assertEquals(3, left().size());
        String id = (String) ((Map<?, ?>) mails.get(0)).get("id");
        assertTrue(log.toString(StandardCharsets.UTF_8).contains("bodies: false"), log::toString);
        step(Map.of("id", id, "bodies", false, "moveTo", "Done"));
        assertEquals(List.of("simple", "with file"), left());
    }

    @ByImapAndSmtp
    @Test
    void waitsForTemporaryFailuresAndLosesNothing() throws Exception {
        rig.mail()
                .imapScript()
                .reply("FETCH 2 (BODY.PEEK[2]", "BAD Request is throttled. Suggested Backoff Time: 20 milliseconds", 2);
        List<?> mails = read(Map.of("delete", true));
        assertEquals(List.of(), left());
        Map<?, ?> file = (Map<?, ?>) ((List<?>) ((Map<?, ?>) mails.get(0)).get("attachments")).get(0);
        assertTrue(Files.exists(rig.workspace().resolve((String) file.get("path"))), file::toString);
        String said = log.toString(StandardCharsets.UTF_8);
        assertTrue(said.contains("throttled") && said.contains("Trying again in 1 second"), said);
    }

    @ByImapAndSmtp
    @Test
    void failsIfTheServerAsksForTooMuchTime() throws Exception {
        OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow().setMaximumReadMinutes(1);
        rig.mail().imapScript().reply("SEARCH", "NO Request is throttled. Suggested Backoff Time: 92415 milliseconds");
        AbortException failure =
                assertThrows(AbortException.class, () -> read(Map.of("delete", true, "subject", "simple")));
        assertTrue(failure.getMessage().contains("92415"), failure.getMessage());
        assertEquals(2, left().size());
    }
}
