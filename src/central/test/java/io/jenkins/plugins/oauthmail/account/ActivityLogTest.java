package io.jenkins.plugins.oauthmail.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.inmemory.InMemoryJenkins;
import io.jenkins.plugins.oauthmail.account.ActivityEntry.Outcome;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What accounts sent and read is known after a restart, limited, and without what nobody asked to record. */
class ActivityLogTest {
    private static final String ID = "build-mail";
    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

    @TempDir
    private Path home;

    private InMemoryJenkins jenkins;
    private Instant now = NOW;

    @BeforeEach
    void start() {
        jenkins = InMemoryJenkins.start(home, "http://localhost/");
        define(false);
    }

    @AfterEach
    void stop() {
        jenkins.close();
    }

    private static void define(boolean details) {
        MailAccount account = new MailAccount(ID, "jenkins@contoso.test", "contoso");
        account.setRecordDetails(details);
        OAuthMailConfiguration.get().setAccounts(List.of(account));
    }

    private ActivityLog log(int kept) {
        return new ActivityLog(
                new Clock() {
                    @Override
                    public ZoneOffset getZone() {
                        return ZoneOffset.UTC;
                    }

                    @Override
                    public Clock withZone(java.time.ZoneId zone) {
                        return this;
                    }

                    @Override
                    public Instant instant() {
                        return now;
                    }
                },
                kept);
    }

    private static List<ActivityEntry> read(ActivityLog log) throws IOException {
        List<ActivityEntry> entries = new ArrayList<>();
        log.read(ID, entries::add);
        return entries;
    }

    private Path file() {
        return home.resolve("oauth-mail/activity/" + ID + ".tsv");
    }

    private static ActivityEntry entry(Instant time, int build, String sentence, String subject, String addresses) {
        return new ActivityEntry(
                time,
                MailUse.SEND,
                ActivitySource.SEND_STEP,
                "team/app",
                build,
                2,
                4096,
                Duration.ofMillis(1500),
                sentence == null ? Outcome.GOOD : Outcome.FAILED,
                sentence,
                subject,
                addresses);
    }

    private static ActivityEntry entry(int build) {
        return entry(NOW, build, null, null, null);
    }

    @Test
    void entriesSurviveARestart() throws Exception {
        ActivityLog log = log(100);
        log.record(ID, entry(1));
        log.record(ID, entry(2));
        log.save();
        jenkins.close();
        jenkins = InMemoryJenkins.start(home, "http://localhost/");
        assertEquals(List.of(entry(1), entry(2)), read(log(100)));
    }

