package io.jenkins.plugins.oauthmail.manage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.AbortException;
import hudson.model.Item;
import hudson.model.Result;
import io.jenkins.inmemory.InMemoryJob;
import io.jenkins.plugins.oauthmail.account.ActivityEntry;
import io.jenkins.plugins.oauthmail.account.ActivityEntry.Outcome;
import io.jenkins.plugins.oauthmail.account.ActivityLog;
import io.jenkins.plugins.oauthmail.account.ActivitySource;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.jobs.MailOrigin;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page of an account and the exported file say who sent and read what. */
class ActivityPageTest {
    private JenkinsRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
        rig.jenkins().grant("admin", Jenkins.ADMINISTER);
        rig.jenkins().grant("reader", Jenkins.SYSTEM_READ);
        rig.jenkins().grant("developer", Jenkins.SYSTEM_READ, Item.READ);
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private static MailAccount account() {
        return OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow();
    }

    private ActivityPage pageOf(String user) {
        try (var someone = rig.jenkins().as(user)) {
            return ActivityPage.of(account(), Instant.now());
        }
    }

    private String csvOf(String user) throws Exception {
        StringWriter out = new StringWriter();
        try (var someone = rig.jenkins().as(user)) {
            ActivityCsv.write(account(), out);
        }
        return out.toString();
    }

    private static void record(Instant time, String job, int count, Outcome outcome, String sentence, String subject) {
        ActivityLog.get()
                .record(
                        JenkinsRig.ACCOUNT,
                        new ActivityEntry(
                                time,
                                MailUse.SEND,
                                job == null ? ActivitySource.WARNING : ActivitySource.SEND_STEP,
                                job,
                                job == null ? 0 : 3,
                                count,
                                2_500_000,
                                Duration.ofSeconds(2),
                                outcome,
                                sentence,
                                subject,
                                null));
    }

    private static void recordDetails() {
        MailAccount account = account();
        account.setRecordDetails(true);
        OAuthMailConfiguration.get().setAccounts(List.of(account));
    }

    @Test
    void listsWhatAJobSendsAndReads() throws Exception {
        rig.jenkins().items().add(new InMemoryJob("demo/pipeline"));
        rig.authorizeAs(JenkinsRig.ADDRESS);
        rig.send(Map.of(
                "account",
                JenkinsRig.ACCOUNT,
                "to",
                JenkinsRig.ADDRESS + ", bob@contoso.test",
                "subject",
                "Hello",
                "body",
                "b"));
        rig.read(Map.of("account", JenkinsRig.ACCOUNT));
        rig.notifyAbout(Result.FAILURE);
        ActivityPage page = pageOf("admin");
        assertEquals(3, page.getRows().size());
        ActivityRow sent = page.getRows().get(2);
        assertTrue(sent.isSent() && sent.isGood());
        assertEquals(2, sent.getCount());
        assertEquals("demo/pipeline", sent.getJob().getFullName());
        assertEquals(1, sent.getBuild());
        assertEquals("oauthMailSend", sent.getSource());
        assertNull(sent.getSubject());
        assertNull(sent.getAddresses());
        ActivityRow read = page.getRows().get(1);
        assertFalse(read.isSent());
        assertEquals("oauthMailRead", read.getSource());
        assertEquals(1, read.getCount());
        assertEquals("oauthMailNotify", page.getRows().get(0).getSource());
        assertEquals("demo/nightly", page.getRows().get(0).getName());
        assertEquals(
                List.of("1 sent, 1 read", "1 sent, 1 read", "1 sent, 1 read"),
                page.getCounts().get(0).getPeriods());
        assertEquals(
                List.of("2 sent, 1 read", "2 sent, 1 read", "2 sent, 1 read"),
                page.getTotal().getPeriods());
        assertNull(page.getDelays());
    }

    @Test
    void listsFailuresWithTheirReason() throws Exception {
        Map<String, Object> mail =
                Map.of("account", JenkinsRig.ACCOUNT, "to", "bob@contoso.test", "subject", "Hello", "body", "b");
        String why = assertThrows(AbortException.class, () -> rig.send(mail)).getMessage();
        assertThrows(AbortException.class, () -> rig.read(Map.of("account", JenkinsRig.ACCOUNT)));
        List<ActivityRow> rows = pageOf("admin").getRows();
        assertEquals(2, rows.size());
        assertTrue(rows.get(1).isSent() && rows.get(1).isFailed());
        assertEquals(why, rows.get(1).getSentence());
        assertFalse(rows.get(0).isSent());
        assertTrue(rows.get(0).isFailed());
    }

