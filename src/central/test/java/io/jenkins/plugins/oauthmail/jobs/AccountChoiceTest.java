package io.jenkins.plugins.oauthmail.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Item;
import hudson.util.FormValidation;
import io.jenkins.inmemory.InMemoryJob;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the form of a job says of the account that is chosen. */
class AccountChoiceTest {
    private JenkinsRig rig;
    private Item allowed;
    private Item stranger;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
        allowed = new InMemoryJob("demo/deploy");
        stranger = new InMemoryJob("other/deploy");
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private static void refused(String words, FormValidation answer) {
        assertEquals(FormValidation.Kind.ERROR, answer.kind);
        assertTrue(answer.getMessage().contains(words), answer.getMessage());
    }

    @Test
    void reportsAForbiddenAccountInTheForm() {
        assertEquals(FormValidation.Kind.OK, AccountChoice.check(MailUse.READ, allowed, JenkinsRig.ACCOUNT).kind);
        assertEquals(FormValidation.Kind.OK, AccountChoice.check(MailUse.SEND, stranger, JenkinsRig.ACCOUNT).kind);
        refused("that the job other/deploy may read", AccountChoice.check(MailUse.READ, stranger, JenkinsRig.ACCOUNT));
        refused("no mail account &#039;nope&#039;", AccountChoice.check(MailUse.READ, allowed, "nope"));
    }

    @Test
    void explainsAnEmptyChoice() {
        refused("Select the mail account", AccountChoice.check(MailUse.READ, allowed, ""));
        refused("an administrator can define accounts", AccountChoice.check(MailUse.READ, stranger, ""));
    }

    @Test
    void reportsAnAccountWithoutTrustedServer() {
        refused("names no server to trust", AccountChoice.checkAuthenticating(allowed, JenkinsRig.ACCOUNT));
        MailAccount account =
                OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow();
        account.setAuthenticatedBy("exchange");
        OAuthMailConfiguration.get().put(account, JenkinsRig.ACCOUNT);
        assertEquals(FormValidation.Kind.OK, AccountChoice.checkAuthenticating(allowed, JenkinsRig.ACCOUNT).kind);
        refused("may read", AccountChoice.checkAuthenticating(stranger, JenkinsRig.ACCOUNT));
    }

    @Test
    void revealsNothingWithoutPermission() {
        rig.jenkins().grant("nobody");
        try (var context = rig.jenkins().as("nobody")) {
            assertEquals(FormValidation.Kind.OK, AccountChoice.check(MailUse.READ, stranger, JenkinsRig.ACCOUNT).kind);
            assertEquals(FormValidation.Kind.OK, AccountChoice.checkAuthenticating(allowed, JenkinsRig.ACCOUNT).kind);
        }
    }
}
