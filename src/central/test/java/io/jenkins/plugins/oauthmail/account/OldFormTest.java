package io.jenkins.plugins.oauthmail.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.inmemory.InMemoryJenkins;
import io.jenkins.plugins.oauthmail.config.MailUse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OldFormTest {
    @TempDir
    Path home;

    @Test
    void readsActivityOfAnEarlierVersionAndWritesItWithoutClassNames() throws Exception {
        Path old = home.resolve("io.jenkins.plugins.oauthmail.config.AccountActivity.xml");
        Files.writeString(old, """
                <?xml version='1.1' encoding='UTF-8'?>
                <map>
                  <entry>
                    <string>READ builds</string>
                    <io.jenkins.plugins.oauthmail.config.AccountActivity_-LastUse>
                      <good>1000</good>
                      <trouble>
                        <sentence>Login: refused</sentence>
                        <since>2000</since>
                        <last>3000</last>
                        <passing>false</passing>
                      </trouble>
                    </io.jenkins.plugins.oauthmail.config.AccountActivity_-LastUse>
                  </entry>
                </map>
                """);
        try (InMemoryJenkins jenkins = InMemoryJenkins.start(home, null)) {
            AccountActivity activity = new AccountActivity();
            assertEquals(Optional.of(Instant.ofEpochMilli(1000)), activity.last("builds", MailUse.READ));
            assertTrue(activity.trouble("builds", MailUse.READ).isPresent());
            assertFalse(Files.exists(old));
            activity.succeeded("builds", MailUse.SEND);
            String written = Files.readString(home.resolve("oauth-mail/state/activity.xml"));
            assertTrue(written.contains("<oauthMail.lastUse>"), written);
            assertFalse(written.contains("io.jenkins"), written);
        }
    }
}
