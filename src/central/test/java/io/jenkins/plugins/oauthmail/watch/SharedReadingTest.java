package io.jenkins.plugins.oauthmail.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jenkins.plugins.oauthmail.mail.MailReader;
import io.jenkins.plugins.oauthmail.mail.MailRig;
import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.testing.mail.OnBothServers;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of the connection for all who wait. */
@OnBothServers
@Timeout(60)
class SharedReadingTest {
    private static final int MANY = 10;

    private final MailRig rig = new MailRig();
    private final SharedReading shared = new SharedReading(TimeSource.SYSTEM);
    private final MailReader reader = MailReader.keeping(
            new Mailbox(
                    MailRig.USER,
                    rig.server.smtp(Security.NONE),
                    rig.server.imap(Security.NONE),
                    () -> new AccessToken(MailRig.SHORT, Instant.now().plusSeconds(3600)),
                    0),
            AuthenticationRule.NONE,
            1 << 20,
            Duration.ofMinutes(1));

    @AfterEach
    void stop() {
        shared.close();
        reader.close();
        rig.close();
    }

    private int look() throws Exception {
        return shared.look(reader, MailQuery.in("INBOX").build(), null, 0)
                .read()
                .mails()
                .size();
    }

    /** The account may be authorized again at any time, also between two checks. */
    @Test
    void connectionThatWasEndedBetweenChecksTakesNoPlace() throws Exception {
        rig.server.deliver(MailRig.USER, "From: a@example.com\r\nSubject: one\r\n\r\ntext\r\n");
        for (int i = 0; i < MANY; i++) {
            assertEquals(1, look());
            shared.abort();
        }
        assertEquals(1, look());
        shared.abort();
        shared.close();
        for (int i = 0; i < MANY; i++) {
            assertEquals(1, reader.read(MailQuery.in("INBOX").build(), null).size());
        }
        reader.close();
        Await.until(() -> rig.server.imapClients() == 0);
    }
}