    @Test
    void countsAMessageOfUnknownFateAsFailed() throws Exception {
        rig.authorizeAs(JenkinsRig.ADDRESS);
        rig.mail().smtpScript().drop(".");
        Map<String, Object> mail =
                Map.of("account", JenkinsRig.ACCOUNT, "to", "bob@contoso.test", "subject", "Hello", "body", "b");
        assertThrows(AbortException.class, () -> rig.send(mail));
        ActivityPage page = pageOf("admin");
        assertFalse(page.getRows().get(0).isFailed());
        assertEquals(
                List.of("1 failed", "1 failed", "1 failed"),
                page.getCounts().get(0).getPeriods());
        assertEquals(
                List.of("1 failed", "1 failed", "1 failed"), page.getTotal().getPeriods());
    }

    @Test
    void listsAJobThatOnlyGotTokensWithoutCountingMessages() {
        MailOrigin origin = MailOrigin.of(ActivitySource.OTHER_PLUGIN, new InMemoryJob("demo/pipeline"));
        origin.tokenGiven(account(), "Email Extension");
        ActivityPage page = pageOf("admin");
        assertEquals("demo/pipeline", page.getCounts().get(0).getName());
        assertEquals(List.of("–", "–", "–"), page.getCounts().get(0).getPeriods());
        assertEquals(List.of("–", "–", "–"), page.getTotal().getPeriods());
    }

    @Test
    void recordsAnInvalidAddressWithoutIt() throws Exception {
        rig.authorizeAs(JenkinsRig.ADDRESS);
        assertThrows(
                AbortException.class,
                () -> rig.send(Map.of(
                        "account", JenkinsRig.ACCOUNT, "to", "bob smith@contoso.test", "subject", "s", "body", "b")));
        ActivityRow row = pageOf("admin").getRows().get(0);
        assertTrue(row.isFailed());
        assertFalse(row.getSentence().contains("@contoso.test"), row.getSentence());
    }

    @Test
    void countsTheLastDayWeekAndMonth() {
        Instant now = Instant.now();
        record(now.minus(Duration.ofDays(40)), null, 1, Outcome.GOOD, null, null);
        record(now.minus(Duration.ofDays(20)), null, 1, Outcome.GOOD, null, null);
        record(now.minus(Duration.ofDays(5)), null, 1, Outcome.FAILED, "No.", null);
        record(now.minus(Duration.ofHours(5)), null, 1, Outcome.PARTLY, "No.", null);
        ActivityPage page = pageOf("admin");
        assertEquals(
                List.of("1 sent", "1 sent, 1 failed", "2 sent, 1 failed"),
                page.getTotal().getPeriods());
        assertEquals(4, page.getRows().size());
        assertTrue(
                page.getDelays().startsWith("3 messages of the last 30 days had to wait, 6 s in total"),
                page.getDelays());
    }

    @Test
    void hidesJobsThatTheUserMayNotSee() throws Exception {
        recordDetails();
        rig.jenkins().items().add(new InMemoryJob("secret/plan"));
        record(Instant.now(), "secret/plan", 1, Outcome.GOOD, null, "Layoffs");
        record(Instant.now(), "secret/gone", 1, Outcome.GOOD, null, "Layoffs");
        ActivityPage hidden = pageOf("reader");
        for (ActivityRow row : hidden.getRows()) {
            assertTrue(row.isHidden());
            assertNull(row.getJob());
            assertNull(row.getName());
            assertNull(row.getSubject());
        }
        assertFalse(csvOf("reader").contains("secret") || csvOf("reader").contains("Layoffs"), csvOf("reader"));
        ActivityPage seen = pageOf("developer");
        assertEquals("secret/plan", seen.getRows().get(1).getJob().getFullName());
        assertEquals("Layoffs", seen.getRows().get(1).getSubject());
        assertTrue(seen.getRows().get(0).isHidden());
        assertEquals("secret/gone", pageOf("admin").getRows().get(0).getName());
    }

    /** The relay does not know the job, which the user perhaps may not see. */
    @Test
    void showsDetailsWithoutAJobToAdministratorsOnly() throws Exception {
        recordDetails();
        record(Instant.now(), null, 0, Outcome.FAILED, "Refused: jane@contoso.test", "Layoffs");
        ActivityRow row = pageOf("reader").getRows().get(0);
        assertFalse(row.isHidden());
        assertNull(row.getSubject());
        assertEquals("Refused: …@…", row.getSentence());
        assertFalse(csvOf("reader").matches("(?s).*(Layoffs|jane@).*"), csvOf("reader"));
        assertEquals("Layoffs", pageOf("admin").getRows().get(0).getSubject());
        assertTrue(csvOf("admin").contains("Layoffs"), csvOf("admin"));
    }

