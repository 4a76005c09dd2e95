package io.jenkins.plugins.oauthmail.approval;

import static io.jenkins.plugins.oauthmail.approval.ApprovalRig.ANNA;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Run;
import io.jenkins.inmemory.InMemoryJob;
import io.jenkins.plugins.oauthmail.account.ActivityLog;
import io.jenkins.plugins.oauthmail.account.ActivitySource;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.jobs.BuildMails;
import io.jenkins.plugins.oauthmail.jobs.MailOrigin;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the build log masks appears in no record of an approval, but reaches those who are asked. */
@Timeout(value = 50, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ApprovalSecretsTest {
    private static final String PAGER = "hook-93f1c2ab77@pager.test";
    private static final String CODE = "Falcon-7";

    private ApprovalRig rig;

    @BeforeEach
    void open() throws Exception {
        ApprovalAction.nameInBuilds();
        rig = new ApprovalRig();
        rig.jenkins().mail().mailbox(PAGER);
        rig.bind(Map.of("PAGER", PAGER, "CODE", CODE));
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private static Map<String, Object> asking(Map<String, Object> more) {
        Map<String, Object> all =
                new HashMap<>(Map.of("subject", "Deploy " + CODE + "?", "body", CODE + " is ready.", "to", PAGER));
        all.putAll(more);
        return all;
    }

    private static void assertHidden(Object shown) {
        String lower = String.valueOf(shown).toLowerCase(Locale.ROOT);
        assertFalse(lower.contains(CODE.toLowerCase(Locale.ROOT)), lower);
        assertFalse(lower.contains(PAGER), lower);
    }

    private static void assertRecordsHide(ApprovalRig.Asking build) throws Exception {
        assertHidden(Run.XSTREAM2.toXML(build.action()));
        assertHidden(Run.XSTREAM2.toXML(BuildMails.find(build.build)));
        ActivityLog.get().read(JenkinsRig.ACCOUNT, ApprovalSecretsTest::assertHidden);
        assertHidden(build.execution.getStatus());
        assertEquals("Deploy ****?", build.approval().getSubject());
        assertEquals("**** is ready.", build.approval().getText());
    }

    @Test
    void recordsHideSecrets() throws Exception {
        ApprovalRig.Asking build = rig.asked(asking(Map.of()));
        MimeMessage question = rig.question(ANNA);
        assertTrue(question.getSubject().startsWith("Deploy " + CODE + "? ["), question.getSubject());
        assertEquals(
                "For information: Deploy " + CODE + "?", rig.question(PAGER).getSubject());
        rig.reply(question, ANNA, "Hm\r\n");
        MimeMessage advice = rig.question(ANNA, 2);
        rig.reply(advice, ANNA, "APPROVE\r\n");
        assertEquals("APPROVE", build.result().get("decision"));
        assertEquals(
                "No decision needed any more: Deploy " + CODE + "?",
                rig.question(PAGER, 2).getSubject());
        Await.until(() -> BuildMails.find(build.build).getMails().size() == 4);
        assertEquals("****", BuildMails.find(build.build).getMails().get(1).getRecipients());
        assertRecordsHide(build);
    }

    @Test
    void recordsHideSecretsAfterARestart() throws Exception {
        ApprovalRig.Asking before = rig.asked(asking(Map.of("remindAfter", "2s")));
        rig.question(PAGER);
        before.awaitWaiting();
        ApprovalRig.Asking after = before.killed();
        before.execution.stop(new InterruptedException("killed"));
        after.execution.onResume();
        Await.until(() -> after.log().contains("reminded " + ANNA));
        MimeMessage reminder = rig.mails(ANNA).stream()
                .filter(mail -> subject(mail).startsWith("Reminder: Deploy " + CODE + "? ["))
                .findFirst()
                .orElseThrow();
        rig.reply(reminder, ANNA, "APPROVE\r\n");
        assertEquals("APPROVE", after.result().get("decision"));
        Await.until(() -> BuildMails.find(after.build).getMails().size() == 2);
        assertRecordsHide(after);
    }

    private static String subject(MimeMessage mail) {
        try {
            return mail.getSubject();
        } catch (jakarta.mail.MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void reasonWhyNobodyWasAskedHidesSecrets() throws Exception {
        rig.jenkins().mail().smtpScript().reply("RCPT TO:<hook", "550 5.1.1 <" + PAGER + "> is unknown");
        ApprovalRig.Asking build = rig.asked(Map.of("approvers", PAGER + "," + ANNA));
        build.awaitWaiting();
        String problem = build.approval().approvers().get(0).getProblem();
        assertTrue(problem.contains("<****> is unknown"), problem);
    }

    /** What a server says is shortened, by the server or by us. */
    @Test
    void recordsHideAReferenceWithoutItsEnd() throws Exception {
        Run<?, ?> build = new InMemoryJob("demo/deploy").build();
        String subject = Reference.to("abcdefghijkl").subject("Deploy?");
        String said = "550 5.7.1 rejected: " + subject.substring(0, subject.length() - 1);
        MailAccount account =
                OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow();
        MailOrigin.of(ActivitySource.APPROVAL, build)
                .notSent(account, subject, List.of(ANNA), new MailFailure(MailFailure.Layer.SEND, said), Duration.ZERO);
        String secret = said.substring(said.lastIndexOf(' ') + 1);
        assertFalse(Run.XSTREAM2.toXML(BuildMails.find(build)).contains(secret), secret);
        ActivityLog.get()
                .read(JenkinsRig.ACCOUNT, entry -> assertFalse(entry.toString().contains(secret), secret));
    }
}
