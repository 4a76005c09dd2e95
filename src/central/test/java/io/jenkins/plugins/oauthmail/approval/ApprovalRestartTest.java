package io.jenkins.plugins.oauthmail.approval;

import static io.jenkins.plugins.oauthmail.approval.ApprovalRig.ANNA;
import static io.jenkins.plugins.oauthmail.approval.ApprovalRig.BEN;
import static io.jenkins.plugins.oauthmail.approval.ApprovalRig.CARL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.AbortException;
import hudson.model.Run;
import io.jenkins.inmemory.InMemoryJob;
import io.jenkins.inmemory.InMemoryRun;
import io.jenkins.plugins.oauthmail.account.MailReaders;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.testing.VaultFake;
import io.jenkins.plugins.oauthmail.testing.mail.ByImapAndSmtp;
import io.jenkins.plugins.oauthmail.testing.mail.OnEveryServer;
import io.jenkins.plugins.oauthmail.watch.FolderWatches;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A controller that is killed while a build asks. */
@OnEveryServer
@Timeout(value = 50, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ApprovalRestartTest {
    private ApprovalRig rig;
    private final CountDownLatch end = new CountDownLatch(1);

    @BeforeEach
    void open() throws Exception {
        ApprovalAction.nameInBuilds();
        rig = new ApprovalRig();
    }

    @AfterEach
    void close() throws Exception {
        end.countDown();
        rig.close();
    }

    private ApprovalRig.Asking waiting(Map<String, Object> how) throws Exception {
        ApprovalRig.Asking build = rig.asked(how);
        build.awaitWaiting();
        if (how.containsKey("to")) {
            rig.question(CARL);
        }
        return build;
    }

    @Test
    void countsAnswersReceivedWhileDown() throws Exception {
        ApprovalRig.Asking after = waiting(Map.of()).killed();
        rig.reply(rig.question(ANNA), ANNA, "APPROVE\r\n");
        after.execution.onResume();
        assertEquals("APPROVE", after.result().get("decision"));
        assertEquals(1, rig.mails(ANNA).size(), "nobody is asked again");
    }

    /** A mailbox that is not available for a moment is waited for, as if the controller had not been restarted. */
    @Test
    void waitsForAMailboxThatWorkedBefore() throws Exception {
        ApprovalRig.Asking after = waiting(Map.of()).killed();
        rig.jenkins().mail().imapScript().reply("EXAMINE", "BAD User is authenticated but not connected.", 3);
        rig.jenkins().mail().graph().refuse("GET .*", 3, 503, "ServiceUnavailable", "Not now.");
        after.execution.onResume();
        after.awaitLog("cannot check for answers at the moment");
        rig.reply(rig.question(ANNA), ANNA, "APPROVE\r\n");
        assertEquals("APPROVE", after.result().get("decision"));
    }

    /** Providers of credentials take a while to start. */
    @Test
    void waitsForACredentialThatWasThereBefore() throws Exception {
        VaultFake vault = VaultFake.instead(rig.jenkins().jenkins());
        ApprovalRig.Asking after = waiting(Map.of()).killed();
        vault.becomeWithoutTokens(VaultFake.State.LISTS_NOTHING);
        MailReaders.get().authorized(JenkinsRig.ACCOUNT);
        after.execution.onResume();
        Await.until(() -> after.log().contains("There is no credential 'secret'")
                || !after.approval().isOpen());
        vault.become(VaultFake.State.AVAILABLE);
        rig.reply(rig.question(ANNA), ANNA, "APPROVE\r\n");
        FolderWatches.get().authorized(JenkinsRig.ACCOUNT);
        assertEquals("APPROVE", after.result().get("decision"));
    }

    /** Such as after a switch between IMAP and Microsoft Graph. */
    @Test
    void strangersHideNoAnswerIfThePositionIsUnknown() throws Exception {
        ApprovalRig.Asking after = waiting(Map.of()).killed();
        rig.reply(rig.question(ANNA), ANNA, "APPROVE\r\n");
        for (int i = 0; i < Inbox.AT_ONCE; i++) {
            rig.deliver("eve@evil.test", "[" + after.approval().getId() + "]", "", "x");
        }
        after.approval().position("999:1");
        after.execution.onResume();
        assertEquals("APPROVE", after.result().get("decision"));
    }

    @Test
    void countsAnswersInTimeAfterTheDeadline() throws Exception {
        ApprovalRig.Asking before = waiting(Map.of("waitFor", "8s"));
        ApprovalRig.Asking after = before.killed();
        rig.reply(rig.question(ANNA), ANNA, "APPROVE\r\n");
        Await.until(() -> !before.approval().isOpen()); // so that the time is up
        after.execution.onResume();
        assertEquals("APPROVE", after.result().get("decision"));
    }

    /** Together they have more text than is kept of one read. */
    @Test
    void countsAnAnswerBehindLongMessages() throws Exception {
        ApprovalRig.Asking after = waiting(Map.of()).killed();
        String part = "\r\n\r\n" + "0123456789abcde\r\n".repeat(65_000) + "--b";
        for (int i = 0; i < 17; i++) {
            rig.deliver(
                    "eve@evil.test",
                    "[" + after.approval().getId() + "]",
                    "Content-Type: multipart/alternative; boundary=b\r\n",
                    "--b\r\nContent-Type: text/plain" + part + "\r\nContent-Type: text/html" + part + "--\r\n");
        }
        rig.reply(rig.question(ANNA), ANNA, "APPROVE\r\n");
        after.execution.onResume();
        assertEquals("APPROVE", after.result().get("decision"));
    }

    @Test
    void ignoresLateAnswers() throws Exception {
        ApprovalRig.Asking before = waiting(Map.of("waitFor", "5s"));
        MimeMessage question = rig.question(ANNA);
        ApprovalRig.Asking after = before.killed();
        Await.until(() -> !before.approval().isOpen());
        rig.reply(question, ANNA, "APPROVE\r\n");
        after.execution.onResume();
        AbortException failed = assertThrows(AbortException.class, after::result);
        assertEquals("waitFor: the question was not decided within 5s.", failed.getMessage());
        assertEquals("timedOut", after.approval().getState());
        assertEquals(
                "the question had already ended",
                after.approval().getUncounted().get(0).getReason());
    }

    /** The build may be there before its pipeline is, and the last look for mail takes a while. */
    @Test
    void ignoresLateVotesOnThePage() throws Exception {
        ApprovalRig.Asking before = waiting(Map.of("approvers", "ben", "waitFor", "5s"));
        ApprovalRig.Asking after = before.killed();
        Await.until(() -> !before.approval().isOpen()
                && Instant.now().isAfter(after.approval().question().deadline()));
        assertTrue(rig.decide(after, "ben", "APPROVE", null).contains("?late="));
        assertEquals(List.of(), after.approval().votes());
        after.execution.onResume();
        assertThrows(AbortException.class, after::result);
        assertEquals("timedOut", after.approval().getState());
    }

    @Test
    void votesSurviveARestart() throws Exception {
        ApprovalRig.Asking before = waiting(Map.of("approvers", List.of(ANNA, BEN), "required", 2));
        rig.reply(rig.question(ANNA), ANNA, "APPROVE\r\n");
        before.awaitLog(ANNA + " answered APPROVE");
        ApprovalRig.Asking after = before.killed();
        after.execution.onResume();
        rig.reply(rig.question(ANNA), ANNA, "APPROVE\r\n");
        rig.reply(rig.question(BEN), BEN, "APPROVE\r\n");
        assertEquals(ANNA + ", " + BEN, after.result().get("by"));
    }

    /** The vote is on disk, but the pipeline has not heard of it. */
    @Test
    void lastMomentDecisionSurvivesARestart() throws Exception {
        ApprovalRig.Asking after = waiting(Map.of("approvers", "ben")).killed();
        rig.decide(after, "ben", "APPROVE", null);
        assertFalse(after.approval().isOpen());
        ApprovalRig.Asking again = after.killed();
        again.execution.onResume();
        assertEquals("ben", again.result().get("by"));
    }

    /** A crash between the save of a vote and that of the position has the message read again. */
    @Test
    void doesNotRejectACountedMessageAgain() throws Exception {
        ApprovalRig.Asking before = waiting(Map.of("approvers", List.of(ANNA, BEN), "required", 2));
        String position = before.approval().position();
        rig.reply(rig.question(ANNA), ANNA, "APPROVE\r\n");
        before.awaitLog(ANNA + " answered APPROVE");
        before.approval().position(position);
        ApprovalRig.Asking after = before.killed();
        after.execution.onResume();
        rig.reply(rig.question(BEN), BEN, "APPROVE\r\n");
        after.result();
        assertEquals(List.of(), after.approval().getUncounted());
        assertEquals(1, rig.mails(ANNA).size());
    }

    /** Messages that did not count are read again, too, and their senders have answered since. */
    @Test
    void doesNotRefuseAMessageAgainWhoseSenderHasAnsweredSince() throws Exception {
        ApprovalRig.Asking before = waiting(Map.of("approvers", List.of(ANNA, "ben", CARL), "required", 3));
        rig.reply(rig.question(ANNA), ANNA, "Yes please\r\n");
        rig.reply(rig.question(BEN), BEN, "APPROVE\r\n");
        before.awaitUncounted(2);
        rig.question(ANNA, 2);
        rig.question(BEN, 2);
        rig.reply(rig.mails(ANNA).get(0), ANNA, "APPROVE\r\n");
        before.awaitLog(ANNA + " answered APPROVE");
        rig.decide(before, "ben", "APPROVE", null);
        ApprovalRig.Asking after = before.killed();
        after.approval().position("999:1");
        after.execution.onResume();
        rig.reply(rig.question(CARL), CARL, "APPROVE\r\n");
        after.result();
        assertEquals(2, after.approval().getUncounted().size(), after.log());
        assertEquals(2, rig.mails(ANNA).size());
        assertEquals(2, rig.mails(BEN).size());
    }

    /** Who has seen a message, or will, can send another one with its ID. */
    @Test
    void aForgedMessageHidesNoRefusalOfTheRealOne() throws Exception {
        ApprovalRig.Asking build = waiting(Map.of("approvers", List.of(ANNA, BEN), "required", 2));
        MimeMessage question = rig.question(ANNA);
        rig.reply(question, ANNA, "APPROVE\r\n");
        build.awaitLog(ANNA + " answered APPROVE");
        for (String trust : List.of("", ApprovalRig.TRUSTED)) {
            rig.jenkins()
                    .mail()
                    .deliver(
                            JenkinsRig.ADDRESS,
                            "From: " + ANNA + "\r\nSubject: Re: " + question.getSubject()
                                    + "\r\nMessage-ID: <more@contoso.test>\r\n" + trust + "\r\nREJECT\r\n");
            build.awaitUncounted(trust.isEmpty() ? 1 : 2);
        }
        rig.question(ANNA, 2);
        assertEquals(
                List.of("the receiving server does not vouch for its sender", "this approver has already answered"),
                build.approval().getUncounted().stream()
                        .map(RejectedAnswer::getReason)
                        .toList());
    }

    @ByImapAndSmtp
    @Test
    void asksRemainingApproversAfterARestart() throws Exception {
        rig.jenkins().mail().smtpScript().reply("RCPT TO:<" + BEN, "550 5.1.1 no");
        ApprovalRig.Asking before = waiting(Map.of("approvers", List.of(ANNA, BEN)));
        before.awaitLog("the question could not be sent to " + BEN);
        rig.jenkins().mail().smtpScript().clear();
        ApprovalRig.Asking after = before.killed();
        after.execution.onResume();
        rig.reply(rig.question(BEN), BEN, "APPROVE\r\n");
        assertEquals(BEN, after.result().get("by"));
        assertEquals(
                1,
                rig.mails(ANNA).stream()
                        .filter(mail -> subject(mail).startsWith("Deploy"))
                        .count());
    }

    /** The refusal is about another message than the one that may have arrived. */
    @ByImapAndSmtp
    @Test
    void aQuestionOfUnknownFateStaysSoWhenItCannotBeSentAgain() throws Exception {
        rig.jenkins().mail().smtpScript().drop(".", 1);
        ApprovalRig.Asking after =
                waiting(Map.of("approvers", List.of(ANNA, BEN, CARL))).killed();
        rig.jenkins().mail().smtpScript().reply("RCPT TO:<" + ANNA, "550 5.1.1 no");
        after.execution.onResume();
        after.awaitLog("the question could not be sent to " + ANNA);
        rig.jenkins().mail().smtpScript().clear();
        after.approval().approvers().get(1).notAsked("550", false);
        after.approval().timeOut(null, Instant.now());
        assertEquals(
                "it is unknown whether the question reached " + ANNA + ".",
                after.approval().getMissingBecause());
    }

    /** A build whose controller stops when the record that is about to be saved looks like this. */
    private ApprovalRig.Asking downAt(Predicate<Approval> moment, Map<String, Object> how) throws Exception {
        InMemoryRun build = new InMemoryJob("demo/deploy").build();
        CountDownLatch down = new CountDownLatch(1);
        build.onSave(() -> {
            if (moment.test(ApprovalAction.of(build).getApprovals().get(0))) {
                down.countDown();
                try {
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                throw new IOException("down");
            }
        });
        ApprovalRig.Asking asking = rig.ask(build, how);
        down.await();
        return asking;
    }

    private Map<String, Object> informing(Object approvers) throws IOException {
        Files.writeString(rig.jenkins().workspace().resolve("notes.txt"), "1.4");
        return Map.of("approvers", approvers, "to", CARL, "attachments", "*.txt", "announceEnd", false);
    }

    private static boolean isAsked(Approval approval) {
        return approval.approvers().get(0).getAsked() != null;
    }

    @Test
    void informsAfterARestartInTheMiddleOfAsking() throws Exception {
        ApprovalRig.Asking after = downAt(ApprovalRestartTest::isAsked, informing(List.of(ANNA, BEN)))
                .killed();
        after.execution.onResume();
        rig.question(CARL);
        rig.reply(rig.question(BEN), BEN, "APPROVE\r\n");
        assertEquals(BEN, after.result().get("by"));
        assertEquals(1, rig.mails(ANNA).size());
        assertEquals(
                List.of("For information: Deploy to production?"),
                rig.mails(CARL).stream().map(ApprovalRestartTest::subject).toList());
    }

    /** Nobody knows whether the message was sent. */
    @Test
    void informsNobodyAgainAfterARestartWhileInforming() throws Exception {
        ApprovalRig.Asking after =
                downAt(Approval::mayHaveInformed, informing(ANNA)).killed();
        after.execution.onResume();
        rig.reply(rig.question(ANNA), ANNA, "APPROVE\r\n");
        assertEquals(ANNA, after.result().get("by"));
        assertEquals(0, rig.mails(CARL).size());
    }

    /** As an earlier version stored it. */
    private static String ofEarlierVersion(String xml) {
        String earlier = xml.replaceAll("<informed>\\w+</informed>", "");
        assertNotEquals(earlier, xml);
        return earlier;
    }

    @Test
    void anApprovalOfAnEarlierVersionThatHadAskedHadInformed() throws Exception {
        ApprovalRig.Asking after = waiting(informing(ANNA)).killed(ApprovalRestartTest::ofEarlierVersion);
        after.execution.onResume();
        rig.reply(rig.question(ANNA), ANNA, "APPROVE\r\n");
        assertEquals(ANNA, after.result().get("by"));
        assertEquals(1, rig.mails(CARL).size());
    }

    @Test
    void anApprovalOfAnEarlierVersionThatHadNotAskedInforms() throws Exception {
        ApprovalRig.Asking after = downAt(approval -> approval.position() != null, informing(ANNA))
                .killed(ApprovalRestartTest::ofEarlierVersion);
        after.execution.onResume();
        rig.question(CARL);
        rig.reply(rig.question(ANNA), ANNA, "APPROVE\r\n");
        assertEquals(ANNA, after.result().get("by"));
        assertEquals(1, rig.mails(CARL).size());
    }

    private static String subject(MimeMessage mail) {
        try {
            return mail.getSubject();
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void failsIfTheJobMayNoLongerRead() throws Exception {
        ApprovalRig.Asking before = waiting(Map.of());
        ApprovalRig.Asking after = before.killed();
        allow("**", "other/**");
        after.execution.onResume();
        AbortException refused = assertThrows(AbortException.class, after::result);
        assertTrue(refused.getMessage().contains("demo/deploy"), refused.getMessage());
        assertEquals("aborted", after.approval().getState());
    }

    @Test
    void asksNobodyWithoutBothPermissions() throws Exception {
        allow("other/**", "demo/**");
        assertThrows(AbortException.class, () -> rig.ask(Map.of()).result());
        allow("demo/**", "other/**");
        assertThrows(AbortException.class, () -> rig.ask(Map.of()).result());
        MailAccount account = account();
        account.setMayRead("demo/**");
        account.setAuthenticatedBy("");
        OAuthMailConfiguration.get().put(account, JenkinsRig.ACCOUNT);
        if (!account.authenticationRule().trustsAnyServer()) {
            assertThrows(AbortException.class, () -> rig.ask(Map.of()).result());
        }
        assertEquals(0, rig.mails(ANNA).size());
    }

    private static MailAccount account() {
        return OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow();
    }

    private static void allow(String send, String read) throws Exception {
        MailAccount account = account();
        account.setMaySend(send);
        account.setMayRead(read);
        OAuthMailConfiguration.get().put(account, JenkinsRig.ACCOUNT);
    }

    @Test
    void storesNoClassNames() throws Exception {
        ApprovalRig.Asking build = waiting(Map.of("approvers", List.of(ANNA, BEN), "required", 2));
        rig.reply(rig.question(ANNA), ANNA, "APPROVE\r\n");
        rig.reply(rig.question(ANNA), ANNA, "APPROVE\r\n");
        Await.until(() -> !build.approval().getUncounted().isEmpty());
        String xml = Run.XSTREAM2.toXML(build.action());
        assertFalse(xml.contains("io.jenkins"), xml);
        assertTrue(xml.startsWith("<oauthMail.approvals>") || xml.contains("<oauthMail.approvals>"), xml);
    }
}
