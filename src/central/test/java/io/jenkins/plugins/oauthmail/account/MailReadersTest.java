package io.jenkins.plugins.oauthmail.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.config.AccountsListener;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.mail.MailReader;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of the connection with which an account is read. */
class MailReadersTest {
    private JenkinsRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        rig.mail().deliver(JenkinsRig.ADDRESS, "Subject: one\r\n\r\nbody\r\n");
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private static MailAccount account() {
        return OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow();
    }

    private static MailReader read() throws Exception {
        MailReader reader = Mailboxes.reader(account());
        assertEquals(1, reader.read(MailQuery.inbox(), null).size());
        return reader;
    }

    @Test
    void buildsReadOverOneConnection() throws Exception {
        MailReader before = read();
        OAuthMailConfiguration.get().setAccounts(List.of(account()));
        assertSame(before, read());
        Map<String, Object> mail =
                rig.read(Map.of("account", JenkinsRig.ACCOUNT, "bodies", false)).get(0);
        assertEquals("one", mail.get("subject"));
        assertNull(mail.get("text"));
        assertEquals(
                "body",
                rig.read(Map.of("account", JenkinsRig.ACCOUNT, "html", false))
                        .get(0)
                        .get("text")
                        .toString()
                        .strip());
        assertEquals(1, rig.mail().imapConnections());
    }

    @Test
    void endsWhenTheAccountIsChanged() throws Exception {
        MailReader before = read();
        MailAccount account = account();
        account.setMaximumReadMegabytes(7);
        OAuthMailConfiguration.get().setAccounts(List.of(account));
        Await.until(() -> rig.mail().imapClients() == 0);
        assertNotSame(before, read());
    }

    @Test
    void endsWhenTheAccountIsRemoved() throws Exception {
        read();
        OAuthMailConfiguration.get().setAccounts(List.of());
        Await.until(() -> rig.mail().imapClients() == 0);
    }

    @Test
    void endsWithTheAuthorization() throws Exception {
        read();
        AccountsListener.fire(listener -> listener.forgotten(JenkinsRig.ACCOUNT));
        Await.until(() -> rig.mail().imapClients() == 0);
        read();
        AccountsListener.fire(listener -> listener.authorized(JenkinsRig.ACCOUNT));
        Await.until(() -> rig.mail().imapClients() == 0);
    }
}
