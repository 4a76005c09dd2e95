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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    @TempDir
    Path home;

    @Test
    void resumesWhereAnEarlierVersionLookedLast() throws Exception {
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

    /** The journal of a message whose build had not started, as the earlier version wrote it. */
    @Test
    void knowsMessagesWhoseBuildsAnEarlierVersionDidNotStart() throws Exception {
        try (InMemoryJenkins jenkins = InMemoryJenkins.start(home, null)) {
            InMemoryJob job = new InMemoryJob("nightly");
            Path file = job.getRootDir().toPath().resolve("oauth-mail/trigger.xml");
            Files.createDirectories(file.getParent());
            Files.writeString(file, """
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
                    """.replace("MAIL", MAIL));
            ArrivalJournal journal = ArrivalJournal.of(job);
            assertEquals("go", journal.lost().get(0).getSubject());
            journal.takeBack("builds 7:42 INBOX");
            String written = Files.readString(file);
            assertFalse(written.contains("io.jenkins"), written);
        }
    }

    /** Of a build that mail started, and of one that still is in the queue. */
    @Test
    void readsActionsOfAnEarlierVersionAndNamesThemByWhatTheyAre() {
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
