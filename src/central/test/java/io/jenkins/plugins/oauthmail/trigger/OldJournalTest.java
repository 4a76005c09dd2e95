package io.jenkins.plugins.oauthmail.trigger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.thoughtworks.xstream.XStream;
import hudson.model.Queue;
import hudson.model.Run;
import io.jenkins.inmemory.InMemoryJenkins;
import io.jenkins.inmemory.InMemoryJob;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.MailAddress;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OldJournalTest {
    private static final String MAIL = """
            <variables class="linked-hash-map">
              <entry>
                <string>OAUTH_MAIL_ACCOUNT</string>
                <string>builds</string>
              </entry>
              <entry>
                <string>OAUTH_MAIL_FOLDER</string>
                <string>INBOX</string>
              </entry>
              <entry>
                <string>OAUTH_MAIL_ID</string>
                <string>7:42</string>
              </entry>
              <entry>
                <string>OAUTH_MAIL_SUBJECT</string>
                <string>go</string>
              </entry>
            </variables>
            <recorded>1795891951397</recorded>
            <life>9fb0ba49-42c0-477e-92eb-e3a56e268a53</life>
            <token>40a79d92-573b-4cdd-b109-bf7124998004</token>
            """;

    /** The journal of a message whose build had not started, as the earlier version wrote it. */
    private static final String JOURNAL = """
            <?xml version='1.1' encoding='UTF-8'?>
            <io.jenkins.plugins.oauthmail.trigger.ArrivalJournal_-State plugin="oauth-mail@999999-SNAPSHOT">
              <account>builds</account>
              <folder>INBOX</folder>
              <uidValidity>7</uidValidity>
              <uid>42</uid>
              <entries class="linked-hash-map">
                <entry>
                  <string>builds 7:42 INBOX</string>
                  <io.jenkins.plugins.oauthmail.trigger.ArrivalJournal_-Entry>
                    <mail>MAIL</mail>
                    <lost>true</lost>
                  </io.jenkins.plugins.oauthmail.trigger.ArrivalJournal_-Entry>
                </entry>
              </entries>
            </io.jenkins.plugins.oauthmail.trigger.ArrivalJournal_-State>
            """.replace("MAIL", MAIL);

    private static final Progress BEGUN = new Progress(
            "builds", "build@x.test", "INBOX", Instant.EPOCH, null, new FolderPosition("1:1"), false, null);

    @TempDir
    Path home;

    @Test
    void resumesFromThePositionOfAnEarlierVersion() throws Exception {
        try (InMemoryJenkins jenkins = InMemoryJenkins.start(home, null)) {
            InMemoryJob job = new InMemoryJob("nightly");
            Path file = job.getRootDir().toPath().resolve("oauth-mail/trigger.xml");
            Files.createDirectories(file.getParent());
            Files.writeString(file, """
                    <?xml version='1.1' encoding='UTF-8'?>
                    <io.jenkins.plugins.oauthmail.trigger.ArrivalJournal_-State>
                      <account>builds</account>
                      <folder>INBOX</folder>
                      <uidValidity>7</uidValidity>
                      <uid>42</uid>
                      <entries class="linked-hash-map"/>
                    </io.jenkins.plugins.oauthmail.trigger.ArrivalJournal_-State>
                    """);
            assertEquals(
                    "7:42", ArrivalJournal.of(job).position("builds", "INBOX").value());
        }
    }

    @Test
    void readsPendingMessagesOfEarlierVersions() throws Exception {
        try (InMemoryJenkins jenkins = InMemoryJenkins.start(home, null)) {
            InMemoryJob job = new InMemoryJob("nightly");
            Path file = job.getRootDir().toPath().resolve("oauth-mail/trigger.xml");
            Files.createDirectories(file.getParent());
            Files.writeString(file, JOURNAL);
            ArrivalJournal journal = ArrivalJournal.of(job);
            assertEquals("go", journal.lost().get(0).getSubject());
            journal.takeBack("builds 7:42 INBOX");
            String written = Files.readString(file);
            assertFalse(written.contains("io.jenkins"), written);
        }
    }

    @Test
    void findsContentStoredByAnEarlierVersion() throws Exception {
        try (InMemoryJenkins jenkins = InMemoryJenkins.start(home, null)) {
            InMemoryJob job = new InMemoryJob("nightly");
            Path folder = job.getRootDir().toPath().resolve("oauth-mail");
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("trigger.xml"), JOURNAL);
            String name = "7-42-" + Integer.toHexString("builds 7:42 INBOX".hashCode()) + ".json";
            Files.writeString(folder.resolve(name), "{}");
            Files.writeString(folder.resolve("7-41-1a2b3c.json"), "left behind");
            ArrivalJournal journal = ArrivalJournal.of(job);
            ArrivedMail mail = journal.lost().get(0);
            assertEquals(List.of(name, "trigger.xml"), files(folder));
            Path build = home.resolve("build.json");
            journal.begun(mail, build);
            assertEquals("{}", Files.readString(build));
            assertEquals(List.of("trigger.xml"), files(folder));
        }
    }

    /** IDs of other transports may contain anything visible. */
    @ParameterizedTest
    @ValueSource(strings = {"AAMkAD/x==", "../../config", "C:\\x", "a?b*c|d", "9:1"})
    void storesTheContentOfMessagesWithAnyId(String id) throws Exception {
        try (InMemoryJenkins jenkins = InMemoryJenkins.start(home, null)) {
            InMemoryJob job = new InMemoryJob("nightly");
            Path folder = job.getRootDir().toPath().resolve("oauth-mail");
            ReceivedMail read = read(id);
            ArrivedMail mail = new ArrivedMail("builds", "INBOX", read, "life");
            ArrivedMail other = new ArrivedMail("builds", "Inbox/2", read, "life");
            Map<ArrivedMail, ReceivedMail> both = new LinkedHashMap<>(Map.of(mail, read, other, read));
            assertTrue(ArrivalJournal.of(job).move(BEGUN, both));
            assertEquals(
                    3,
                    files(folder).size(),
                    () -> String.valueOf(List.of(folder.toFile().list())));
            Path build = home.resolve("build.json");
            ArrivalJournal.of(job).begun(mail, build);
            assertTrue(Files.readString(build).contains("\"subject\":\"go\""));
            ArrivalJournal.of(job).forget(other.key());
            assertEquals(List.of("trigger.xml"), files(folder));
        }
    }

    private static ReceivedMail read(String id) {
        List<MailAddress> ann = List.of(new MailAddress(null, "ann@x.test"));
        return new ReceivedMail(
                new MailId(id),
                null,
                null,
                List.of(),
                ann,
                ann,
                List.of(),
                List.of(),
                "go",
                null,
                null,
                "go",
                null,
                "go",
                List.of(),
                Map.of(),
                false,
                ReceivedMail.Authentication.none(""),
                List.of(),
                0,
                List.of());
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Of a build that mail started, and of one that still is in the queue. */
    @Test
    void readsActionsOfEarlierVersions() {
        ArrivedMail.nameInFiles();
        for (XStream xml : List.of(Run.XSTREAM2, Queue.XSTREAM)) {
            Object read = xml.fromXML("""
                    <list>
                      <io.jenkins.plugins.oauthmail.trigger.MailCause plugin="oauth-mail@999999-SNAPSHOT">
                        <from>a@x.test</from>
                        <subject>go</subject>
                      </io.jenkins.plugins.oauthmail.trigger.MailCause>
                      <io.jenkins.plugins.oauthmail.trigger.ArrivedMail plugin="oauth-mail@999999-SNAPSHOT">
                      MAIL
                      </io.jenkins.plugins.oauthmail.trigger.ArrivedMail>
                    </list>
                    """.replace("MAIL", MAIL));
            List<?> both = assertInstanceOf(List.class, read);
            assertEquals("go", assertInstanceOf(MailCause.class, both.get(0)).getSubject());
            assertEquals(
                    "builds 7:42 INBOX",
                    assertInstanceOf(ArrivedMail.class, both.get(1)).key());
            String now = xml.toXML(read);
            assertTrue(now.contains("<oauthMail.mailCause>") && now.contains("<oauthMail.arrivedMail>"), now);
            assertFalse(now.contains("io.jenkins"), now);
            assertEquals(now, xml.toXML(xml.fromXML(now)));
        }
    }
}
