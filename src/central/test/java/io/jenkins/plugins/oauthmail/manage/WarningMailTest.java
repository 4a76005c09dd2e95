package io.jenkins.plugins.oauthmail.manage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.AbortException;
import hudson.util.StreamTaskListener;
import io.jenkins.inmemory.InMemoryDisk;
import io.jenkins.plugins.oauthmail.account.AccountActivity;
import io.jenkins.plugins.oauthmail.account.AuthorizationStore;
import io.jenkins.plugins.oauthmail.account.TokenSources;
import io.jenkins.plugins.oauthmail.config.AccountsListener;
import io.jenkins.plugins.oauthmail.config.Grant;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One mail for each problem, by an account that works. */
class WarningMailTest {
    private static final String BROKEN = "broken";

    private JenkinsRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        OAuthMailConfiguration.get().setWarningsTo(JenkinsRig.ADDRESS);
        work();
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @Test
    void reportsAProblemOnceAndAgainIfItReturns() throws Exception {
        assertEquals(List.of(), mails(), "nothing is wrong");
        addBroken();
        work();
        work();
        List<Map<String, Object>> mails = mails();
        assertEquals(1, mails.size());
        String text = mails.get(0).get("text").toString();
        assertTrue(text.contains("Mail account broken: Not authorized."), text);
        assertTrue(text.contains("manage/mail-accounts/"), text);

        OAuthMailConfiguration.get().removeAccount(BROKEN);
        work();
        addBroken();
        work();
        assertEquals(2, mails().size());
    }

    /** Microsoft may refuse to have a mailbox read and still send its mail. */
    @Test
    void isSentByAnAccountThatCannotRead() throws Exception {
        AccountActivity.get()
                .failed(
                        JenkinsRig.ACCOUNT,
                        MailUse.READ,
                        new MailFailure(MailFailure.Layer.PERMISSION, "IMAP is switched off."));
        work();
        OAuthMailConfiguration.get()
                .account(JenkinsRig.ACCOUNT)
                .ifPresent(
                        account -> assertTrue(AccountState.of(account).level().isProblem()));
        List<Map<String, Object>> mails = mails();
        assertEquals(1, mails.size());
        assertTrue(mails.get(0).get("text").toString().contains("IMAP is switched off."), mails::toString);
    }

    /** One job names a sender that the mailbox may not use; everything else works. */
    @Test
    void isSentByAnAccountThatOneMessageWasRefusedTo() throws Exception {
        MailAccount account =
                OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow();
        account.setOtherSenders("ops@contoso.test");
        OAuthMailConfiguration.get().setAccounts(List.of(account));
        rig.mail().smtpScript().reply(".", "550 5.7.60 Client does not have permissions to send as this sender", 1);
        Map<String, Object> mail =
                Map.of("account", JenkinsRig.ACCOUNT, "to", JenkinsRig.ADDRESS, "from", "ops@contoso.test");
        assertThrows(AbortException.class, () -> rig.send(mail));
        assertEquals(
                AccountState.Level.NEEDS_ATTENTION, AccountState.of(account).level());
        addBroken();
        String log = work();
        assertFalse(log.contains("cannot send"), "nor is it tried with the account that is not authorized: " + log);
        List<Map<String, Object>> mails = mails();
        assertEquals(1, mails.size());
        assertTrue(mails.get(0).get("text").toString().contains("Mail account broken"), mails::toString);
    }

    @Test
    void accountsThatFailedToSendAreTriedLast() throws Exception {
        MailAccount first =
                OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow();
        MailAccount second = new MailAccount("second", JenkinsRig.ADDRESS, JenkinsRig.APPLICATION);
        second.setGrant(Grant.APPLICATION);
        second.setMayRead("demo/**");
        second.setSmtpServer(first.getSmtpServer());
        rig.entra().grantMailbox(JenkinsRig.CLIENT_ID, JenkinsRig.ADDRESS);
        OAuthMailConfiguration.get().setAccounts(List.of(first, second));
        MailFailure refused = new MailFailure(MailFailure.Layer.PERMISSION, "Refused.");
        AccountActivity.get().failed(first.getId(), MailUse.SEND, refused);
        AccountActivity.get().failed(second.getId(), MailUse.READ, refused);
        work();
        assertEquals(1, rig.mail().mails(JenkinsRig.ADDRESS, "INBOX").size());
        assertTrue(
                AccountActivity.get().worksSince(second.getId(), MailUse.SEND).isPresent());
        assertTrue(AccountActivity.get().trouble(first.getId(), MailUse.SEND).isPresent(), "not tried");
    }

