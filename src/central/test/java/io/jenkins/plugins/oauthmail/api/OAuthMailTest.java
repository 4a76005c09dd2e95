package io.jenkins.plugins.oauthmail.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.AbortException;
import hudson.FilePath;
import hudson.util.StreamTaskListener;
import io.jenkins.inmemory.InMemoryJob;
import io.jenkins.plugins.oauthmail.account.ActivityEntry;
import io.jenkins.plugins.oauthmail.account.ActivityLog;
import io.jenkins.plugins.oauthmail.account.ActivitySource;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import jakarta.mail.Multipart;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What other plugins can send, and what is refused. */
class OAuthMailTest {
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private JenkinsRig rig;
    private InMemoryJob job;
    private MailAccount account;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        account = OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow();
        job = new InMemoryJob("demo/nightly");
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private SentMessage send(Message message) throws Exception {
        return OAuthMail.send(
                job.build(),
                JenkinsRig.ACCOUNT,
                message,
                new FilePath(rig.workspace().toFile()),
                new StreamTaskListener(log, StandardCharsets.UTF_8));
    }

    private List<MimeMessage> mails() {
        return rig.mail().mails(JenkinsRig.ADDRESS, "INBOX");
    }

    @Test
    void sendsWhatIsSet() throws Exception {
        Files.createDirectories(rig.workspace());
        Files.writeString(rig.workspace().resolve("report.txt"), "content");
        SentMessage first = send(Message.about("first")
                .to("Jenkins <" + JenkinsRig.ADDRESS + ">")
                .replyTo("ann@contoso.test")
                .text("private words")
                .html("<p>private words</p>")
                .attachments("*.txt"));
        assertEquals(List.of(JenkinsRig.ADDRESS), first.getAccepted());
        assertEquals(List.of(), first.getRefused());
        MimeMessage mail = mails().get(0);
        assertEquals(mail.getMessageID(), first.getMessageId());
        assertEquals("ann@contoso.test", mail.getReplyTo()[0].toString());
        Multipart parts = (Multipart) mail.getContent();
        assertEquals("report.txt", parts.getBodyPart(1).getFileName());
        String reported = log.toString(StandardCharsets.UTF_8);
        assertTrue(reported.contains("first") && !reported.contains("private words"), reported);

        send(Message.about("second").cc(JenkinsRig.ADDRESS).text("x").inReplyTo(first.getMessageId()));
        assertEquals(first.getMessageId(), mails().get(1).getHeader("In-Reply-To")[0]);
        assertNull(mails().get(0).getHeader("In-Reply-To"));
    }

    @Test
    void recordsTheBuild() throws Exception {
        send(Message.about("x").to(JenkinsRig.ADDRESS).text("x"));
        List<ActivityEntry> entries = new ArrayList<>();
        ActivityLog.get().read(JenkinsRig.ACCOUNT, entries::add);
        assertEquals(1, entries.size());
        assertEquals(ActivitySource.API, entries.get(0).source());
        assertEquals("demo/nightly", entries.get(0).job());
    }

    @Test
    void appliesTheRulesOfTheStep() throws Exception {
        Message good = Message.about("x").to(JenkinsRig.ADDRESS).text("x");
        assertEquals(List.of(JenkinsRig.ACCOUNT), OAuthMail.accounts(job));
        account.setMaySend("other/**");
        assertEquals(List.of(), OAuthMail.accounts(job));
        assertTrue(assertThrows(AbortException.class, () -> send(good))
                .getMessage()
                .contains("May send"));
        account.setMaySend("**");
        for (Message wrong : List.of(
                Message.about("x").text("nobody"),
                Message.about("x").to("no address").text("x"),
                Message.about("x\r\nBcc: mallory@contoso.test")
                        .to(JenkinsRig.ADDRESS)
                        .text("x"),
                Message.about("x")
                        .to(JenkinsRig.ADDRESS)
                        .from("boss@contoso.test")
                        .text("x"),
                Message.about("x").to(JenkinsRig.ADDRESS).text("x").inReplyTo("no id"),
                Message.about("x").to(JenkinsRig.ADDRESS).text("x").attachments("../../secret"))) {
            assertFalse(assertThrows(AbortException.class, () -> send(wrong))
                    .getMessage()
                    .isBlank());
        }
        assertEquals(List.of(), mails());
        assertThrows(
                AbortException.class,
                () -> OAuthMail.send(
                        job.build(), "nobody", good, null, new StreamTaskListener(log, StandardCharsets.UTF_8)));
    }
}
