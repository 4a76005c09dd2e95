package io.jenkins.plugins.oauthmail.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.Security;
import java.util.List;
import org.junit.jupiter.api.Test;

class MailAccountTest {
    private final MailAccount account = new MailAccount("build-mail", " jenkins@contoso.test ", "contoso");

    @Test
    void newAccountsAllowSendingButNotReading() {
        assertTrue(account.maySend("team-a/deploy"));
        assertFalse(account.mayRead("team-a/deploy"));
        assertFalse(account.isReadable());
        assertEquals("**", account.getMaySend());
    }

    @Test
    void noJobIsExported() {
        account.setMaySend("  ");
        assertFalse(account.maySend("deploy"));
        assertEquals("-", account.getMaySend());
        account.setMaySend(account.getMaySend());
        assertFalse(account.maySend("deploy"));
    }

    @Test
    void signsInAsItsAddressByDefault() {
        assertEquals("jenkins@contoso.test", account.signInName());
        account.setSignsInAs("somebody@contoso.test");
        assertEquals("somebody@contoso.test", account.signInName());
        account.setSignsInAs(" ");
        assertEquals("jenkins@contoso.test", account.signInName());
    }

    @Test
    void ownAddressIsAlwaysAllowedAsSender() {
        account.setOtherSenders("a@contoso.test, b@contoso.test\nc@contoso.test");
        assertEquals(
                List.of("jenkins@contoso.test", "a@contoso.test", "b@contoso.test", "c@contoso.test"),
                account.senders());
    }

    @Test
    void errorsNameAccountFieldAndFix() {
        account.setOtherSenders("not an address");
        InvalidConfiguration refusal = assertThrows(InvalidConfiguration.class, account::validate);
        assertTrue(
                refusal.getMessage().startsWith("Mail account build-mail, otherSenders: Enter a single"),
                refusal.getMessage());
        assertEquals("otherSenders", refusal.field());
    }

    @Test
    void allowsPlainTextOnLoopbackOnly() {
        account.setSmtpServer(new MailServer("mail.contoso.test", 25, Security.NONE));
        InvalidConfiguration refusal = assertThrows(InvalidConfiguration.class, account::validate);
        assertEquals("smtpServer.security", refusal.field());
        account.setSmtpServer(new MailServer("127.0.0.1", 25, Security.NONE));
        account.validate();
    }
}
