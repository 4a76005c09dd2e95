package io.jenkins.plugins.oauthmail.trigger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jenkins.inmemory.InMemoryJenkins;
import io.jenkins.inmemory.InMemoryJob;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OldJournalTest {
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
}