    @Test
    void recordingDoesNotWriteToTheDisk() throws Exception {
        ActivityLog log = log(100);
        log.record(ID, entry(1));
        assertFalse(Files.exists(file()));
        assertEquals(List.of(entry(1)), read(log), "what is not in the file yet is read as well");
        assertTrue(Files.exists(file()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1764331200000",
                "1764331200000\tSEND\tSEND_STEP\tteam/app\t7\t2\t4096\t0\tGOOD\t\t\tabc",
                "\0\0\0"
            })
    void skipsATruncatedLine(String cutOff) throws Exception {
        ActivityLog log = log(100);
        log.record(ID, entry(1));
        log.save();
        Files.writeString(file(), cutOff, StandardOpenOption.APPEND);
        ActivityLog next = log(100);
        next.record(ID, entry(2));
        assertEquals(List.of(entry(1), entry(2)), read(next));
    }

    @Test
    void keepsTheLastEntriesOnly() throws Exception {
        ActivityLog log = log(100);
        for (int i = 1; i <= 555; i++) {
            log.record(ID, entry(i));
            if (i % 10 == 0) {
                log.save();
            }
        }
        List<ActivityEntry> kept = read(log);
        assertTrue(kept.size() >= 100 && kept.size() <= 220, kept.size() + " entries");
        assertEquals(entry(555), kept.get(kept.size() - 1));
        assertEquals(555 - kept.size() + 1, kept.get(0).build(), "none is missing in between");
    }

    @Test
    void restartKeepsTheLimit() throws Exception {
        for (int i = 1; i <= 500; i++) {
            ActivityLog log = log(10);
            log.record(ID, entry(i));
            log.save();
        }
        assertTrue(read(log(10)).size() <= 20);
    }

    @Test
    void oldEntriesAreDeleted() throws Exception {
        ActivityLog log = log(100);
        log.record(ID, entry(NOW.minus(Duration.ofDays(89)), 1, null, null, null));
        log.record(ID, entry(2));
        log.save();
        now = NOW.plus(Duration.ofDays(2));
        assertEquals(List.of(entry(2)), read(log));
        log.deleteOld();
        assertFalse(Files.readString(file()).contains("\t1\t2\t4096"), "still in the file");
        log.record(ID, entry(3));
        assertEquals(List.of(entry(2), entry(3)), read(log));
        now = NOW.plus(Duration.ofDays(91));
        log.deleteOld();
        assertFalse(Files.exists(file()));
    }

    @Test
    void subjectsAndAddressesAreRecordedOnlyOnRequest() throws Exception {
        ActivityEntry full = entry(
                NOW,
                1,
                "Send: the server refused bob@fabrikam.test (550 5.1.1 <\"the boss\"@fabrikam.test>, "
                        + "müller@exämple.test). Check it, as jenkins@contoso.test.",
                "Salaries",
                "bob@fabrikam.test");
        ActivityLog log = log(100);
        log.record(ID, full);
        ActivityEntry bare = read(log).get(0);
        assertNull(bare.subject());
        assertNull(bare.addresses());
        assertEquals(
                "Send: the server refused …@… (550 5.1.1 <…@…>, …@…). Check it, as jenkins@contoso.test.",
                bare.sentence());
        assertFalse(Files.readString(file()).contains("fabrikam"));
        define(true);
        log.record(ID, full);
        assertEquals(full, read(log).get(1));
    }

    @Test
    void readsAnyTextUnchanged() throws Exception {
        define(true);
        ActivityEntry odd = entry(NOW, 1, "a\tb\nc\rd\\te\\", "\u2028\u0000=x \uD83D\uDE00", "…,\"");
        ActivityLog log = log(100);
        log.record(ID, odd);
        log.record(ID, entry(2));
        assertEquals(List.of(odd, entry(2)), read(log));
    }

    @Test
    void textsAreLimited() throws Exception {
        define(true);
        ActivityLog log = log(100);
        log.record(ID, entry(NOW, 1, "\uD83D\uDE00".repeat(100_000), "s".repeat(100_000), "a".repeat(100_000)));
        read(log);
        assertTrue(Files.size(file()) < 5_000, Files.size(file()) + " bytes");
        assertTrue(read(log).get(0).sentence().endsWith("\uD83D\uDE00…"));
    }

    @Test
    void retriesFailedWrites() throws Exception {
        Path folder = home.resolve("oauth-mail/activity");
        Files.createDirectories(folder.getParent());
        Files.writeString(folder, "in the way");
        ActivityLog log = log(100);
        log.record(ID, entry(1));
        log.save();
        Files.delete(folder);
        log.record(ID, entry(2));
        assertEquals(List.of(entry(1), entry(2)), read(log));
    }

    @Test
    void memoryIsLimitedWhileNothingCanBeSaved() throws Exception {
        Path folder = home.resolve("oauth-mail/activity");
        Files.createDirectories(folder.getParent());
        Files.writeString(folder, "in the way");
        ActivityLog log = log(1_000_000);
        for (int i = 0; i < 25_000; i++) {
            log.record(ID, entry(i));
            if (i % 5_000 == 0) {
                log.save();
            }
        }
        Files.delete(folder);
        assertEquals(10_000, read(log).size());
    }

    @Test
    void deletesTheActivityOfADeletedAccount() throws Exception {
        ActivityLog log = ActivityLog.get();
        log.record(ID, entry(Instant.now(), 1, null, null, null));
        log.save();
        assertTrue(Files.exists(file()));
        OAuthMailConfiguration.get().setAccounts(List.of());
        assertFalse(Files.exists(file()));
        log.record(ID, entry(2));
        log.save();
        assertFalse(Files.exists(file()));
    }

    @Test
    void readsFilesOfOtherVersions() throws Exception {
        Files.createDirectories(file().getParent());
        Files.write(
                file(),
                ("1764331200000\tCALL\tSEND_STEP\t\t0\t0\t0\t0\tGOOD\t\t\t\t.\n"
                                + "1764331200000\tSEND\tWARNING\t\t0\t1\t0\t0\tGOOD\t\t\t\tmore\t.\n")
                        .getBytes(StandardCharsets.UTF_8));
        now = Instant.ofEpochMilli(1764331200000L);
        assertEquals(
                List.of(ActivitySource.WARNING),
                read(log(100)).stream().map(ActivityEntry::source).toList());
    }
}
