package io.jenkins.plugins.oauthmail.manage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.User;
import hudson.tasks.MailAddressResolver;
import io.jenkins.inmemory.InMemoryRequest;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Administrators can send a message to themselves beside the one to the account. */
@Timeout(60)
class MailToMeTest {
    private JenkinsRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
        rig.jenkins().grant("other", Jenkins.ADMINISTER);
        rig.jenkins().grant("reader", Jenkins.SYSTEM_READ);
        rig.jenkins().register(new MailAddressResolver() {
            @Override
            public String findMailAddressFor(User u) {
                return u.getId().equals("admin") ? JenkinsRig.ADDRESS : null;
            }
        });
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private static MailAccount account() {
        return OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow();
    }

    private Notice sendAs(String user) throws Exception {
        try (var someone = rig.jenkins().as(user)) {
            InMemoryRequest press = InMemoryRequest.post();
            press.answer(() -> new TestPage(account()).doSendToMe(press.request()));
            return press.answer(() -> Notice.take(press.request()));
        }
    }

    private int mails() {
        return rig.mail().mails(JenkinsRig.ADDRESS, "INBOX").size();
    }

    @Test
    void theMessageGoesToTheAddressOfTheUser() throws Exception {
        rig.authorizeAs(JenkinsRig.ADDRESS);
        Notice notice = sendAs("admin");
        assertTrue(notice.good(), notice.text());
        assertEquals(1, mails());
        try (var admin = rig.jenkins().as("admin")) {
            assertEquals(
                    "Test",
                    ActivityPage.of(account(), java.time.Instant.now())
                            .getRows()
                            .get(0)
                            .getSource());
        }
    }

    @Test
    void aFailureIsShownOnThePage() throws Exception {
        Notice notice = sendAs("admin");
        assertFalse(notice.good());
        assertTrue(notice.text().contains("not authorized"), notice.text());
        assertEquals(Messages.MailToMe_noAddress(), sendAs("other").text());
        assertEquals(0, mails());
    }

    @Test
    void onlyAdministratorsMaySend() {
        assertThrows(RuntimeException.class, () -> sendAs("reader"));
        assertEquals(0, mails());
    }
}