    @Test
    void listsTheLastMessagesAndExportsAll() throws Exception {
        for (int i = 1; i <= 300; i++) {
            record(Instant.now(), "job" + i, i, Outcome.GOOD, null, null);
        }
        ActivityPage page = pageOf("admin");
        assertEquals(ActivityPage.MAX_ROWS, page.getRows().size());
        assertEquals(300, page.getRows().get(0).getCount());
        assertEquals(20, page.getCounts().size());
        assertEquals(280, page.getMoreCounts());
        assertEquals(301, csvOf("admin").split("\r\n").length);
    }

    @Test
    void exportsRfc4180WithoutFormulas() throws Exception {
        recordDetails();
        Instant time = Instant.parse("2026-11-28T12:00:00Z").isBefore(Instant.now())
                ? Instant.ofEpochMilli(Instant.now().toEpochMilli())
                : Instant.parse("2026-11-28T12:00:00Z");
        List<String> formulas =
                List.of("=HYPERLINK(\"http://evil.test\",\"x\")", "+1", "-1", "@SUM(1)", " =1", "\uff1d1", "\u00a0=1");
        for (String formula : formulas) {
            record(time, "team/app", 1, Outcome.FAILED, "Refused, \"really\"", formula);
        }
        String[] lines = csvOf("admin").split("\r\n");
        assertEquals(
                "time,account,direction,by,job,build,count,bytes,waitedSeconds,result,sentence,subject,addresses",
                lines[0]);
        assertEquals(
                time + ",build-mail,send,oauthMailSend,team/app,3,1,2500000,2,failed,\"Refused, \"\"really\"\"\","
                        + "\"'=HYPERLINK(\"\"http://evil.test\"\",\"\"x\"\")\",",
                lines[1]);
        for (int i = 2; i <= formulas.size(); i++) {
            assertTrue(
                    lines[i].endsWith(",'" + formulas.get(i - 1).strip() + ",")
                            || lines[i].endsWith(",'" + formulas.get(i - 1) + ","),
                    lines[i]);
        }
    }

    /** Spreadsheets of many countries take a semicolon for the end of a cell, and some take a tab for it. */
    @Test
    void noCellOfTheExportedFileCanBeLeft() throws Exception {
        recordDetails();
        List<String> subjects = List.of(
                "a;=1+1",
                "a; \u00a0@SUM(1)",
                "a;\"=1+1\"",
                "a\t=1+1",
                "a;b;+1",
                "a;\uff1d1",
                "a;\u200b-1",
                "a\r\n=1",
                ";=1");
        for (String subject : subjects) {
            record(Instant.now(), "team/app", 1, Outcome.GOOD, subject, subject);
        }
        String csv = csvOf("admin");
        assertFalse(
                Pattern.compile("[;\t\r\n][\"\\s\u00a0\u200b]*[=+@\uff1d-]")
                        .matcher(csv)
                        .find(),
                csv);
        for (String line : csv.split("(?<=,)\r\n")) {
            if (line.contains("team/app")) {
                assertTrue(line.contains(",\""), "quoted: " + line);
            }
        }
    }

    @Test
    void refusedRecipientsOfHiddenJobsAreHidden() throws Exception {
        recordDetails();
        String sentence = "Recipients: 550 5.1.1 bob@contoso.test is unknown; " + JenkinsRig.ADDRESS + " is not.";
        record(Instant.now(), "secret/app", 1, Outcome.FAILED, sentence, "Hello");
        ActivityRow hidden = pageOf("reader").getRows().get(0);
        assertTrue(hidden.getSentence().contains("550 5.1.1"), hidden.getSentence());
        assertFalse(hidden.getSentence().contains("bob@"), hidden.getSentence());
        assertFalse(csvOf("reader").contains("bob@"), csvOf("reader"));
        assertEquals(sentence, pageOf("admin").getRows().get(0).getSentence());
        assertTrue(csvOf("admin").contains("bob@contoso.test"));
    }

    @Test
    void exportRequiresPermission() {
        rig.jenkins().grant("nobody", Jenkins.READ);
        try (var nobody = rig.jenkins().as("nobody")) {
            AccountPage page = new AccountPage(account());
            assertThrows(RuntimeException.class, () -> page.doActivityCsv(null), "answered");
        }
    }
}