    @Test
    void isSentByAnAccountThatWasNotAuthorizedToRead() throws Exception {
        MailAccount account =
                OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow();
        AuthorizationStore.get().forget(JenkinsRig.ACCOUNT);
        account.setMayRead(null);
        OAuthMailConfiguration.get().setAccounts(List.of(account));
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        account.setMayRead("demo/**");
        OAuthMailConfiguration.get().setAccounts(List.of(account));
        work();
        assertTrue(AccountState.of(account).level().isProblem());
        assertEquals(1, rig.mail().mails(JenkinsRig.ADDRESS, "INBOX").size());
    }

    @Test
    void isSentByAnAccountWhoseTokensCannotBeSaved() throws Exception {
        rig.entra().refreshTokensWorkOnce(true);
        InMemoryDisk.full(true);
        try {
            TokenSources.get().refresh(JenkinsRig.ACCOUNT);
            assertThrows(IOException.class, WarningMailTest::work, "nor can it be saved that it was told");
            MailAccount account =
                    OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow();
            assertTrue(AccountState.of(account).level().isProblem());
            assertEquals(1, rig.mail().mails(JenkinsRig.ADDRESS, "INBOX").size());
        } finally {
            InMemoryDisk.full(false);
        }
    }

    /** It did not work when somebody signed in, and does not work now; in between, nobody looked. */
    @Test
    void reportsAProblemAgainAfterASignIn() throws Exception {
        addBroken();
        WarningMail warnings = rig.jenkins().extensions(WarningMail.class).get(0);
        work(warnings);
        AccountsListener.fire(listener -> listener.authorized(BROKEN));
        work(warnings);
        assertEquals(2, mails().size());
        work(warnings);
        assertEquals(2, mails().size());
        AccountsListener.fire(listener -> listener.authorized("brok"));
        work(warnings);
        assertEquals(2, mails().size(), "that was another account");
    }

    @Test
    void sendsNothingWithoutAnAddress() throws Exception {
        OAuthMailConfiguration.get().setWarningsTo(" ");
        addBroken();
        work();
        assertEquals(List.of(), mails());
        OAuthMailConfiguration.get().setWarningsTo(JenkinsRig.ADDRESS);
        work();
        assertEquals(1, mails().size(), "what began before the address was given is told then");
    }

    @Test
    void retriesWarningsThatCouldNotBeSent() throws Exception {
        AccountActivity.get()
                .failed(
                        JenkinsRig.ACCOUNT,
                        MailUse.SEND,
                        new MailFailure(MailFailure.Layer.LOGIN, "SMTP AUTH is off."));
        rig.mail().smtpScript().reply("AUTH", "535 5.7.139 SmtpClientAuthentication is disabled");
        assertTrue(work().contains("No mail account works"));
        assertEquals(List.of(), mails());
        rig.mail().smtpScript().clear();
        assertFalse(work().contains("No mail account works"));
        assertEquals(1, mails().size());
    }

    @Test
    void reportsAProblemOnceAlthoughTheFileCannotBeWritten() throws Exception {
        // Nothing can be put in its place, not even by root.
        Path file = rig.home().resolve("oauth-mail/state/warnings.xml");
        Files.deleteIfExists(file);
        Files.createDirectories(file.resolve("in the way"));
        addBroken();
        WarningMail warnings = new WarningMail();
        for (int hour = 0; hour < 3; hour++) {
            try {
                warnings.execute(new StreamTaskListener(new ByteArrayOutputStream(), StandardCharsets.UTF_8));
            } catch (IOException cannotBeWritten) {
                assertEquals(0, hour, "once is enough for that, too");
            }
        }
        assertEquals(1, mails().size());
    }

    @Test
    void givesTheFixBeforeTheServersWords() throws Exception {
        AccountActivity.get()
                .failed(
                        JenkinsRig.ACCOUNT,
                        MailUse.SEND,
                        new MailFailure(MailFailure.Layer.LOGIN, "it refused the login with \"535 no\": ask for it."));
        rig.mail().smtpScript().reply("AUTH", "535 no");
        String notSent = work();
        assertTrue(
                notSent.contains("Mail account build-mail: Login: it refused the login: ask for it.\n> 535 no\n"),
                notSent);
    }

    private List<Map<String, Object>> mails() throws Exception {
        return rig.read(Map.of("account", JenkinsRig.ACCOUNT, "subject", "Jenkins: OAuth Mail needs attention"));
    }

    private static void addBroken() {
        List<MailAccount> accounts =
                new ArrayList<>(OAuthMailConfiguration.get().getAccounts());
        accounts.add(0, new MailAccount(BROKEN, "broken@contoso.test", JenkinsRig.APPLICATION));
        OAuthMailConfiguration.get().setAccounts(accounts);
    }

    private static String work() throws Exception {
        return work(new WarningMail());
    }

    private static String work(WarningMail warnings) throws Exception {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        warnings.execute(new StreamTaskListener(log, StandardCharsets.UTF_8));
        return log.toString(StandardCharsets.UTF_8);
    }
}
