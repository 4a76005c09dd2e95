package io.jenkins.plugins.oauthmail.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.mail.MailSender;
import io.jenkins.plugins.oauthmail.mail.model.OutgoingMail;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of an account's sender when the account is saved. */
class MailSendersTest {
    private JenkinsRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private static MailAccount account() {
        return OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow();
    }

    private static MailSender sender() throws Exception {
        return MailSenders.get().of(account());
    }

    private static OutgoingMail mail() {
        return OutgoingMail.from(JenkinsRig.ADDRESS)
                .to(List.of(JenkinsRig.ADDRESS))
                .subject("subject")
                .text("text")
                .build();
    }

    private static void save(int megabytes) {
        MailAccount account = account();
        account.setMaximumMegabytes(megabytes);
        OAuthMailConfiguration.get().setAccounts(List.of(account));
    }

    @Test
    void keepsTheSenderOnUnrelatedChanges() throws Exception {
        MailSender before = sender();
        OAuthMailConfiguration.get().setAccounts(List.of(account()));
        assertSame(before, sender());
    }

    /** Else a saved account would send twice as much in a minute as the server takes. */
    @Test
    void rateLimitSurvivesChangesOfTheDefinition() throws Exception {
        MailSender first = sender();
        for (int i = 0; i < 15; i++) {
            first.send(mail());
        }
        save(7);
        MailSender second = sender();
        assertNotSame(first, second);
        for (int i = 0; i < 15; i++) {
            second.send(mail());
        }
        OAuthMailConfiguration.get().setAccounts(List.of());
        rig.define(OAuthMailConfiguration.get()
                .application(JenkinsRig.APPLICATION)
                .orElseThrow()
                .getClientAuthentication());
        MailSender third = sender();
        assertNotSame(second, third);
        List<String> notices = new ArrayList<>();
        assertThrows(
                InterruptedException.class,
                () -> third.send(mail(), notice -> {
                    notices.add(notice);
                    Thread.currentThread().interrupt();
                }));
        assertEquals(1, notices.size());
        assertTrue(notices.get(0).contains("may send only 30 messages a minute"), notices.get(0));
    }
}
