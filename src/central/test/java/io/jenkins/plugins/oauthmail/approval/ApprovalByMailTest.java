package io.jenkins.plugins.oauthmail.approval;

import static io.jenkins.plugins.oauthmail.approval.ApprovalRig.ANNA;
import static io.jenkins.plugins.oauthmail.approval.ApprovalRig.BEN;
import static io.jenkins.plugins.oauthmail.approval.ApprovalRig.CARL;
import static io.jenkins.plugins.oauthmail.approval.ApprovalRig.TRUSTED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.AbortException;
import hudson.model.Run;
import io.jenkins.plugins.oauthmail.account.MailReaders;
import io.jenkins.plugins.oauthmail.jobs.BuildMails;
import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.testing.VaultFake;
import io.jenkins.plugins.oauthmail.testing.mail.ByImapAndSmtp;
import io.jenkins.plugins.oauthmail.testing.mail.OnEveryServer;
import io.jenkins.plugins.oauthmail.watch.FolderWatches;
import io.jenkins.plugins.oauthmail.watch.Stopping;
import io.jenkins.plugins.oauthmail.watch.Tries;
import jakarta.mail.Multipart;
import jakarta.mail.internet.MimeMessage;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.ConcurrentModificationException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Deciding by mail: what counts, and what never does. */
@OnEveryServer
@Timeout(value = 50, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ApprovalByMailTest {
    private static final Pattern MAILTO = Pattern.compile("href=\"(mailto:[^\"]+)\"");

    private ApprovalRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = new ApprovalRig();
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private static String content(Object part) throws Exception {
        if (part instanceof Multipart parts) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < parts.getCount(); i++) {
                all.append(content(parts.getBodyPart(i).getContent()));
            }
            return all.toString();
        }
        return part.toString();
    }

    @Test
    void replyDecides() throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of("body", "Release 1.4"));
        MimeMessage question = rig.question(ANNA);
        rig.reply(
                question,
                "Anna <" + ANNA + ">",
                "Approve\r\n\r\nafter lunch\r\n\r\nOn 3 March 2026, Jenkins wrote:\r\n> x\r\n");
        Map<String, Object> result = build.result();
        assertEquals("APPROVE", result.get("decision"));
        assertEquals(true, result.get("approved"));
        assertEquals(ANNA, result.get("by"));
        assertEquals("mail", result.get("how"));
        assertEquals("after lunch", result.get("comment"));
        assertTrue(build.log().contains(ANNA + " answered APPROVE by mail."), build.log());
    }

    @ParameterizedTest
    @CsvSource({"LISTS_NOTHING, There is no credential 'secret'", "THROWS, The credential 'secret' cannot be read"})
    void unavailableVaultEndsNoApproval(VaultFake.State outage, String sentence) throws Exception {
        VaultFake vault = VaultFake.instead(rig.jenkins().jenkins());
        ApprovalRig.Asking build = rig.asked(Map.of());
        MimeMessage question = rig.question(ANNA);
        build.awaitWaiting();
        vault.becomeWithoutTokens(outage);
        // No connection from before is used again.
        MailReaders.get().authorized(JenkinsRig.ACCOUNT);
        FolderWatches.get().authorized(JenkinsRig.ACCOUNT);
        FolderWatches.get().nudge(JenkinsRig.ACCOUNT, "INBOX", (FolderWatches.Listener) build.execution);
        Await.until(() -> build.log().contains(sentence) || !build.approval().isOpen());
        vault.become(VaultFake.State.AVAILABLE);
        rig.reply(question, ANNA, "APPROVE\r\n");
        FolderWatches.get().authorized(JenkinsRig.ACCOUNT);
        assertEquals("APPROVE", build.result().get("decision"));
    }

    /** Checks are interrupted when the account is authorized again; Jenkins writes files through channels, which that closes. */
    @Test
    void answerDecidesDespiteReauthorizationDuringASave() throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of());
        MimeMessage question = rig.question(ANNA);
        build.awaitWaiting();
        CountDownLatch saving = new CountDownLatch(1);
        build.build.onSave(() -> {
            build.build.onSave(null);
            saving.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ClosedByInterruptException();
            }
        });
        rig.reply(question, ANNA, "APPROVE\r\n");
        saving.await();
        FolderWatches.get().authorized(JenkinsRig.ACCOUNT);
        assertEquals("APPROVE", build.result().get("decision"));
        assertEquals(1, build.approval().votes().size());
    }

    @Test
    void messageFromTheLinkDecides() throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of("subject", "Straße & \"Häuser\"?", "onReject", "return"));
        String html = content(rig.question(ANNA).getContent());
        Matcher links = MAILTO.matcher(html);
        assertTrue(links.find(), html);
        assertTrue(links.find(), html);
        URI link = URI.create(links.group(1).replace("&amp;", "&"));
        String[] query = link.getSchemeSpecificPart().split("\\?", 2);
        assertEquals(JenkinsRig.ADDRESS, query[0]);
        String raw = links.group(1).replace("&amp;", "&");
        String subject = field(raw, "subject");
        assertTrue(subject.startsWith("REJECT: Straße & \"Häuser\"? ["), subject);
        rig.deliver(
                ANNA,
                "=?UTF-8?B?" + Base64.getEncoder().encodeToString(subject.getBytes(StandardCharsets.UTF_8)) + "?=",
                TRUSTED,
                field(raw, "body") + "\r\n\r\nSent from my iPhone\r\n");
        Map<String, Object> result = build.result();
        assertEquals("REJECT", result.get("decision"));
        assertEquals(false, result.get("approved"));
    }

    private static String field(String link, String name) {
        Matcher value = Pattern.compile("[?&]" + name + "=([^&]*)").matcher(link);
        assertTrue(value.find(), link);
        return URLDecoder.decode(value.group(1).replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "APPROVE",
                "approve\r\n",
                "  Approve  \r\nbecause",
                "\u00a0APPROVE\u200b\r\n",
                "\r\n\r\nAPPROVE\r\n-- \r\nAnna",
                "> Deploy to production?\r\n\r\nAPPROVE\r\n",
                "APPROVE\r\n________________________________\r\nFrom: Jenkins\r\nSent: today\r\nTo: Anna\r\nSubject: x\r\n\r\nREJECT",
            })
    void acceptsClearWords(String text) throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of());
        rig.deliver(
                ANNA,
                "Re: " + rig.question(ANNA).getSubject(),
                "Content-Type: text/plain; charset=UTF-8\r\n" + TRUSTED,
                text);
        assertEquals("APPROVE", build.result().get("decision"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<p>APPROVE</p>",
                "<html><head><style>p{}</style></head><body><div dir=ltr><b>Approve</b></div><br><blockquote>REJECT</blockquote>",
                "<div class=WordSection1><p class=MsoNormal>approve<o:p></o:p></p><div><div style='border:none;"
                        + "border-top:solid #E1E1E1 1.0pt'><p>From: Jenkins<br>Sent: today<br>To: Anna<br>Subject: x</p></div></div><p>REJECT</p>",
            })
    void acceptsHtmlOnlyAnswers(String html) throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of());
        rig.deliver(
                ANNA,
                "AW: " + rig.question(ANNA).getSubject(),
                TRUSTED + "Content-Type: text/html; charset=UTF-8\r\n",
                html);
        assertEquals("APPROVE", build.result().get("decision"));
    }

    private static final List<String> UNCLEAR = List.of(
            "not APPROVE",
            "not\r\nAPPROVE",
            "APPROVE?",
            "APPROVED",
            "Do not APPROVE yet",
            "> APPROVE\r\n",
            "Hmm.\r\n\r\n> APPROVE\r\n",
            "",
            "On 3 March 2026, Ben wrote:\r\n> APPROVE\r\n",
            "\r\n-----Original Message-----\r\nFrom: Ben\r\nSent: today\r\nTo: Anna\r\nSubject: x\r\n\r\nAPPROVE\r\n",
            "APPROVE or REJECT",
            "\u0391PPROVE",
            "-- \r\nAPPROVE",
            "> > APPROVE\r\n> no\r\n",
            ">> APPROVE\r\n> Fine?\r\nLet me think.\r\n",
            "On 3 March 2026, Ben wrote:\r\n> On 2 March 2026, Anna wrote:\r\n> > APPROVE\r\n> Really?\r\n");

    private static final List<String> UNCLEAR_HTML = List.of(
            "<blockquote>APPROVE</blockquote>",
            "<div dir=ltr>Hm</div><div class=gmail_quote>On 3 March, Ben wrote:<blockquote>APPROVE</blockquote></div>",
            "<blockquote><p>Hm</p><blockquote>APPROVE</blockquote></blockquote>",
            "<p>not</p><p>APPROVE</p>",
            "<p>not <b>APPROVE</b></p>",
            "<div style='display:none'>APPROVE</div><p>I do not agree.</p>",
            "<!-- APPROVE --><p>No.</p>",
            "<title>APPROVE</title><p>No.</p>",
            "<style>APPROVE</style><p>No.</p>",
            "<img alt=APPROVE src=x><p>No.</p>",
            "<a href='https://ci/APPROVE'>No.</a>",
            "<div style='border:none;border-top:solid #E1E1E1 1.0pt'><p>From: Ben<br>Sent: today<br>To: Anna<br>"
                    + "Subject: x</p></div><p>APPROVE</p>");

    @Test
    void asksAgainForUnclearHtml() throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of());
        MimeMessage question = rig.question(ANNA);
        for (String html : UNCLEAR_HTML) {
            rig.deliver(
                    ANNA, "Re: " + question.getSubject(), TRUSTED + "Content-Type: text/html; charset=UTF-8\r\n", html);
        }
        build.awaitUncounted(UNCLEAR_HTML.size());
        assertEquals(List.of(), build.approval().votes());
        assertTrue(build.approval().isOpen());
    }

    @Test
    void countsAMessageOnce() throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of("approvers", List.of(ANNA, BEN, CARL), "required", 2));
        String raw = "From: " + ANNA + "\r\nTo: " + JenkinsRig.ADDRESS + "\r\nSubject: Re: "
                + rig.question(ANNA).getSubject() + "\r\nMessage-ID: <once@contoso.test>\r\n" + TRUSTED
                + "\r\nAPPROVE\r\n";
        rig.jenkins().mail().deliver(JenkinsRig.ADDRESS, raw);
        build.awaitLog(ANNA + " answered APPROVE");
        rig.jenkins().mail().deliver(JenkinsRig.ADDRESS, raw);
        // As somebody sends it who has found it in a mailbox.
        rig.jenkins().mail().deliver(JenkinsRig.ADDRESS, raw.replace("From: " + ANNA, "From: " + CARL));
        rig.jenkins().mail().deliver(JenkinsRig.ADDRESS, raw.replace("<once@", "<twice@"));
        build.awaitUncounted(1);
        assertEquals(1, build.approval().votes().size());
        assertTrue(build.approval().isOpen());
        rig.reply(rig.question(BEN), BEN, "APPROVE\r\n");
        assertEquals(ANNA + ", " + BEN, build.result().get("by"));
    }

    @Test
    void asksAgainForUnclearWords() throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of());
        MimeMessage question = rig.question(ANNA);
        for (String text : UNCLEAR) {
            rig.deliver(
                    ANNA,
                    "Re: " + question.getSubject(),
                    "Content-Type: text/plain; charset=UTF-8\r\n" + TRUSTED,
                    text);
        }
        build.awaitUncounted(UNCLEAR.size());
        build.awaitLog("an answer from " + ANNA + " was not counted: its first line is not APPROVE or REJECT.");
        assertEquals(List.of(), build.approval().votes());
        MimeMessage back = rig.question(ANNA, 4);
        assertTrue(content(back.getContent()).contains("The first line of your answer must be APPROVE or REJECT"));
        assertEquals("auto-generated", back.getHeader("Auto-Submitted", null));
        // The short answer can be replied to.
        rig.reply(back, ANNA, "APPROVE\r\n");
        assertEquals("APPROVE", build.result().get("decision"));
    }

    /** What it is, From, further header fields, and what the reason says. */
    private static final String FORGERIES = """
            unmarked                | From: anna@contoso.test |                                              | vouch
            external, no verdict    | From: anna@contoso.test | X-MS-Exchange-Organization-AuthAs: Anonymous | vouch
            external, failed        | From: anna@contoso.test | X-MS-Exchange-Organization-AuthAs: Anonymous~Authentication-Results: dmarc=fail header.from=contoso.test | vouch
            external, other domain  | From: anna@contoso.test | X-MS-Exchange-Organization-AuthAs: Anonymous~Authentication-Results: dmarc=pass header.from=evil.test | vouch
            two marks               | From: anna@contoso.test | X-MS-Exchange-Organization-AuthAs: Internal~X-MS-Exchange-Organization-AuthAs: Anonymous | vouch
            two From fields         | From: mallory@contoso.test~From: anna@contoso.test | X-MS-Exchange-Organization-AuthAs: Internal | vouch
            two From, Anna first    | From: anna@contoso.test~From: mallory@contoso.test | X-MS-Exchange-Organization-AuthAs: Internal | vouch
            two in one From         | From: anna@contoso.test, mallory@contoso.test | X-MS-Exchange-Organization-AuthAs: Internal | vouch
            group                   | From: team: anna@contoso.test; | X-MS-Exchange-Organization-AuthAs: Internal | vouch
            no From                 | X-From: anna@contoso.test | X-MS-Exchange-Organization-AuthAs: Internal | vouch
            display name            | From: "anna@contoso.test" <mallory@contoso.test> | X-MS-Exchange-Organization-AuthAs: Internal | not an approver
            comment                 | From: mallory@contoso.test (anna@contoso.test) | X-MS-Exchange-Organization-AuthAs: Internal | not an approver
            look-alike domain       | From: anna@contoso.test.evil.test | X-MS-Exchange-Organization-AuthAs: Internal | not an approver
            look-alike letter       | From: =?UTF-8?Q?anna=40cont=D0=BEso.test?= | X-MS-Exchange-Organization-AuthAs: Internal | vouch
            look-alike raw          | From: anna@contоso.test | X-MS-Exchange-Organization-AuthAs: Internal | not an approver
            look-alike in ASCII     | From: anna@contos0.test | X-MS-Exchange-Organization-AuthAs: Internal | not an approver
            look-alike in punycode  | From: anna@xn--contso-jua.test | X-MS-Exchange-Organization-AuthAs: Internal | not an approver
            unseen letter           | From: an\u200bna@contoso.test | X-MS-Exchange-Organization-AuthAs: Internal |
            wide letter             | From: \uff41nna@contoso.test | X-MS-Exchange-Organization-AuthAs: Internal | not an approver
            mail route              | From: <@contoso.test:mallory@evil.test> | X-MS-Exchange-Organization-AuthAs: Internal |
            quoted local part       | From: "anna@contoso.test"@evil.test | X-MS-Exchange-Organization-AuthAs: Internal |
            name with angle         | From: "Anna <anna@contoso.test>" <mallory@contoso.test> | X-MS-Exchange-Organization-AuthAs: Internal | not an approver
            encoded name            | From: =?UTF-8?Q?anna=40contoso.test?= <mallory@contoso.test> | X-MS-Exchange-Organization-AuthAs: Internal | not an approver
            subdomain               | From: anna@mail.contoso.test | X-MS-Exchange-Organization-AuthAs: Internal | not an approver
            plus part               | From: anna+x@contoso.test | X-MS-Exchange-Organization-AuthAs: Internal | not an approver
            Sender is Anna          | From: mallory@contoso.test~Sender: anna@contoso.test~Reply-To: anna@contoso.test | X-MS-Exchange-Organization-AuthAs: Internal | not an approver
            a genuine colleague     | From: carl@contoso.test | X-MS-Exchange-Organization-AuthAs: Internal | not an approver
            absence note            | From: anna@contoso.test~Auto-Submitted: auto-replied | X-MS-Exchange-Organization-AuthAs: Internal | automatic
            absence note of Outlook | From: anna@contoso.test~X-Auto-Response-Suppress: All | X-MS-Exchange-Organization-AuthAs: Internal | automatic
            bounce                  | From: anna@contoso.test~Return-Path: <> | X-MS-Exchange-Organization-AuthAs: Internal | automatic
            """;

    @Test
    void ignoresForgedSenders() throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of());
        MimeMessage question = rig.question(ANNA);
        Map<String, String> reasons = new LinkedHashMap<>();
        for (String line : FORGERIES.lines().toList()) {
            String[] forgery = line.split("\\|", -1);
            String id = "<forgery" + reasons.size() + "@contoso.test>";
            reasons.put(id, forgery[0].strip() + ": " + forgery[3].strip());
            String fields = forgery[1].strip() + (forgery[2].isBlank() ? "" : "~" + forgery[2].strip());
            rig.jenkins()
                    .mail()
                    .deliver(
                            JenkinsRig.ADDRESS,
                            fields.replace("~", "\r\n") + "\r\nMessage-ID: " + id + "\r\nSubject: Re: "
                                    + question.getSubject() + "\r\nIn-Reply-To: " + question.getMessageID()
                                    + "\r\n\r\nAPPROVE\r\n");
        }
        build.awaitUncounted(reasons.size());
        for (RejectedAnswer answer : build.approval().getUncounted()) {
            String[] expected = reasons.get(answer.getMessageId()).split(":", 2);
            assertTrue(answer.getReason().contains(expected[1].strip()), expected[0] + ": " + answer.getReason());
            build.awaitLog("was not counted: " + answer.getReason());
        }
        assertTrue(build.approval().isOpen());
        rig.reply(question, ANNA, "REJECT\r\n");
        assertThrows(AbortException.class, build::result);
        assertEquals(1, rig.mails(ANNA).size(), "nobody is answered whose sender is not known");
    }

    @Test
    void ignoresAnswersToAForwardedQuestion() throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of("approvers", List.of(ANNA, BEN)));
        MimeMessage annas = rig.question(ANNA);
        rig.question(BEN);
        rig.reply(annas, BEN, "APPROVE\r\n");
        build.awaitLog("an answer from " + BEN + " was not counted: its subject does not contain the reference");
        assertTrue(content(rig.question(BEN, 2).getContent()).contains("sent to somebody else"));
        // Nor with both references, nor with one of no one's.
        rig.deliver(BEN, annas.getSubject() + rig.mails(BEN).get(0).getSubject(), TRUSTED, "APPROVE\r\n");
        rig.deliver(BEN, "Re: [" + build.approval().getId() + " abcdefghijklmnopqrstuvwxyz]", TRUSTED, "APPROVE\r\n");
        rig.deliver(BEN, "Re: [" + build.approval().getId() + "]", TRUSTED, "APPROVE\r\n");
        Await.until(() -> build.approval().getUncounted().size() == 4);
        assertEquals(List.of(), build.approval().votes());
        rig.reply(rig.mails(BEN).get(0), BEN, "APPROVE\r\n");
        assertEquals(BEN, build.result().get("by"));
    }

    @Test
    void rejectsAReferenceOfAnotherBuild() throws Exception {
        ApprovalRig.Asking one = rig.asked(Map.of());
        MimeMessage first = rig.question(ANNA);
        ApprovalRig.Asking other = rig.asked(Map.of());
        MimeMessage second = rig.question(ANNA, 2);
        assertNotEquals(first.getSubject(), second.getSubject());
        String secret = first.getSubject().replaceAll(".* ([a-z2-7]{26})\\]$", "$1");
        rig.deliver(
                ANNA,
                "Re: Deploy to production? [" + other.approval().getId() + " " + secret + "]",
                TRUSTED,
                "APPROVE\r\n");
        other.awaitLog("was not counted: its subject does not contain the reference");
        rig.reply(first, ANNA, "APPROVE\r\n");
        assertEquals("APPROVE", one.result().get("decision"));
        assertTrue(other.approval().isOpen());
    }

    @Test
    void explainsThatOnlyTheFirstAnswerCounts() throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of("approvers", List.of(ANNA, BEN), "required", 2));
        MimeMessage question = rig.question(ANNA);
        rig.reply(question, ANNA, "APPROVE\r\n");
        build.awaitLog(ANNA + " answered APPROVE");
        rig.reply(question, ANNA, "APPROVE\r\n");
        rig.reply(question, ANNA, "REJECT\r\n");
        Await.until(() -> build.approval().getUncounted().size() == 2);
        assertTrue(build.approval().isOpen());
        assertEquals(1, build.approval().votes().size());
        assertTrue(content(rig.question(ANNA, 2).getContent()).contains("Only the first answer counts"));
        rig.reply(rig.question(BEN), BEN, "APPROVE\r\nfine\r\n");
        Map<String, Object> result = build.result();
        assertEquals(ANNA + ", " + BEN, result.get("by"));
        assertEquals(2, ((List<?>) result.get("votes")).size());
    }

    @Test
    void oneRejectionEndsTheQuestion() throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of("approvers", List.of(ANNA, BEN), "required", 2));
        rig.reply(rig.question(BEN), BEN, "REJECT\r\nnot today\r\n");
        AbortException rejected = assertThrows(AbortException.class, build::result);
        assertTrue(rejected.getMessage().startsWith("Rejected: REJECT by ben@contoso.test on "), rejected.getMessage());
        MimeMessage told = rig.question(ANNA, 2);
        assertEquals("No decision needed any more: Deploy to production?", told.getSubject());
        assertTrue(content(told.getContent()).contains("REJECT by ben@contoso.test"), content(told.getContent()));
    }

    @Test
    void distinguishesParallelQuestions() throws Exception {
        rig.jenkins().mail().imapScript().drop("SEARCH", 1);
        ApprovalRig.Asking build = rig.asked(Map.of("approvers", List.of(ANNA, BEN)));
        MimeMessage annas = rig.question(ANNA);
        MimeMessage bens = rig.question(BEN);
        rig.jenkins().mail().imapScript().reply("SEARCH", "* OK wait");
        rig.reply(annas, ANNA, "APPROVE\r\n");
        rig.reply(bens, BEN, "REJECT\r\n");
        rig.jenkins().mail().imapScript().clear();
        FolderWatches.get().forgotten(JenkinsRig.ACCOUNT);
        assertEquals("APPROVE", build.result().get("decision"));
        assertEquals(ANNA, build.approval().votes().get(0).getBy());
        MimeMessage told = rig.question(BEN, 2);
        assertTrue(content(told.getContent()).contains("APPROVE by anna@contoso.test"), content(told.getContent()));
    }

    @Test
    void limitsRepliesToStrangers() throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of());
        MimeMessage question = rig.question(ANNA);
        for (int i = 0; i < 250; i++) {
            rig.reply(question, CARL, "APPROVE\r\n");
        }
        rig.reply(question, ANNA, "APPROVE\r\n");
        assertEquals("APPROVE", build.result().get("decision"));
        Await.until(() -> rig.mails(CARL).size() >= 3);
        assertEquals(3, rig.mails(CARL).size());
        assertEquals(50, build.approval().getUncounted().size());
        assertEquals(50, build.log().split("was not counted", -1).length - 1);
    }

    @Test
    void storesAndLogsNoReference() throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of("to", CARL));
        MimeMessage question = rig.question(ANNA);
        Matcher reference =
                Pattern.compile("\\[[a-z2-7]{12} ([a-z2-7]{26})\\]$").matcher(question.getSubject());
        assertTrue(reference.find(), question.getSubject());
        rig.deliver(ANNA, question.getSubject(), TRUSTED, "Hm " + question.getSubject());
        build.awaitLog("was not counted");
        rig.question(ANNA, 2);
        build.awaitLog("to " + ANNA);
        String secret = reference.group(1);
        assertFalse(build.log().contains(secret), build.log());
        assertFalse(Run.XSTREAM2.toXML(build.action()).contains(secret));
        String sent = Run.XSTREAM2.toXML(BuildMails.find(build.build));
        assertTrue(sent.contains(build.approval().getId()), sent);
        assertFalse(sent.contains(secret), sent);
        MimeMessage informed = rig.question(CARL);
        assertFalse(informed.getSubject().contains(secret), informed.getSubject());
        assertFalse(content(informed.getContent()).contains(secret));
        assertFalse(content(informed.getContent()).contains("mailto:"));
    }

    @Test
    void timesOut() throws Exception {
        AbortException failed = assertThrows(
                AbortException.class, () -> rig.ask(Map.of("waitFor", "1s")).result());
        assertEquals("waitFor: the question was not decided within 1s.", failed.getMessage());
        failed = assertThrows(AbortException.class, () -> rig.ask(Map.of("waitFor", "1s", "onTimeout", "reject"))
                .result());
        assertEquals("Rejected, because the question was not decided within 1s.", failed.getMessage());
        Map<String, Object> rejected = rig.ask(Map.of("waitFor", "1s", "onTimeout", "reject", "onReject", "return"))
                .result();
        assertEquals("REJECT", rejected.get("decision"));
        assertEquals(false, rejected.get("approved"));
        assertEquals("timedOut", rejected.get("state"));
        Map<String, Object> returned =
                rig.ask(Map.of("waitFor", "1s", "onTimeout", "return")).result();
        assertNull(returned.get("decision"));
        assertEquals(false, returned.get("approved"));
    }

    @Test
    void ignoresAnswersAfterTheEnd() throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of("waitFor", "1s", "onTimeout", "return"));
        MimeMessage question = rig.question(ANNA);
        assertNull(build.result().get("decision"));
        rig.reply(question, ANNA, "APPROVE\r\n");
        // A later question reads the same folder.
        ApprovalRig.Asking next = rig.ask(build.build, Map.of());
        next.awaitLog("asking for approval");
        next.awaitWaiting();
        assertEquals(List.of(), build.action().getApprovals().get(1).votes());
        assertEquals("timedOut", build.action().getApprovals().get(1).getState());
        assertTrue(next.approval().isOpen());
    }

    @Test
    void remindsApproversWhoHaveNotAnswered() throws Exception {
        ApprovalRig.Asking build =
                rig.asked(Map.of("approvers", List.of(ANNA, BEN), "required", 2, "remindAfter", "1s"));
        rig.reply(rig.question(BEN), BEN, "APPROVE\r\n");
        MimeMessage reminder = rig.question(ANNA, 2);
        assertTrue(reminder.getSubject().startsWith("Reminder: Deploy to production? ["), reminder.getSubject());
        assertNotEquals(
                rig.mails(ANNA).get(0).getSubject().replaceAll(".*\\[", ""),
                reminder.getSubject().replaceAll(".*\\[", ""));
        build.awaitLog("reminded " + ANNA);
        // Both references are hers.
        rig.reply(rig.mails(ANNA).get(0), ANNA, "APPROVE\r\n");
        assertEquals("APPROVE", build.result().get("decision"));
    }

    /** Such as because the thread that saves it is interrupted, too. */
    @Test
    void abortIsAnnouncedAlthoughItCannotBeSaved() throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of());
        rig.question(ANNA);
        build.awaitWaiting();
        build.build.onSave(() -> {
            build.build.onSave(null);
            Thread.currentThread().interrupt();
            throw new ClosedByInterruptException();
        });
        build.execution.stop(new InterruptedException("aborted"));
        assertThrows(InterruptedException.class, build::result);
        assertEquals(
                "No decision needed any more: Deploy to production?",
                rig.question(ANNA, 2).getSubject());
    }

    @Test
    void abortedBuildStopsAsking() throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of());
        rig.question(ANNA);
        build.execution.stop(new InterruptedException("aborted"));
        assertThrows(InterruptedException.class, build::result);
        assertEquals("aborted", build.approval().getState());
        assertEquals(
                "No decision needed any more: Deploy to production?",
                rig.question(ANNA, 2).getSubject());
        Await.until(() -> rig.jenkins().readers() == 0);
    }

    @Test
    void acceptsCustomChoices() throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of("choices", List.of("Blau", "Grün", "Nein danke")));
        MimeMessage question = rig.question(ANNA);
        assertTrue(content(question.getContent()).contains("Blau, Grün or Nein danke"), content(question.getContent()));
        rig.deliver(
                ANNA,
                "Re: " + question.getSubject(),
                "Content-Type: text/plain; charset=UTF-8\r\n" + TRUSTED,
                "GRU\u0308N\r\n");
        assertEquals("Grün", build.result().get("decision"));
    }

    private static final List<String> INTRODUCTIONS = List.of(
            "On Tue, 10 Mar 2026 at 10:00, Ben <ben@contoso.test> wrote:",
            "Am 10.03.2026 um 10:00 schrieb Ben <ben@contoso.test>:",
            "Le 10 mars 2026 à 10:00, Ben <ben@contoso.test> a écrit :",
            "El mar, 10 mar 2026 a las 10:00, Ben (<ben@contoso.test>) escribió:",
            "Il giorno mar 10 mar 2026 alle ore 10:00 Ben <ben@contoso.test> ha scritto:",
            "Op di 10 mrt 2026 om 10:00 schreef Ben <ben@contoso.test>:",
            "Em ter., 10 de mar. de 2026 às 10:00, Ben <ben@contoso.test> escreveu:",
            "Den tis 10 mars 2026 kl 10:00 skrev Ben <ben@contoso.test>:",
            "tir. 10. mar. 2026 kl. 10.00 skrev Ben <ben@contoso.test>:",
            "ti 10. maalisk. 2026 klo 10.00 Ben (ben@contoso.test) kirjoitti:",
            "wt., 10 mar 2026 o 10:00 Ben <ben@contoso.test> napisał(a):",
            "út 10. 3. 2026 v 10:00 odesílatel Ben <ben@contoso.test> napsal:",
            "Ben <ben@contoso.test> ezt írta (időpont: 2026. márc. 10., K, 10:00):",
            "10 Mar 2026 Sal, 10:00 tarihinde Ben <ben@contoso.test> şunu yazdı:",
            "вт, 10 мар. 2026 г. в 10:00, Ben <ben@contoso.test>:",
            "2026年3月10日(火) 10:00 Ben <ben@contoso.test>:",
            "Ben <ben@contoso.test> 于2026年3月10日周二 10:00写道：",
            "2026년 3월 10일 (화) 오전 10:00, Ben <ben@contoso.test>님이 작성:",
            "Στις Τρί 10 Μαρ 2026 στις 10:00 π.μ., ο χρήστης Ben <ben@contoso.test> έγραψε:",
            "בתאריך יום ג׳, 10 במרץ 2026 ב-10:00 מאת Ben <ben@contoso.test>:",
            "في الثلاثاء، 10 مارس 2026 في 10:00 ص تمت كتابة ما يلي بواسطة Ben <ben@contoso.test>:",
            "Vào Th 3, 10 thg 3, 2026 vào lúc 10:00 Ben <ben@contoso.test> đã viết:",
            "ในวันที่ อ. 10 มี.ค. 2026 เวลา 10:00 Ben <ben@contoso.test> เขียนว่า:");

    @Test
    void quotedTextNeverDecides() throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of());
        MimeMessage question = rig.question(ANNA);
        String headers = "Content-Type: text/plain; charset=UTF-8\r\n" + TRUSTED;
        for (String introduction : INTRODUCTIONS) {
            // As programs quote that have no marks, and with an answer below the quoted text.
            rig.deliver(ANNA, question.getSubject(), headers, introduction + "\r\n\r\nAPPROVE\r\n");
            rig.deliver(ANNA, question.getSubject(), headers, "> APPROVE\r\n\r\n" + introduction + "\r\n> APPROVE\r\n");
        }
        build.awaitUncounted(2 * INTRODUCTIONS.size());
        assertEquals(List.of(), build.approval().votes());
        rig.deliver(
                ANNA, question.getSubject(), headers, "REJECT\r\n\r\n" + INTRODUCTIONS.get(18) + "\r\n> APPROVE\r\n");
        AbortException rejected = assertThrows(AbortException.class, build::result);
        assertTrue(rejected.getMessage().startsWith("Rejected: REJECT by " + ANNA), rejected.getMessage());
    }

    /** Neither an answer nor what strangers write must end a wait of days because a disk is full for a minute. */
    @Test
    void fullDiskDelaysAnswers() throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of());
        MimeMessage question = rig.question(ANNA);
        build.awaitWaiting();
        build.build.refuseToSave(true);
        rig.reply(question, CARL, "APPROVE\r\n");
        rig.reply(question, ANNA, "APPROVE\r\n");
        build.awaitLog("No space left on device");
        // A vote is withdrawn when it cannot be saved.
        Await.until(() -> build.approval().votes().isEmpty());
        assertTrue(build.approval().isOpen());
        build.build.refuseToSave(false);
        FolderWatches.get().nudge(JenkinsRig.ACCOUNT, "INBOX", (ApprovalExecution) build.execution);
        assertEquals(ANNA, build.result().get("by"));
    }

    /** Jenkins says so with an unchecked exception. */
    @Test
    void changesInTheRecordOfAnotherPluginDelayAnswers() throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of());
        MimeMessage question = rig.question(ANNA);
        build.awaitWaiting();
        build.build.onSave(() -> {
            throw new RuntimeException("Failed to serialize", new ConcurrentModificationException());
        });
        rig.reply(question, CARL, "APPROVE\r\n");
        rig.reply(question, ANNA, "APPROVE\r\n");
        build.awaitLog("answers cannot be saved with the build");
        // A vote is withdrawn when it cannot be saved.
        Await.until(() -> build.approval().votes().isEmpty());
        assertTrue(build.approval().isOpen());
        build.build.onSave(null);
        FolderWatches.get().nudge(JenkinsRig.ACCOUNT, "INBOX", (ApprovalExecution) build.execution);
        assertEquals(ANNA, build.result().get("by"));
    }

    /** The approver has the question. */
    @Test
    void refusedReminderIsNoUnsentQuestion() throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of("remindAfter", "3s"));
        build.awaitWaiting();
        rig.jenkins().mail().smtpScript().reply("RCPT TO", "550 5.7.705 Access denied");
        rig.jenkins()
                .mail()
                .graph()
                .refuse("POST \\S*(sendMail|messages|send)", 99, 403, "ErrorAccessDenied", "Access is denied.");
        build.awaitLog("the reminder could not be sent to " + ANNA);
        Approver anna = build.approval().approvers().get(0);
        assertNotNull(anna.getAsked());
        assertNull(anna.getProblem());
    }

    @Test
    void remindsAgainAfterAReminderThatFailed() throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of("remindAfter", "3s"));
        build.awaitWaiting();
        build.build.refuseToSave(true);
        build.awaitLog("No space left on device");
        int before = rig.mails(ANNA).size();
        build.build.refuseToSave(false);
        MimeMessage reminder = rig.question(ANNA, before + 1);
        rig.reply(reminder, ANNA, "APPROVE\r\n");
        assertEquals("APPROVE", build.result().get("decision"));
    }

    /** Somebody may have rejected, so silence is no consent. */
    @Test
    void aSkippedAnswerMayHaveBeenARejection() throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of("onTimeout", "return"));
        MimeMessage question = rig.question(ANNA);
        build.awaitWaiting();
        refuseMessages();
        rig.reply(question, ANNA, "REJECT\r\n");
        try (Tries all = new Tries()) {
            Await.until(() -> {
                look(build);
                return build.log().contains("skipped an answer");
            });
        }
        rig.jenkins().mail().imapScript().clear();
        rig.jenkins().mail().graph().clear();
        build.approval().timeOut(null, Instant.now());
        look(build);
        AbortException failed = assertThrows(AbortException.class, build::result);
        assertTrue(failed.getMessage().contains("answers by mail may be missing: "), failed.getMessage());
    }

    /** While Ben is still being asked. */
    @ByImapAndSmtp
    @Test
    void countsAnAnswerWhileOthersAreBeingAsked() throws Exception {
        rig.jenkins()
                .mail()
                .smtpScript()
                .reply("RCPT TO:<" + BEN, "451 4.7.0 Temporary server error. Please try again later");
        ApprovalRig.Asking build = rig.asked(Map.of("approvers", List.of(ANNA, BEN)));
        rig.reply(rig.question(ANNA), ANNA, "APPROVE\r\n");
        assertEquals(ANNA, build.result().get("by"));
        assertNull(build.approval().approver(BEN).getProblem());
    }

    /** Silence of people who never got the question is no consent. */
    @Test
    void doesNotTakeThoseWhoWereNeverAskedForSilent() throws Exception {
        rig.jenkins().mail().smtpScript().reply("RCPT TO", "451 4.7.0 Temporary server error. Please try again later");
        rig.jenkins().mail().graph().throttle("POST \\S*(sendMail|messages|send)", 1000, 3);
        ApprovalRig.Asking build =
                rig.asked(Map.of("approvers", List.of(ANNA, "ben"), "waitFor", "5s", "onTimeout", "return"));
        AbortException failed = assertThrows(AbortException.class, build::result);
        assertTrue(
                failed.getMessage().contains("missing: the question could not be sent in time to " + ANNA + ", ben"),
                failed.getMessage());
    }

    /** The connection is lost after the next message was submitted. */
    private void loseTheNextAnswer() {
        rig.jenkins().mail().smtpScript().drop(".", 1);
        rig.jenkins().mail().graph().lose("POST \\S*(sendMail|send)", false);
    }

    /** Nobody knows whether they are silent. */
    @Test
    void doesNotClaimThatAQuestionOfUnknownFateWasNotSent() throws Exception {
        loseTheNextAnswer();
        ApprovalRig.Asking build = rig.asked(Map.of("approvers", List.of(ANNA, BEN), "onTimeout", "return"));
        build.awaitLog("it is unknown whether the question reached " + ANNA + ": ");
        build.awaitWaiting();
        assertFalse(build.log().contains("could not be sent"), build.log());
        build.approval().timeOut(null, Instant.now());
        look(build);
        AbortException failed = assertThrows(AbortException.class, build::result);
        assertTrue(
                failed.getMessage().endsWith("missing: it is unknown whether the question reached " + ANNA + "."),
                failed.getMessage());
        Approver anna = build.killed().approval().approvers().get(0);
        assertTrue(anna.isUncertain());
        assertTrue(anna.getProblem().contains("it may or may not have been delivered"), anna.getProblem());
    }

    @Test
    void remindsThoseWhoMayHaveBeenAsked() throws Exception {
        loseTheNextAnswer();
        ApprovalRig.Asking build = rig.asked(Map.of("approvers", List.of(ANNA, BEN), "remindAfter", "3s"));
        build.awaitLog("it is unknown whether the question reached " + ANNA + ": ");
        build.awaitLog("reminded " + ANNA);
        assertFalse(build.approval().approvers().get(0).isUncertain());
        MimeMessage reminder = rig.question(ANNA);
        assertTrue(reminder.getSubject().startsWith("Reminder: "), reminder.getSubject());
        loseTheNextAnswer();
        build.awaitLog("it is unknown whether the reminder reached ");
        rig.reply(reminder, ANNA, "APPROVE\r\n");
        assertEquals(ANNA, build.result().get("by"));
    }

    @ByImapAndSmtp
    @Test
    void doesNotClaimThatNobodyWasInformedIfThatIsUnknown() throws Exception {
        rig.jenkins().mail().smtpScript().before(".", () -> {
            rig.jenkins().mail().smtpScript().clear();
            rig.jenkins().mail().smtpScript().drop(".", 2);
            return null;
        });
        ApprovalRig.Asking build = rig.asked(Map.of("to", CARL));
        build.awaitLog("it is unknown whether the question reached those who are only informed: ");
        rig.reply(rig.question(ANNA), ANNA, "Yes please\r\n");
        build.awaitLog("it is unknown whether a message reached " + ANNA + ": ");
        assertFalse(build.log().contains("could not be sent"), build.log());
    }

    /** They decide on the page, so no answer of theirs can be missing. */
    @Test
    void aSkippedMessageIsNoAnswerIfNobodyMayAnswerByMail() throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of("approvers", "ben", "onTimeout", "return"));
        build.awaitWaiting();
        build.approval().skipped("Message 7 cannot be read.");
        build.approval().timeOut(null, Instant.now());
        look(build);
        assertNull(build.result().get("decision"));
    }

    private static void look(ApprovalRig.Asking build) {
        FolderWatches.get().nudge(JenkinsRig.ACCOUNT, "INBOX", (ApprovalExecution) build.execution);
    }

    private void refuseMessages() {
        rig.jenkins().mail().imapScript().reply("FETCH", "NO [SERVERBUG] Internal error occurred.", 10_000);
        rig.jenkins().mail().graph().refuse("\\$value", Integer.MAX_VALUE, 400, "ErrorCorruptData", "SERVERBUG");
    }

    private void returnMessagesAgain() {
        rig.jenkins().mail().imapScript().clear();
        rig.jenkins().mail().graph().clear();
    }

    /** A question whose answer has come while the server returns no messages, and has been looked at once. */
    private ApprovalRig.Asking answeredWhileRefusing() throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of());
        MimeMessage question = rig.question(ANNA);
        build.awaitWaiting();
        refuseMessages();
        rig.reply(question, ANNA, "APPROVE\r\n");
        build.awaitLog("SERVERBUG");
        return build;
    }

    @Test
    void countsAnAnswerThatCouldNotBeReadAtFirst() throws Exception {
        ApprovalRig.Asking build = answeredWhileRefusing();
        assertTrue(build.approval().isOpen());
        assertEquals(List.of(), build.approval().votes());
        returnMessagesAgain();
        look(build);
        assertEquals(ANNA, build.result().get("by"));
    }

    @Test
    void skipsAnAnswerThatCannotBeRead() throws Exception {
        ApprovalRig.Asking build = answeredWhileRefusing();
        assertFalse(build.log().contains("skipped an answer"), build.log());
        try (Tries all = new Tries()) {
            Await.until(() -> {
                look(build);
                return build.log().contains("skipped an answer");
            });
        }
        assertTrue(build.approval().isOpen());
        assertEquals(List.of(), build.approval().votes());
        returnMessagesAgain();
        rig.reply(rig.question(ANNA), ANNA, "APPROVE\r\n");
        assertEquals(ANNA, build.result().get("by"));
    }

    /** Classes can no longer be loaded then, and nobody has aborted anything. */
    @Test
    void staysOpenWhileTheControllerIsBeingStopped() throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of());
        MimeMessage question = rig.question(ANNA);
        build.awaitWaiting();
        try (Stopping stopping = new Stopping()) {
            ((ApprovalExecution) build.execution).checkFailed(new NoClassDefFoundError("no longer there"));
            ((ApprovalExecution) build.execution).timeOut();
            assertTrue(build.approval().isOpen());
        }
        rig.reply(question, ANNA, "APPROVE\r\n");
        assertEquals(ANNA, build.result().get("by"));
    }

    /** The pipeline is no longer saved with the end, so it would be concluded, and everybody told, once more. */
    @Test
    void isConcludedWhenTheControllerIsBack() throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of("approvers", "ben"));
        rig.question(BEN);
        build.awaitWaiting();
        ApprovalRig.Asking after;
        try (Stopping stopping = new Stopping()) {
            rig.decide(build, "ben", "APPROVE", null);
            stopping.awaitEndOf(ApprovalExecution.class);
            assertFalse(build.approval().isOpen());
            assertFalse(build.log().contains("APPROVE by"), build.log());
            after = build.killed();
        }
        after.execution.onResume();
        assertEquals("APPROVE", after.result().get("decision"));
        assertTrue(after.log().contains("APPROVE by"), after.log());
    }
}
